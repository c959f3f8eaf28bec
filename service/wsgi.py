"""What the web server loads: the application behind the lane, which the watch keeps honest."""

from service import logs
from service.app import create_app
from service.config import Settings
from service.lane.lane import Lane
from service.processes import die_with_parent
from service.store.db import db
from service.watch import ListeningBell, Watch

MIB = 1024 * 1024


def application() -> Lane:
    settings = Settings.from_env()
    logs.set_up(settings.log_level, "web")
    die_with_parent()
    app = create_app(settings)
    lane = Lane(app, most_bytes=settings.lane_mib * MIB)
    with app.app_context():
        watch = Watch(lane, db.engine, app.extensions["afterword.redis"])
    lane.may_renew = watch.may_renew
    app.extensions["afterword.bell"] = ListeningBell(app.extensions["afterword.bell"], watch)
    app.extensions["afterword.lane"] = lane
    watch.start()
    return lane
