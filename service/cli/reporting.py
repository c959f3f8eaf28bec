"""afterword filter report: how well a site's filter judges, for a terminal."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click

from service.actions.errors import NotFound
from service.api import filter_picture
from service.api.filtering import DAYS, report
from service.cli.database import session
from service.store import sites

WIDE = 40


@click.command("report")
@click.argument("site")
@click.option(
    "--picture", type=click.Path(path_type=Path, dir_okay=False), help="Write the curves as SVG."
)
def report_on(site: str, picture: Path | None) -> None:
    """Say how well a site's filter judges, by its own moderators' decisions."""
    with session() as opened:
        found = sites.find(opened, site)
        if found is None:
            raise NotFound(f"There is no site with the key {site!r}.")
        data = report(opened, found)
    for kind in ("spam", "conduct"):
        click.echo("\n".join(_told(kind, data[kind])) + "\n")
    click.echo(f"Screening against moderators, {DAYS} days:")
    for line in data["against_moderators"]:
        click.echo(f"  {line['screening']:>9} → {line['moderator']:<9} {line['count']:>8,}")
    if picture is not None:
        picture.write_text(filter_picture.drawn(data["spam"]), encoding="utf-8")


def _told(kind: str, part: dict[str, Any]) -> Iterator[str]:
    yield f"{kind.capitalize()}: {part['why']}"
    bands = part["bands"]
    for name in ("hold", "reject"):
        if f"{name}_from" in bands:
            yield f"  {name}: {_band(name, bands)}"
    if part["held_back"] is None:
        return
    yield f"  {'':24}{'this site':>12}{'shipped':>12}"
    for name in ("precision", "recall", "auc", "log_loss", "calibration_error"):
        own, shipped = part["held_back"][name], part["shipped"][name]
        yield f"  {name.replace('_', ' '):24}{_number(own):>12}{_number(shipped):>12}"
    yield "  Share above a probability: # unwanted, . good"
    for point in part["held_back"]["curve"]:
        yield f"  {point['probability']:>6.1%} {_bar(point['bad'], '#')}|{_bar(point['good'], '.')}"
    yield "  Log loss by decisions learnt from"
    for version in part["learning"]:
        mark = "" if version["adopted"] else "  not adopted"
        losses = f"{_number(version['log_loss'])} ({_number(version['shipped_log_loss'])} shipped)"
        yield f"  {version['labels']:>7,}  {losses}{mark}"


def _band(name: str, bands: dict[str, Any]) -> str:
    bound, takes = bands[f"{name}_from"], bands[f"{name}_takes_good"]
    promise = f"at most {bands[f'{name}_good_at_most']:.2%} of good comments"
    if bound is None:
        return f"not proven yet: {promise} takes {takes:,} of them, there are {bands['good']:,}"
    return f"from {bound:.2%} on; {promise}, proven on {bands['good']:,}"


def _number(value: float | None) -> str:
    return "–" if value is None else f"{value:.3f}"


def _bar(share: float | None, mark: str) -> str:
    return (mark * round((share or 0) * WIDE)).ljust(WIDE)
