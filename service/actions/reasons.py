"""What a site's list of reasons makes of the reason that a moderator gives."""

from collections.abc import Iterable, Mapping
from uuid import UUID

from sqlalchemy.orm import Session

from service.actions.errors import UnknownReason
from service.domain.reasons import REFUSALS, DecisionsPolicy, OtherReasons, Reason, codes
from service.domain.states import State
from service.store import sites


def policies(session: Session, site_ids: Iterable[UUID]) -> Mapping[UUID, DecisionsPolicy]:
    return {id: sites.find_by_id(session, id).policy.decisions for id in set(site_ids)}


def listed(policy: DecisionsPolicy, code: str) -> Reason | None:
    """None for another reason than those of the list. Raises UnknownReason where it must be one."""
    reason = policy.find(code)
    if reason is None and policy.other_reasons is OtherReasons.REFUSE:
        raise UnknownReason(code, codes(policy.reasons))
    return reason


def told(
    policy: DecisionsPolicy, *, reason: str | None, to: State, message: str | None
) -> str | None:
    """What the author is told: the message that was written, or the one that goes with the reason.

    Raises UnknownReason.
    """
    found = listed(policy, reason) if reason is not None and to in REFUSALS else None
    by_reason = found.message if found else ""
    return (by_reason if message is None else message) or None
