"""python -m benchmarks.filtering: every table, beside the baselines of the reference."""

import time
from collections.abc import Callable, Sequence
from pathlib import Path

import click
import psutil

from benchmarks.filtering import campaigns, data, protocols
from benchmarks.filtering.baselines import BASELINES
from benchmarks.filtering.figures import Judged, at_half, bound, caught, of_class, summary
from workers.filter import model
from workers.filter.learning import sigmoid
from workers.filter.scorer import Scorer
from workers.filter.views import Comment

HEAD = ("", "acc", "F1", "MCC", "AUC", "r@0.1", "r@0.5", "r@1", "ECE")


def show(title: str, head: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
    click.echo(f"\n## {title}\n")
    lines = [head, ["---"] * len(head), *([_cell(one) for one in row] for row in rows)]
    for line in lines:
        click.echo("| " + " | ".join(line) + " |")


def _cell(value: object) -> str:
    return f"{value:.3f}" if isinstance(value, float) else str(value)


def _row(name: str, judged: Sequence[Judged]) -> list[object]:
    return [name, *summary(judged).values()]


def videos(folder: Path) -> None:
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


def times(folder: Path) -> None:
    youtube = data.rows(folder, data.YOUTUBE)
    rows: list[list[object]] = []
    for name, per_class in (("first 70 % of each class", True), ("first 70 % in time", False)):
        each = [
            at_half(protocols.judged(fold.model, fold.tested))
            for _, fold in protocols.by_time(youtube, per_class=per_class)
        ]
        keys = ("MCC", "caught", "blocked ham")
        rows.append(
            [f"**filter**, {name}", *(sum(one[k] for one in each) / len(each) for k in keys)]
        )
    show(
        "Trained on a video's past, mean of five videos",
        ("", "mean MCC", "caught", "blocked ham"),
        [*rows, *BASELINES["times"]],
    )


def sources(folder: Path) -> None:
    everything = data.rows(folder, data.YOUTUBE, data.NEWS, data.TELEGRAM, data.SMS)
    bounds, judged = protocols.by_source(everything)
    rows = []
    for name, found in judged.items():
        spam, ham = of_class(found, 1), of_class(found, 0)
        figures = summary(found) if spam else dict.fromkeys(HEAD[1:], "–")
        figures["ECE"] = summary([*found, Judged(1.0, 1)])["ECE"]
        shares = [_share(ham, bounds.reject, 2), _share(ham, bounds.hold, bounds.reject)]
        missed = _share(spam, -1, bounds.hold) if spam else "–"
        rows.append([name, *figures.values(), *shares, missed])
    head = (*HEAD, "ham rejected", "ham held", "spam approved")
    show(
        f"Sources that the model had not seen (hold from {bounds.hold}, reject from"
        f" {bounds.reject})",
        head,
        [*rows, *BASELINES["sources"]],
    )


def _share(scores: Sequence[float], least: float, below: float) -> float:
    return sum(least <= score < below for score in scores) / len(scores)


def sites(folder: Path) -> None:
    everything = data.rows(folder, data.YOUTUBE, data.NEWS, data.TELEGRAM, data.SMS)
    rows = []
    for source in ("youtube_spam", "tg_spam", "sms"):
        for size, found in protocols.curve(everything, source).items():
            figures, half = summary(found), at_half(found)
            rows.append([source, str(size), figures["AUC"], figures["r@1"], half["blocked ham"],
                         figures["ECE"]])  # fmt: skip
    show(
        "A source as a new site, by labels of its moderators",
        ("site", "labels", "AUC", "r@1", "ham above .5", "ECE"),
        [*rows, *BASELINES["sites"]],
    )


def variants(folder: Path) -> None:
    spam = [row["text"] for row in data.rows(folder, data.TELEGRAM, data.YOUTUBE) if row["label"]]
    others = [row["text"] for row in data.rows(folder, data.NEWS, data.OTHERS)]
    found = campaigns.measured(model.default(), spam, others)
    show(
        "Variants of 90 rejected texts among others",
        tuple(found),
        [[f"{one:.4f}" if one < 2 else f"{one:,.0f}" for one in found.values()]],
    )


def cost(folder: Path) -> None:
    process = psutil.Process()
    before, began = process.memory_info().rss, time.perf_counter()
    shipped = model.from_bytes(model.DEFAULT.read_bytes())
    loaded, after = time.perf_counter() - began, process.memory_info().rss
    texts = [row["text"] for row in data.rows(folder, data.NEWS)][:4000]
    comments = [Comment(text) for text in texts]
    at_work, spent = Scorer(shipped), []
    began = time.process_time()
    for number, comment in enumerate(comments):
        start = time.perf_counter()
        at_work.score(comment, id=str(number))
        spent.append(time.perf_counter() - start)
    whole = len(comments) / (time.process_time() - began)
    began = time.process_time()
    for comment in comments:
        sigmoid(shipped.weigh(shipped.parts(comment)).logit)
    alone = len(comments) / (time.process_time() - began)
    show(
        "Cost",
        ("model, bytes", "load s", "model MB", "with 3,000 remembered MB", "score only/s",
         "all of the filter/s", "p99 ms"),
        [[f"{model.DEFAULT.stat().st_size:,}", loaded, (after - before) / 1e6,
          (process.memory_info().rss - before) / 1e6, f"{alone:,.0f}", f"{whole:,.0f}",
          sorted(spent)[int(0.99 * len(spent))] * 1000],
         *BASELINES["cost"]],
    )  # fmt: skip


PARTS: dict[str, Callable[[Path], None]] = {
    "cost": cost,
    "videos": videos,
    "times": times,
    "sources": sources,
    "sites": sites,
    "variants": variants,
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
    for name in names or PARTS:
        PARTS[name](folder)


if __name__ == "__main__":
    main()
