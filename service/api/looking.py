"""Taking comments from the queue, so that two moderators are not shown the same."""

from typing import Any

from flask import Response

from service.actions import looking
from service.api import access, moderating, queue_items
from service.api.answers import answer
from service.api.database import db
from service.domain.roles import DECIDE
from service.store import looks, queue


def post_looks(body: dict[str, Any]) -> Response:
    """The next comments that nobody else looks at. They are yours for two minutes, or longer if
    you renew them; others can decide on them all the same."""
    taken, following = looking.take_next(
        db.session(),
        moderating.filters_from(body, moderating.sites_for(body.get("site"), DECIDE)),
        by=access.holder().by,
        limit=body["limit"],
        order=body["order"],
        after=body.get("after"),
        but=body["but"],
    )
    rows = queue.rows(db.session(), taken)
    data = {
        "items": queue_items.shown(db.session(), rows),
        "next": following,
        "reasons": moderating.reasons_for(rows),
        "seconds": looks.SECONDS,
    }
    return answer(data)


def put_looks(body: dict[str, Any]) -> Response:
    """Go on looking. Who else looks at which of them is said."""
    holder = access.holder()
    revisions = body["revisions"]
    yours = looking.renew(db.session(), revisions, by=holder.by, sites=holder.sites(DECIDE))
    others = looks.of(db.session(), set(revisions) - set(yours))
    data = {
        "yours": yours,
        "others": [
            {"revision": id, "by": one.by, "until": one.until} for id, one in others.items()
        ],
        "seconds": looks.SECONDS,
    }
    return answer(data)


def delete_looks() -> Response:
    """Let all go that you look at."""
    looking.let_go(db.session(), by=access.holder().by)
    return answer(None, 204)
