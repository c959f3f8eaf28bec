"""What the web server loads."""

from flask import Flask

from service import logs
from service.app import create_app
from service.config import Settings
from service.processes import die_with_parent


def application() -> Flask:
    settings = Settings.from_env()
    logs.set_up(settings.log_level, "web")
    die_with_parent()
    return create_app(settings)
