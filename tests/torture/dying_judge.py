"""A judge that dies with comments in hand: it claims some, and decides on none of them."""

import os
import signal
import time

from service.actions.claiming import claim_fresh
from service.config import Settings
from service.store import claims
from service.store.db import session_at

MOST = 3  # comments
PAUSE = 0.002  # seconds; others are quick


def main() -> None:
    settings = Settings.from_env()
    with session_at(settings.database_url) as session:
        while not (
            claims.are_waiting(session, lease_seconds=settings.lease_seconds)
            and claim_fresh(session, batch=MOST, lease_seconds=settings.lease_seconds)
        ):
            session.rollback()
            time.sleep(PAUSE)
        os.kill(os.getpid(), signal.SIGKILL)


if __name__ == "__main__":
    main()
