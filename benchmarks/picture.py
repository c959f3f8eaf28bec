"""The picture beside README.md: bars with their figures, to be read without colour."""

from collections.abc import Sequence
from pathlib import Path
from xml.sax.saxutils import escape

from benchmarks.sample import Sample, typical
from benchmarks.served import AFTERWORD, FILES, ISSO, PROXIED, VIEW

FILE = Path(__file__).with_name("figures.svg")
WORDS = "Bars: how many answers a second each system gives, and how many posts it accepts"
RATE = "per second"
PANELS = (
    ("One thread of 100 comments, gzip, 16 connections: answers a second", "hundred", (
        (FILES, ("gzip", "16", FILES)), (PROXIED, ("gzip", "16", PROXIED)),
        (AFTERWORD, ("gzip", "16", AFTERWORD)), (VIEW, ("gzip", "16", VIEW)),
        (f"{ISSO}, plain, 1 connection", ("plain", "1", ISSO)),
    )),
    ("A thousand threads of 20 comments, gzip, 16 connections: answers a second", "spread", tuple(
        (name, ("1,000 × 20", name)) for name in (FILES, PROXIED, AFTERWORD, VIEW, ISSO)
    )),
    ("Posts, 16 connections: accepted a second", "posts", tuple(
        (name, (name,)) for name in (AFTERWORD, ISSO)
    )),
    ("95 % reads, 5 % posts, 32 connections: a second", "mixed", tuple(
        (name, (name,)) for name in (AFTERWORD, ISSO)
    )),
)  # fmt: skip
WIDTH, LABELS, BARS, LINE, TITLE, MARGIN = 860, 240, 500, 24, 34, 16


def draw(samples: Sequence[Sample]) -> str | None:
    """None when there is nothing to draw."""
    parts: list[str] = []
    y = MARGIN
    for title, table, bars in PANELS:
        found = [(name, typical(samples, table, row, RATE)) for name, row in bars]
        known = [(name, value) for name, value in found if value is not None]
        if known:
            parts += _panel(title, known, y)
            y += TITLE + LINE * len(known) + MARGIN
    if not parts:
        return None
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {y}" width="{WIDTH}" '
        f'height="{y}" font-family="sans-serif" font-size="13" fill="#1a1a1a" role="img">'
        f'<title>{WORDS}</title><rect width="{WIDTH}" height="{y}" fill="#fff"/>'
    )
    return "\n".join([head, *parts, "</svg>", ""])


def _panel(title: str, bars: Sequence[tuple[str, float]], y: int) -> list[str]:
    parts = [f'<text x="{MARGIN}" y="{y + 18}" font-weight="bold">{escape(title)}</text>']
    longest = max(value for _, value in bars)
    for number, (name, value) in enumerate(bars):
        top = y + TITLE + number * LINE
        width = max(1.0, value / longest * BARS)
        is_ours = name.startswith(AFTERWORD)
        fill = "#1f5673" if is_ours else "#c8ccd0"  # ours are the dark ones, in grey print as well
        weight = ' font-weight="bold"' if is_ours else ""
        figure = f"{value:,.0f}" if value >= 10 else f"{value:,.1f}"
        parts += [
            f'<text x="{LABELS}" y="{top + 13}" text-anchor="end"{weight}>{escape(name)}</text>',
            f'<rect x="{LABELS + 10}" y="{top}" width="{width:.1f}" height="17" fill="{fill}" '
            'stroke="#1a1a1a" stroke-width="0.5"/>',
            f'<text x="{LABELS + 16 + width:.1f}" y="{top + 13}"{weight}>{figure}</text>',
        ]
    return parts
