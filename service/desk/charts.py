"""Pictures as shapes, which a template draws as SVG: to be read without colour, too.

Kinds of bars differ by hatching, kinds of lines by dashes and marks, and each says its name.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import ceil, log10

WIDTH, HEIGHT = 720, 220
LEFT, RIGHT, TOP, BOTTOM = 56, 12, 12, 26
INNER, DEEP = WIDTH - LEFT - RIGHT, HEIGHT - TOP - BOTTOM
MOST_LABELS = 10


@dataclass(frozen=True, slots=True)
class Part:
    """One kind's share of a bar; `says` is read aloud and shown on hovering."""

    kind: str
    value: float
    says: str
    url: str


@dataclass(frozen=True, slots=True)
class Column:
    label: str
    parts: Sequence[Part]


@dataclass(frozen=True, slots=True)
class Box:
    kind: str
    x: float
    y: float
    width: float
    height: float
    says: str
    url: str


@dataclass(frozen=True, slots=True)
class Series:
    """One line; None where nothing is known."""

    kind: str
    name: str
    values: Sequence[float | None]


@dataclass(frozen=True, slots=True)
class Mark:
    x: float
    y: float
    says: str


@dataclass(frozen=True, slots=True)
class Line:
    kind: str
    name: str
    paths: Sequence[str]  # unbroken stretches, as "x,y x,y"
    marks: Sequence[Mark]


@dataclass(frozen=True, slots=True)
class Tick:
    at: float
    text: str


@dataclass(frozen=True, slots=True)
class Chart:
    across: Sequence[Tick]
    up: Sequence[Tick]
    boxes: Sequence[Box] = ()
    lines: Sequence[Line] = ()
    width: int = WIDTH
    height: int = HEIGHT
    left: int = LEFT
    right: int = WIDTH - RIGHT
    floor: int = TOP + DEEP


def bars(columns: Sequence[Column]) -> Chart:
    """Each column's parts upon each other."""
    top = _round_up(max((_total(column) for column in columns), default=0))
    step = INNER / max(1, len(columns))
    boxes = []
    for number, column in enumerate(columns):
        below = 0.0
        for part in column.parts:
            height = DEEP * part.value / top
            y = TOP + DEEP - below - height
            x = LEFT + (number + 0.1) * step
            if part.value:
                boxes.append(Box(part.kind, x, y, step * 0.8, height, part.says, part.url))
            below += height
    up = [Tick(TOP + DEEP * (1 - share), _short(top * share)) for share in (0.0, 0.5, 1.0)]
    return Chart(_across([column.label for column in columns]), up, boxes=boxes)


def lines(
    labels: Sequence[str],
    series: Sequence[Series],
    *,
    ticks: Sequence[float],
    say: Callable[[float], str],
    place: Callable[[float], float],
) -> Chart:
    """`place` puts a value between 0 at the bottom and 1 at the top; `say` puts it in words."""
    step = INNER / max(1, len(labels))
    drawn = [
        _line(
            one,
            [
                None
                if value is None
                else Mark(
                    LEFT + (number + 0.5) * step,
                    TOP + DEEP * (1 - place(value)),
                    f"{labels[number]}: {one.name} {say(value)}",
                )
                for number, value in enumerate(one.values)
            ],
        )
        for one in series
    ]
    up = [Tick(TOP + DEEP * (1 - place(value)), say(value)) for value in ticks]
    return Chart(_across(labels), up, lines=drawn)


def _line(series: Series, marks: Sequence[Mark | None]) -> Line:
    stretches: list[list[str]] = [[]]
    for mark in marks:
        if mark is None:
            stretches.append([])
        else:
            stretches[-1].append(f"{mark.x:.1f},{mark.y:.1f}")
    paths = [" ".join(points) for points in stretches if len(points) > 1]
    return Line(series.kind, series.name, paths, [mark for mark in marks if mark])


def _across(labels: Sequence[str]) -> list[Tick]:
    """As many labels as are readable side by side, the last one among them."""
    step = INNER / max(1, len(labels))
    every = max(1, ceil(len(labels) / MOST_LABELS))
    return [
        Tick(LEFT + (number + 0.5) * step, label)
        for number, label in enumerate(labels)
        if (len(labels) - 1 - number) % every == 0
    ]


def _total(column: Column) -> float:
    return sum(part.value for part in column.parts)


def _round_up(value: float) -> float:
    """The next of 10, 20, 50, 100, 200, 500 and so on."""
    if value <= 10:
        return 10.0
    power: float = 10.0 ** int(log10(value))
    return next(power * factor for factor in (1, 2, 5, 10) if value <= power * factor)


def _short(value: float) -> str:
    if value >= 10_000:
        return f"{value / 1000:,.0f}k"
    return f"{value:,.0f}"
