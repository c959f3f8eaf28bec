"""A site's rules: changing them, their history, and going back."""

from datetime import timedelta
from itertools import pairwise
from typing import Any
from uuid import UUID

from flask import Response, request
from marshmallow import EXCLUDE, Schema, fields, validate

from service.actions import replaying
from service.actions import sites as actions
from service.actions.errors import NotFound, PolicyMoved
from service.api import access
from service.api.database import db
from service.desk import rule_forms
from service.desk.showing import back, show
from service.domain.policy import Policy
from service.domain.policy_fields import differences
from service.domain.roles import POLICY, READ
from service.store import claims, replays, sites
from service.store.sites import SiteRecord

LONGEST_TRIAL = 365  # days
SHOWN_VERSIONS = 50
MOVED = (
    "Somebody changed the rules while you did: version {version} is in force now. What you wrote"
    " is still here. Compare it with what changed, then send it again."
)


class Sent(Schema):
    class Meta:
        unknown = EXCLUDE  # the rules themselves are read by the table of settings

    seen = fields.Integer(required=True)
    act = fields.String(load_default="try", validate=validate.OneOf(["try", "adopt"]))
    days = fields.Integer(load_default=7, validate=validate.Range(1, LONGEST_TRIAL))


class Asked(Schema):
    class Meta:
        unknown = EXCLUDE

    trial = fields.UUID()
    before = fields.Integer(validate=validate.Range(1, 2**31 - 1))


class RollBack(Schema):
    class Meta:
        unknown = EXCLUDE

    version = fields.Integer(required=True, validate=validate.Range(1, 2**31 - 1))
    seen = fields.Integer(required=True)


def choose_site() -> Response:
    """Where there is one site there is nothing to choose."""
    known = sites.known(db.session(), access.holder().sites(READ))
    if len(known) == 1:
        return back(f"/desk/rules/{known[0].key}")
    return show("desk/rules_sites.html")


def show_rules(site: str) -> Response:
    """The rules in force or, to change them further, those of a trial."""
    record = access.moderated_site(site, READ)
    settings: dict[str, Any] = record.policy.as_json()
    trial_id = Asked().load(request.args.to_dict()).get("trial")
    if trial_id is not None:
        settings = trial_of(record, trial_id).settings
    return _form(record, rule_forms.Read(rule_forms.texts(settings)), seen=record.policy_version)


def change_rules(site: str) -> Response:
    """Try what was sent, or put it in force at once."""
    record = access.moderated_site(site, POLICY)
    read, sent = rule_forms.read(request.form), Sent().load(request.form.to_dict())
    if read.errors:
        return _form(record, read, seen=sent["seen"], status=422)
    if sent["act"] == "try":
        trial_id = replaying.ask(
            db.session(),
            record,
            settings=read.settings,
            since=claims.clock(db.session()) - timedelta(days=sent["days"]),
            last=None,
            by=access.holder().by,
        )
        return back(f"/desk/rules/{site}/trials/{trial_id}")
    if not differences(record.policy.as_json(), read.settings):
        return back(f"/desk/rules/{site}", notice="These are the rules in force: nothing changed.")
    try:
        version = adopt(record, read.settings, seen=sent["seen"])
    except PolicyMoved:
        record = access.moderated_site(site, POLICY)
        failure = MOVED.format(version=record.policy_version)
        return _form(record, read, seen=record.policy_version, status=409, failure=failure)
    return back(f"/desk/rules/{site}", notice=f"Version {version} of the rules is in force.")


def adopt(site: SiteRecord, settings: dict[str, Any], *, seen: int) -> int:
    """Raises PolicyMoved."""
    complete = Policy.from_json(settings).as_json()
    return actions.set_policy(
        db.session(), access.bell(), site.key, seen=seen, settings=complete, by=access.holder().by
    )


def show_history(site: str) -> Response:
    record = access.moderated_site(site, READ)
    before = Asked().load(request.args.to_dict()).get("before", record.policy_version + 1)
    versions = sites.versions(db.session(), record.id, before=before, limit=SHOWN_VERSIONS + 1)
    steps = [
        (newer, differences(older.settings, newer.settings)) for newer, older in pairwise(versions)
    ]
    if versions and versions[-1].version == 1:
        steps.append((versions[-1], []))
    earlier = steps[-1][0].version if steps and steps[-1][0].version > 1 else None
    return show("desk/rules_history.html", site=record, steps=steps, earlier=earlier)


def show_version(site: str, version: int) -> Response:
    """What that version changed, and what going back to it would change now."""
    record = access.moderated_site(site, READ)
    versions = sites.versions(db.session(), record.id, before=version + 1, limit=2)
    if not versions or versions[0].version != version:
        raise NotFound("These rules never had that version.")
    then = versions[0].settings
    return show(
        "desk/rules_version.html",
        site=record,
        stored=versions[0],
        made_changes=differences(versions[1].settings, then) if len(versions) > 1 else [],
        undone=differences(record.policy.as_json(), then),
        may_change=access.holder().may(POLICY, record.id),
    )


def roll_back(site: str) -> Response:
    """The old settings as a new version: nothing that happened is taken out of the history."""
    record = access.moderated_site(site, POLICY)
    sent = RollBack().load(request.form.to_dict())
    versions = sites.versions(db.session(), record.id, before=sent["version"] + 1, limit=1)
    if not versions or versions[0].version != sent["version"]:
        raise NotFound("These rules never had that version.")
    version = adopt(record, versions[0].settings, seen=sent["seen"])
    notice = f"The rules of version {sent['version']} are in force again, as version {version}."
    return back(f"/desk/rules/{site}/history", notice=notice)


def trial_of(site: SiteRecord, trial_id: UUID) -> Any:
    found = replays.find(db.session(), trial_id)
    if found is None or found.Replay.site_id != site.id:
        raise NotFound
    return found.Replay


def _form(
    site: SiteRecord, read: rule_forms.Read, *, seen: int, status: int = 200, failure: str = ""
) -> Response:
    return show(
        "desk/rules.html",
        status=status,
        site=site,
        sections=rule_forms.sections(read.texts, read.errors),
        wrong=sum(map(len, read.errors.values())),
        failure=failure,
        seen=seen,
        days=request.form.get("days", "7"),
        stored=sites.stored_policy(db.session(), site.id, site.policy_version),
        may_change=access.holder().may(POLICY, site.id),
        trials=replays.of_site(db.session(), site.id, limit=5),
    )
