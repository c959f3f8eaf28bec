"""The catalogue, row by row: refused in words, without a trace, and the next request is served."""

from collections.abc import Callable

from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from tests.hostile.catalogue import CANARY, Row, rows
from tests.hostile.doors import READING
from tests.hostile.stage import CPU_SECONDS, Stage, faults, set_up, timed


def test_no_hostile_request_fails_writes_leaks_or_costs_much(
    client: FlaskClient, session: Session, bearer: dict[str, str], judge: Callable[..., int]
) -> None:
    stage = set_up(session, client, bearer, judge)
    found: list[str] = []
    before = stage.rows()
    for group, members in rows():
        for row in members:
            found += [f"{row}: {fault}" for fault in tried(stage, row)]
        if (after := stage.rows()) != before:
            written = {name: n for name, n in after.items() if n != before[name]}
            found.append(f"{group}: one of these wrote {written}")
            before = after
        assert stage.send(READING[0]).status_code == 200, f"after {group}"
    assert not found, "\n".join(found)


def tried(stage: Stage, row: Row) -> list[str]:
    given = {name: getattr(row, name) for name in ("method", "suffix", "query", "body", "headers")}
    answer, seconds = timed(lambda: stage.send(row.door, **given))
    dear = [f"it took {seconds:.2f} s"] if seconds >= CPU_SECONDS else []
    return faults(answer, row.door, row.slugs, CANARY) + dear
