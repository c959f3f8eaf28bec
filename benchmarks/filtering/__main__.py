"""python -m benchmarks.filtering: every table, beside the baselines of the reference."""

from collections.abc import Callable, Sequence
from pathlib import Path

import click

from benchmarks.filtering import data, protocols, shipped
from benchmarks.filtering.baselines import BASELINES
from benchmarks.filtering.figures import (
    Judged,
    at_half,
    bound,
    caught,
    of_class,
    share,
    summary,
)
from benchmarks.filtering.tables import Measured, show
from benchmarks.filtering.targets import verdicts

HEAD = ("", "acc", "F1", "MCC", "AUC", "r@0.1", "r@0.5", "r@1", "ECE")


def _row(name: str, judged: Sequence[Judged]) -> list[object]:
    return [name, *summary(judged).values()]


def videos(folder: Path) -> Measured:
    youtube = data.rows(folder, data.YOUTUBE)
    pooled: list[Judged] = []
    fresh: list[Judged] = []
    folds, rows = [], []
    for video, fold, unrepeated in protocols.by_video(youtube):
        found = protocols.judged(fold.model, fold.tested)
        rows.append(_row(video, found))
        pooled += found
        fresh += protocols.judged(fold.model, unrepeated)
        folds.append(fold)
    rows += [_row("**all**", pooled), _row("all, without repeats", fresh), *BASELINES["videos"]]
    show("Leave one video out", HEAD, rows)
    above = bound(of_class(pooled, 0), 0.01)
    tricks = {name: caught(one, above) for name, one in protocols.disguised(folds).items()}
    shares = list(tricks.values())
    show(
        "Recall of the same spam in disguise, at 1 % false positives on undisguised ham",
        ("", "clean", *tricks, "worst", "mean"),
        [
            ["**filter**", caught(of_class(pooled, 1), above), *shares,
             min(shares), sum(shares) / len(shares)],
            *BASELINES["tricks"],
        ],
    )  # fmt: skip
    whole = summary(pooled)
    return {"videos mcc": whole["MCC"], "videos auc": whole["AUC"], "videos r@1": whole["r@1"],
            "tricks worst": min(shares), "tricks mean": sum(shares) / len(shares)}  # fmt: skip


def times(folder: Path) -> Measured:
    youtube = data.rows(folder, data.YOUTUBE)
    rows: list[list[object]] = []
    for name, per_class in (("first 70 % of each class", True), ("first 70 % in time", False)):
        each = [
            at_half(protocols.judged(fold.model, fold.tested))
            for _, fold in protocols.by_time(youtube, per_class=per_class)
        ]
        keys = ("MCC", "caught", "blocked ham")
        means = [sum(one[key] for one in each) / len(each) for key in keys]
        rows.append([f"**filter**, {name}", *means])
    show(
        "Trained on a video's past, mean of five videos",
        ("", "mean MCC", "caught", "blocked ham"),
        [*rows, *BASELINES["times"]],
    )
    published = rows[0]
    return {"times mcc": float(str(published[1])), "times ham": float(str(published[3]))}


def sources(folder: Path) -> Measured:
    everything = data.rows(folder, data.YOUTUBE, data.NEWS, data.TELEGRAM, data.SMS)
    bounds, judged = protocols.by_source(everything)
    rows = []
    for name, found in judged.items():
        spam, ham = of_class(found, 1), of_class(found, 0)
        figures = summary(found) if spam else dict.fromkeys(HEAD[1:], "–")
        figures["ECE"] = summary([*found, Judged(1.0, 1)])["ECE"]
        shares = [share(ham, bounds.reject, 2), share(ham, bounds.hold, bounds.reject)]
        missed = share(spam, -1, bounds.hold) if spam else "–"
        rows.append([name, *figures.values(), *shares, missed])
    head = (*HEAD, "ham rejected", "ham held", "spam approved")
    show(
        f"Sources that the model had not seen (hold from {bounds.hold}, reject from"
        f" {bounds.reject})",
        head,
        [*rows, *BASELINES["sources"]],
    )
    return protocols.of_sources(bounds, judged)


def sites(folder: Path) -> Measured:
    everything = data.rows(folder, data.YOUTUBE, data.NEWS, data.TELEGRAM, data.SMS)
    rows, ham, ece = [], [], []
    first: dict[tuple[str, int], dict[str, float]] = {}
    for source in ("youtube_spam", "tg_spam", "sms"):
        for size, found in protocols.curve(everything, source).items():
            figures, half = summary(found), at_half(found)
            first[source, size] = figures
            if size >= 100:
                ham.append(half["blocked ham"])
                ece.append(figures["ECE"])
            rows.append([source, str(size), figures["AUC"], figures["r@1"], half["blocked ham"],
                         figures["ECE"]])  # fmt: skip
    show(
        "A source as a new site, by labels of its moderators",
        ("site", "labels", "AUC", "r@1", "ham above .5", "ECE"),
        [*rows, *BASELINES["sites"]],
    )
    names = {source for source, _ in first}
    return {
        "site 10": min(first[name, 10]["AUC"] - first[name, 0]["AUC"] for name in names),
        "site 100": first["youtube_spam", 100]["r@1"],
        "site 300": first["youtube_spam", 300]["r@1"],
        "site ham": max(ham),
        "site ece": max(ece),
        "refit": protocols.seconds_to_fit(everything, 10_000),
    }


PARTS: dict[str, Callable[[Path], Measured]] = {
    "cost": shipped.cost,
    "videos": videos,
    "times": times,
    "sources": sources,
    "sites": sites,
    "variants": shipped.variants,
    "kinds": shipped.kinds,
}


@click.command()
@click.argument("names", nargs=-1, type=click.Choice(list(PARTS)))
@click.option(
    "--data",
    "folder",
    envvar="AFTERWORD_BENCH_DATA",
    default="../shared/data",
    show_default=True,
    type=click.Path(path_type=Path),
    help="Where the labelled comments are.",
)
def main(names: Sequence[str], folder: Path) -> None:
    """Measure NAMES (all by default). r@f: the share of spam caught at f % false positives."""
    measured: Measured = {}
    for name in names or PARTS:
        measured |= PARTS[name](folder)
    show(
        "Targets",
        ("", "target", "filter", "reached", "best of the reference"),
        list(verdicts(measured)),
    )


if __name__ == "__main__":
    main()
