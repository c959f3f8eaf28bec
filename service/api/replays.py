"""Asking what a policy would have done to past comments."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from flask import Response

from service.actions import replaying
from service.actions.errors import NotFound
from service.api import access
from service.api.answers import answer
from service.api.database import db
from service.domain.policy import Policy
from service.domain.replay import Comparison, Stage
from service.domain.roles import POLICY, READ
from service.store import queue, replays
from service.store.db import AnyRow

SHOWN = 200  # characters of an example
HITS = ("then", "then_overturned", "now", "now_overturned")
AGAINST = (
    "decided", "would_agree", "would_approve_refused", "would_refuse_approved", "would_hold",
    "no_longer_needed",
)  # fmt: skip
FAILED = (
    "Judging some of the comments broke off three times, so the replay ended early. What was "
    "judged until then is counted; the log of the workers says more."
)


def post_replay(body: dict[str, Any]) -> Response:
    """Workers judge past comments again, and change nothing."""
    site = access.moderated_site(body["site"], POLICY)
    policy = body.get("policy")
    replay_id = replaying.ask(
        db.session(),
        site,
        settings=None if policy is None else Policy.from_json(policy).as_json(),
        since=body.get("since"),
        last=body.get("last"),
        by=access.holder().by,
    )
    return answer(
        _shown(_found(replay_id)), 202, {"Location": f"/v1/moderation/replays/{replay_id}"}
    )


def get_replay(id: UUID) -> Response:
    """How far it is, and what was found so far."""
    return answer(_shown(_found(id)))


def delete_replay(id: UUID) -> Response:
    """What was found until then stays. Nothing happens to a replay that has ended."""
    replaying.cancel(db.session(), id, sites=access.holder().sites(POLICY))
    return answer(None, 204)


def _found(replay_id: UUID) -> AnyRow:
    row = replays.find(db.session(), replay_id)
    if row is None or not access.holder().may(READ, row.Replay.site_id):
        raise NotFound
    return row


def _shown(row: AnyRow) -> dict[str, Any]:
    replay = row.Replay
    return {
        "id": replay.id,
        "site": row.site,
        "state": replay.stage,
        "detail": FAILED if replay.stage == Stage.FAILED else None,
        "by": replay.by,
        "policy_version": replay.policy_version,
        "policy": Policy.from_json(replay.settings).as_json(),
        "since": replay.since,
        "last": replay.last,
        "total": replay.total,
        "done": replay.done,
        "created_at": replay.created_at,
        "started_at": replay.started_at,
        "ended_at": replay.ended_at,
        "result": compared(Comparison.from_json(replay.result)) if replay.result else None,
    }


def compared(found: Comparison) -> dict[str, Any]:
    changes = list(found.changes())
    ids = [UUID(one["revision"]) for _, _, examples in changes for one in examples]
    texts = replays.texts(db.session(), ids, characters=SHOWN)
    then = queue.findings(db.session(), ids)
    against = found.against_moderators()
    return {
        "compared": found.counts.total(),
        "changed": sum(count for _, count, _ in changes),
        "outcomes": found.outcomes(),
        "moderators": {name: against[name] for name in AGAINST},
        "checks": {
            check: {name: hits[name] for name in HITS}
            for check, hits in sorted(found.checks.items())
        },
        "changes": [
            {**cell._asdict(), "count": count, "examples": _examples(examples, texts, then)}
            for cell, count, examples in changes
        ],
    }


def _examples(
    examples: Sequence[dict[str, Any]],
    texts: Mapping[UUID, str],
    then: Mapping[UUID, list[dict[str, Any]]],
) -> list[dict[str, Any]]:
    """Texts are looked up each time, so that none is shown that was deleted since."""
    return [
        {
            **example,
            "text": texts[revision],
            "then": [finding for finding in then.get(revision, []) if finding["verdict"] != "pass"],
        }
        for example in examples
        if (revision := UUID(example["revision"])) in texts
    ]
