"""What readers wrote, as pages of the desk show it: as text, with the places marked that matter."""

import re
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any

from markupsafe import Markup, escape

# Nobody sees these letters, but they turn or hide others.
UNSEEN = re.compile(
    "[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff"
    "\U000e0000-\U000e007f]"
)
AGES = ((86_400, "day"), (3_600, "h"), (60, "min"))


def visible(text: str) -> Markup:
    """Unseen letters are shown by their number."""
    return Markup(UNSEEN.sub(_number, str(escape(text))))  # noqa: S704 - escaped within


def _number(match: re.Match[str]) -> str:
    return f'<span class="unseen-letter">U+{ord(match[0]):04X}</span>'


def marked(body: str, findings: Iterable[Mapping[str, Any]]) -> Markup:
    """With all that was found against it; places count characters of `body`, and may overlap."""
    spans = (span for one in findings if one["verdict"] != "pass" for span in one["spans"])
    pieces: list[Markup] = []
    done = 0
    for span in sorted(spans, key=lambda span: (span["start"], -span["end"])):
        start, end = max(span["start"], done), min(span["end"], len(body))
        if end <= start:
            continue
        pieces += [
            visible(body[done:start]),
            Markup("<mark>{}</mark>").format(visible(body[start:end])),
        ]
        done = end
    return Markup("").join([*pieces, visible(body[done:])])


def age(at: datetime) -> str:
    """How long ago, roughly."""
    seconds = (datetime.now(UTC) - at).total_seconds()
    for unit, word in AGES:
        if seconds >= unit:
            count = int(seconds // unit)
            return f"{count} {word}{'s' if word == 'day' and count > 1 else ''} ago"
    return "just now"


def moment(at: datetime) -> str:
    return f"{at.astimezone(UTC):%-d %B %Y, %H:%M} UTC"


def day(at: datetime) -> str:
    return f"{at.astimezone(UTC):%-d %b %Y}"


def counted(count: int, word: str) -> str:
    return f"{count:,} {word}{'' if count == 1 else 's'}"


def percent(share: float) -> str:
    return f"{100 * share:.{1 if share > 0.99 or share < 0.01 else 0}f} %"


def weight(logit: float) -> str:
    return f"{'−' if logit < 0 else '+'}{abs(logit):.1f}"


FILTERS = {
    one.__name__: one for one in (visible, marked, age, moment, day, counted, percent, weight)
}
