"""Which mode is in force in a thread: its own, the site's, or what age or a raid makes of it."""

from datetime import timedelta

from service.domain.policy import Mode, Policy


def in_force(
    own: str | None, policy: Policy, *, age: timedelta | None = None, is_raided: bool = False
) -> Mode:
    """Without `age`, that of a thread which takes comments now whatever its age."""
    if own is None and age is not None and is_too_old(policy, age):
        return Mode.CLOSED
    mode = Mode(own or policy.mode)
    return Mode.PREMODERATED if mode is Mode.OPEN and is_raided else mode


def is_too_old(policy: Policy, age: timedelta) -> bool:
    days = policy.close_after_days
    return days > 0 and age >= timedelta(days=days)
