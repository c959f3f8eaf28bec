"""afterword: the commands of operators."""

import os
import sys
from importlib import import_module
from pathlib import Path

import click

from service.actions.errors import Refused
from service.cli import local
from service.config import SettingsError, variable
from service.domain.wording import Unacceptable

# Each is imported when it is asked for: `up` and `web`, which stay, need little of what the others
# do, and whoever waits for a command need not wait for them.
COMMANDS = {
    "up": "service.cli.up:up",
    "web": "service.cli.serving:web",
    "worker": "service.cli.judging:worker",
    "migrate": "service.cli.preparing:migrate",
    "prepare": "service.cli.preparing:prepare",
    "doctor": "service.cli.doctor:doctor",
    "site": "service.cli.admin:site",
    "thread": "service.cli.admin:thread",
    "moderator": "service.cli.people:moderator",
    "token": "service.cli.admin:token",
    "filter": "service.cli.filtering:filtering",
    "audit": "service.cli.auditing:audit",
    "author": "service.cli.authors:author",
    "scrub": "service.cli.scrubbing:scrub",
    "backup": "service.cli.backing_up:backup",
    "restore": "service.cli.backing_up:restore",
}
SETTING_UP = {
    "site", "thread", "moderator", "token", "audit", "author", "scrub", "doctor", "backup",
    "restore",
}  # fmt: skip


class Commands(click.Group):
    """Says what is wrong in one sentence instead of showing a traceback."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        if cmd_name not in COMMANDS:
            return None
        module, _, name = COMMANDS[cmd_name].partition(":")
        command: click.Command = getattr(import_module(module), name)
        return command

    def invoke(self, ctx: click.Context) -> object:
        try:
            return super().invoke(ctx)
        except (Refused, SettingsError, Unacceptable, TimeoutError) as error:
            raise click.ClickException(str(error)) from error


@click.group(cls=Commands)
@click.version_option(package_name="afterword")
@click.option(
    "--data",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="Work on the data of `afterword up` in this folder.",
)
@click.pass_context
def main(context: click.Context, data: Path | None) -> None:
    """Comment moderation for newsrooms.

    Without settings, commands that set things up find the data of `afterword up` in .afterword.
    """
    here = Path(local.DEFAULT_FOLDER)
    is_set = variable("database_url") in os.environ
    if data is None and context.invoked_subcommand in SETTING_UP and not is_set and here.is_dir():
        data = here
    if data is not None:
        os.environ.update(local.environment(data.resolve()))


if __name__ == "__main__":
    sys.exit(main())
