"""The same text again, or nearly so: by its author, or by others when it is too long for chance."""

from service.domain.findings import Finding, Verdict
from service.domain.fingerprint import letters
from service.domain.policy import Policy
from service.domain.submission import Earlier, Submission

DAY = 24 * 60


def check_repetition(submission: Submission, policy: Policy) -> Finding:
    repetition = policy.repetition
    near = [e for e in submission.facts.earlier if e.similarity >= repetition.similarity]
    if repetition.window_minutes == 0 or not near:
        return Finding("repetition")
    by_author = [earlier for earlier in near if earlier.by_same_author]
    by_others = [earlier for earlier in near if not earlier.by_same_author]
    if letters(submission.body) < repetition.min_letters:
        by_others = []
    reasons = [
        _sentence(group, whose)
        for group, whose in ((by_author, "This author"), (by_others, "Somebody else"))
        if group
    ]
    if not reasons:
        return Finding("repetition")
    score = max(earlier.similarity for earlier in by_author + by_others)
    return Finding("repetition", Verdict.HOLD, " ".join(reasons), score=score)


def _sentence(group: list[Earlier], whose: str) -> str:
    closest = max(
        group, key=lambda earlier: (earlier.similarity, -earlier.minutes_before, earlier.comment_id)
    )
    text = (
        "the same text"
        if closest.similarity >= 1
        else f"a text {_percent(closest.similarity)} the same"
    )
    times = "" if len(group) == 1 else f" ({len(group)} times in all)"
    return (
        f"{whose} sent {text} {_ago(closest.minutes_before)}{times}: comment {closest.comment_id}."
    )


def _percent(share: float) -> str:
    return f"{int(share * 100)} %"


def _ago(minutes: float) -> str:
    for size, unit in ((DAY, "day"), (60, "hour"), (1, "minute")):
        if minutes >= size:
            count = int(minutes // size)
            return f"{count} {unit}{'' if count == 1 else 's'} ago"
    return "less than a minute ago"
