"""Workers judge without a network."""

import re
from pathlib import Path

from sqlalchemy import select

from service.domain.states import State
from service.store.db import session_at
from service.store.models import Revision
from tests.e2e.running import SITE, Processes, until
from tests.factories import SECRET, store


def test_workers_judge_without_a_network(processes: Processes, folder: Path) -> None:
    url = f"sqlite:///{folder / 'afterword.db'}"
    settings = {"database_url": url, "redis_url": f"unix://{folder}/none", "secret": SECRET}
    processes.set_up(**settings)
    with session_at(url) as session:
        store(session, site=SITE, body="Fine words.")
        session.commit()
        workers = processes.start("sweep", module="workers", sweep_seconds="0.2", **settings)

        def is_judged() -> bool:
            session.rollback()
            return session.scalars(select(Revision.state)).all() == [State.APPROVED]

        until(is_judged, "a decision", seconds=40)
    status = Path(f"/proc/{workers.pid}/status").read_text()
    assert re.search(r"^Seccomp:\s+2$", status, re.MULTILINE), "filtered"
    assert re.search(r"^NoNewPrivs:\s+1$", status, re.MULTILINE)
