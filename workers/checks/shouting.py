"""Capitals throughout, one key held down, and walls of emoji."""

import re

from service.domain.findings import Finding, Span, Verdict
from service.domain.folding import Reading, visible
from service.domain.links import without_links
from service.domain.policy import Policy, ShoutingPolicy
from service.domain.submission import Submission

SHOWN = 20
RUN = re.compile(r"(\S)\1{2,}+", re.IGNORECASE)

PICTURE = (
    "(?:[\u231a\u231b\u23e9-\u23fa\u25fd\u25fe\u2600-\u27bf\u2b1b\u2b1c\u2b50\u2b55"
    "\U0001f000-\U0001f1e5\U0001f200-\U0001f3fa\U0001f400-\U0001faff]|[\u00a9\u00ae\u203c-\u3299]\ufe0f)"
)
DRESS = "[\ufe0f\U0001f3fb-\U0001f3ff\U000e0020-\U000e007f\u20e3]*+"
# A family, a flag and a thumb of any colour are one emoji each, however many characters they take.
EMOJI = re.compile(
    f"[\U0001f1e6-\U0001f1ff]{{2}}|[0-9#*]\ufe0f?\u20e3|{PICTURE}{DRESS}(?:\u200d{PICTURE}{DRESS})*+"
    "|[\U0001f1e6-\U0001f1ff\U0001f3fb-\U0001f3ff]"
)


def check_shouting(submission: Submission, policy: Policy) -> Finding:
    body = without_links(submission.body)
    reasons, spans = [], []
    for found, places in (
        _capitals(body, policy.shouting),
        _runs(visible(body), policy.shouting.repeated_characters),
        _emoji(body, policy.shouting.max_emoji),
    ):
        if found:
            reasons.append(found)
            spans += places[:SHOWN]
    return (
        Finding("shouting", Verdict.HOLD, " ".join(reasons), tuple(spans))
        if reasons
        else Finding("shouting")
    )


def _capitals(body: str, bounds: ShoutingPolicy) -> tuple[str, list[Span]]:
    capitals = sum(map(str.isupper, body))
    cased = capitals + sum(map(str.islower, body))  # scripts without case cannot shout
    if cased < bounds.min_letters or capitals <= bounds.capitals_share * cased:
        return "", []
    share, most = f"{capitals / cased * 100:.0f} %", f"{bounds.capitals_share * 100:.0f} %"
    return f"{share} of the {cased} letters are capitals; {most} may pass.", []


def _runs(body: Reading, longest: int) -> tuple[str, list[Span]]:
    runs = [match for match in RUN.finditer(body.text) if len(match[0]) > longest]
    if not runs:
        return "", []
    worst = max(runs, key=lambda run: len(run[0]))
    reason = f"'{worst[1]}' is repeated {len(worst[0])} times in a row; {longest} may pass."
    return reason, [body.span(*run.span()) for run in runs]


def _emoji(body: str, most: int) -> tuple[str, list[Span]]:
    found = [Span(*match.span()) for match in EMOJI.finditer(body)]
    return (
        (f"There are {len(found)} emoji; {most} may pass.", found)
        if len(found) > most
        else ("", [])
    )
