"""How well a site's filter judges, measured on the decisions of its own moderators."""

from typing import Any

from flask import Response
from sqlalchemy.orm import Session

from service.api import access, filter_picture
from service.api.answers import answer
from service.api.database import db
from service.domain.bands import (
    NOTHING_PROVEN,
    Good,
    conduct_holds_from,
    holds_from,
    needed,
    rejects_from,
)
from service.domain.opinions import probability
from service.domain.policy import Policy
from service.domain.roles import READ
from service.store import filters
from service.store.filters import FilterModel, Kind
from service.store.sites import SiteRecord

DAYS = 30
MOST_VERSIONS = 200
NO_VERSION = {
    Kind.SPAM: (
        "The shipped model judges. A report, and bounds proven on this site, begin with the first"
        " 30 decisions of its moderators."
    ),
    Kind.CONDUCT: "No score: it begins with the first 30 decisions of this site's moderators.",
}


def get_filter(site: str) -> Response:
    return answer(report(db.session(), access.moderated_site(site, READ)))


def get_picture(site: str) -> Response:
    data = report(db.session(), access.moderated_site(site, READ))
    response = Response(filter_picture.drawn(data["spam"]), content_type="image/svg+xml")
    response.headers["Cache-Control"] = "no-store"
    return response


def report(session: Session, site: SiteRecord) -> dict[str, Any]:
    found = filters.against_moderators(session, site.id, seconds=DAYS * 86_400)
    return {
        "site": site.key,
        **{str(kind): _of_kind(session, site, kind) for kind in Kind},
        "against_moderators": [
            {"screening": before, "moderator": after, "count": count}
            for (before, after), count in sorted(found.items())
        ],
    }


def _of_kind(session: Session, site: SiteRecord, kind: Kind) -> dict[str, Any]:
    versions = filters.versions(session, site.id, kind, most=MOST_VERSIONS)
    judging = [one for one in versions if kind is Kind.SPAM or one.figures["own"]]
    adopted = [one for one in versions if one.adopted]
    used = adopted[-1] if adopted else None
    return {
        "version": used.version if used else None,
        "newest": versions[-1].version if versions else None,
        "why": versions[-1].why if versions else NO_VERSION[kind],
        "labels": versions[-1].labels if versions else 0,
        "taught_until": versions[-1].taught_until if versions else None,
        "bands": _bands(used, site.policy, kind),
        "held_back": used.figures["held_back"] if used and used in judging else None,
        "shipped": used.figures["shipped"] if used and used in judging else None,
        "learning": [_point(one) for one in judging],
    }


def _bands(used: FilterModel | None, policy: Policy, kind: Kind) -> dict[str, Any]:
    """From which probability on, and how many good comments it takes to prove that."""
    good = Good(**used.good) if used and used.good else NOTHING_PROVEN
    if kind is Kind.CONDUCT:
        share = policy.conduct.held_good
        return _band(good, share, "hold", conduct_holds_from(good, share=share))
    held, rejected = policy.spam.held_good, policy.spam.rejected_good
    return _band(good, held, "hold", holds_from(good, share=held)) | _band(
        good, rejected, "reject", rejects_from(good, share=rejected)
    )


def _band(good: Good, share: float, name: str, bound: float | None) -> dict[str, Any]:
    return {
        "good": good.count,
        f"{name}_from": None if bound is None else probability(bound),
        f"{name}_good_at_most": share,
        f"{name}_takes_good": needed(share),
    }


def _point(one: FilterModel) -> dict[str, Any]:
    own, shipped = one.figures["held_back"], one.figures["shipped"]
    return {
        "version": one.version,
        "at": one.created_at,
        "labels": one.labels,
        "adopted": one.adopted,
        **{name: own[name] for name in ("precision", "recall", "auc", "log_loss")},
        "shipped_log_loss": shipped["log_loss"],
    }
