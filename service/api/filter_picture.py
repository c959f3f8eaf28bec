"""The filter's curves as a picture (SVG), to be read without colour, too.

Left: which share of good and of unwanted comments lies above each probability, with the bands.
Right: how wrong the site's versions were, beside the shipped model, by decisions learnt from.
"""

from collections.abc import Iterable, Sequence
from html import escape
from math import log
from textwrap import wrap
from typing import Any

WIDTH, HEIGHT = 760, 350
LEFT, TOP, SIDE, DEEP = 60, 50, 280, 220
APART = 380
STYLE = (
    "text{font:12px system-ui,sans-serif;fill:#222}.axis{stroke:#888;fill:none}"
    ".bad{stroke:#a40000;fill:none;stroke-width:2}"
    ".good{stroke:#1c5d99;fill:none;stroke-width:2;stroke-dasharray:6 3}"
    ".band{stroke:#444;stroke-dasharray:2 3}"
)

Point = tuple[float, float]  # from 0 to 1, from the left and from the bottom


def drawn(kind: dict[str, Any]) -> str:
    """Of a report's part about one kind."""
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" role="img"'
        f' aria-label="{escape(_in_words(kind))}">',
        f"<style>{STYLE}</style>",
        '<rect width="100%" height="100%" fill="#fff"/>',
        *_bands(kind),
        *_learning(kind["learning"]),
        *(
            f'<text x="{LEFT}" y="{HEIGHT - 28 + 16 * number}">{escape(line)}</text>'
            for number, line in enumerate(wrap(kind["why"], 110))
        ),
        "</svg>",
    ]
    return "\n".join(parts)


def _in_words(kind: dict[str, Any]) -> str:
    judged = kind["held_back"]
    if judged is None:
        return str(kind["why"])
    return (
        f"Of {judged['bad']} unwanted comments {_percent(judged['recall'])} lie above a probability"
        f" of 50 %, with a precision of {_percent(judged['precision'])}."
    )


def _percent(value: float | None) -> str:
    return "none" if value is None else f"{100 * value:.1f} %"


def _bands(kind: dict[str, Any]) -> Iterable[str]:
    yield from _frame(0, "Share of comments at or above a probability", "probability")
    judged, bands = kind["held_back"], kind["bands"]
    if judged is None:
        yield _text(0, (0.1, 0.5), "Not enough decisions yet.")
        return
    for name, label in (("bad", "unwanted"), ("good", "good")):
        points = [
            (_stretched(one["probability"]), one[name])
            for one in judged["curve"]
            if one[name] is not None
        ]
        yield _line(0, points, name)
        if points:
            yield _text(0, (points[0][0] + 0.02, points[0][1] - 0.06), label)
    for name in ("hold", "reject"):
        bound = bands.get(f"{name}_from")
        if bound is not None:
            at = _stretched(bound)
            yield _line(0, [(at, 0.0), (at, 1.0)], "band")
            high = 0.62 if name == "hold" else 0.54
            yield _text(0, (at - 0.02, high), f"{name} {bound:.1%}", anchor="end")


def _learning(versions: Sequence[dict[str, Any]]) -> Iterable[str]:
    yield from _frame(1, "Log loss on decisions not seen, lower is better", "decisions learnt from")
    judged = [one for one in versions if one["log_loss"] is not None and one["labels"]]
    if not judged:
        yield _text(1, (0.1, 0.5), "Not enough decisions yet.")
        return
    worst = max(max(one["log_loss"], one["shipped_log_loss"]) for one in judged) or 1.0
    most = max(one["labels"] for one in judged)
    for name, style, label in (
        ("shipped_log_loss", "good", "shipped"),
        ("log_loss", "bad", "this site"),
    ):
        points = [
            (log(1 + one["labels"]) / log(1 + most), one[name] / (1.1 * worst)) for one in judged
        ]
        yield _line(1, points, style)
        yield _text(1, (points[-1][0] - 0.02, points[-1][1] + 0.03), label, anchor="end")
    for one in {judged[0]["labels"], most}:
        yield _text(1, (log(1 + one) / log(1 + most), -0.07), f"{one:,}", anchor="middle")
    for loss in (0.0, worst):
        yield _text(1, (-0.03, loss / (1.1 * worst) - 0.02), f"{loss:.2f}", anchor="end")


def _stretched(probability: float) -> float:
    """Both ends of the scale matter most: from 0.1 % to 99.9 %, in equal steps of the odds."""
    bounded = min(0.999, max(0.001, probability))
    return 0.5 + log(bounded / (1 - bounded)) / (2 * log(999))


def _frame(number: int, title: str, below: str) -> Iterable[str]:
    yield f'<rect class="axis" x="{_x(number, 0)}" y="{TOP}" width="{SIDE}" height="{DEEP}"/>'
    yield f'<text x="{_x(number, 0)}" y="{TOP - 16}" font-weight="600">{title}</text>'
    yield _text(number, (0.5, -0.15), below, anchor="middle")
    if number == 0:
        for mark in (0.01, 0.1, 0.5, 0.9, 0.99):
            yield _text(0, (_stretched(mark), -0.07), f"{mark:.0%}", anchor="middle")
        for mark in (0.0, 0.5, 1.0):
            yield _text(0, (-0.03, mark - 0.02), f"{mark:.0%}", anchor="end")


def _line(number: int, points: Sequence[Point], style: str) -> str:
    placed = " ".join(f"{_x(number, x):.1f},{_y(y):.1f}" for x, y in points)
    return f'<polyline class="{style}" points="{placed}"/>'


def _text(number: int, at: Point, words: str, *, anchor: str = "start") -> str:
    place = f'x="{_x(number, at[0]):.1f}" y="{_y(at[1]):.1f}" text-anchor="{anchor}"'
    return f"<text {place}>{escape(words)}</text>"


def _x(number: int, share: float) -> float:
    return LEFT + number * APART + share * SIDE


def _y(share: float) -> float:
    return TOP + DEEP * (1 - share)
