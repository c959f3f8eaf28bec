"""The raid switch: on by itself where the policy's line is crossed, and off when it was calm."""

from collections.abc import Callable
from uuid import UUID

from sqlalchemy.orm import Session

from service.actions.errors import NotFound
from service.bell import Bell
from service.domain.policy import Policy
from service.domain.raids import BY_ITSELF, RaidPolicy, Wave, crossings
from service.store import changes, raids, sites, threads, waves
from service.store.db import begin_write
from service.store.raids import Raid


def watch(session: Session, bell: Bell, site_id: UUID, policy: RaidPolicy) -> int:
    """Turn premoderation on wherever the line was crossed; answers in how many places.

    Nothing is written, nor much read, where few comments came.
    """
    alone = raids.left_alone(session, site_id, minutes=policy.calm_minutes)
    found = {} if site_id in alone else _crossed(session, site_id, policy)
    fresh = {place: wave for place, wave in found.items() if place not in alone}
    if not fresh:
        session.rollback()
        return 0
    begin_write(session)
    for place, wave in sorted(fresh.items()):
        thread_id = None if place == site_id else place
        begun = raids.begin(
            session, site_id=site_id, thread_id=thread_id, by=BY_ITSELF, wave=wave,
            minutes=policy.window_minutes,
        )  # fmt: skip
        if begun is not None:
            _note(session, site_id, thread_id)
    session.commit()
    bell.tell(changes.noted(session))
    return len(fresh)


def _crossed(session: Session, site_id: UUID, policy: RaidPolicy) -> dict[UUID, Wave]:
    minutes = policy.window_minutes
    least = min(policy.comments, policy.site_comments)
    if not minutes or not waves.reaches(session, site_id, minutes=minutes, comments=least):
        return {}
    return crossings(waves.by_thread(session, site_id, minutes=minutes), policy, site_id=site_id)


def _note(session: Session, site_id: UUID, thread_id: UUID | None) -> None:
    """Readers are told that every comment is read first."""
    if thread_id is None:
        changes.note_site(session, site_id)
    else:
        changes.note_threads(session, [thread_id])


def calm_down(session: Session, bell: Bell, in_force: Callable[[Policy], Policy]) -> int:
    """Turn it off where it was calm for long enough; answers in how many places."""
    going = {row.Raid.site_id for row in raids.on(session, None) if row.Raid.comments is not None}
    return sum(_calm_down(session, bell, site_id, in_force) for site_id in sorted(going))


def _calm_down(
    session: Session, bell: Bell, site_id: UUID, in_force: Callable[[Policy], Policy]
) -> int:
    policy = in_force(sites.find_by_id(session, site_id).policy).raid
    crossed = _crossed(session, site_id, policy)
    begin_write(session)
    going = [raid for raid in raids.of_site(session, site_id) if raid.comments is not None]
    raids.see(session, [raid.id for raid in going if raid.place_id in crossed])
    minutes = policy.calm_minutes if policy.window_minutes else 0  # switched off: at once
    over = raids.calm(session, site_id, minutes=minutes)
    for raid in going:
        if raid.id in over and raids.end(session, raid.id, by=None) is not None:
            _note(session, site_id, raid.thread_id)
    session.commit()
    bell.tell(changes.noted(session))
    return len(over)


def switch_on(
    session: Session, bell: Bell, site_id: UUID, *, thread_id: UUID | None, by: str
) -> None:
    """Until a moderator switches it off. Where one is on already it becomes the moderator's own.

    Raises NotFound for a thread of another site.
    """
    begin_write(session)
    if thread_id is not None and threads.site_of(session, thread_id) != site_id:
        raise NotFound
    present = raids.at(session, thread_id or site_id)
    if present is not None:
        raids.end(session, present.id, by=by)
    raids.begin(session, site_id=site_id, thread_id=thread_id, by=by)
    _note(session, site_id, thread_id)
    session.commit()
    bell.tell(changes.noted(session))


def switch_off(session: Session, bell: Bell, raid_id: UUID, *, by: str) -> Raid:
    """It does not come on by itself again before it would have been calm. Raises NotFound."""
    begin_write(session)
    ended = raids.end(session, raid_id, by=by)
    if ended is None:
        raise NotFound("This raid is over, or there was none.")
    _note(session, ended.site_id, ended.thread_id)
    session.commit()
    bell.tell(changes.noted(session))
    return ended
