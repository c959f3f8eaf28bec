"""What is measured of the shipped model itself: campaigns, made-up kinds, cost."""

import time
from collections.abc import Mapping
from pathlib import Path

import psutil

from benchmarks.filtering import campaigns, data
from benchmarks.filtering.baselines import BASELINES
from benchmarks.filtering.figures import Judged, auc, share
from benchmarks.filtering.ordinary import ORDINARY, lines
from benchmarks.filtering.tables import Measured, show
from benchmarks.filtering.unwanted import UNWANTED
from workers.filter import model
from workers.filter.learning import sigmoid
from workers.filter.scorer import Scorer
from workers.filter.views import Comment


def variants(folder: Path) -> Measured:
    spam = [row["text"] for row in data.rows(folder, data.TELEGRAM, data.YOUTUBE) if row["label"]]
    others = [row["text"] for row in data.rows(folder, data.NEWS, data.OTHERS)]
    found = campaigns.measured(model.default(), spam, others)
    show(
        "Variants of 90 rejected texts among others",
        tuple(found),
        [[f"{one:.4f}" if one < 2 else f"{one:,.0f}" for one in found.values()]],
    )
    spun = [campaigns.spun(model.default(), others[:20_000], decided=count) for count in (1, 3)]
    show("Thirty campaigns spun anew for each text", tuple(spun[0]),
         [list(one.values()) for one in spun])  # fmt: skip
    return {
        "variants found": found["variants found"],
        "variants others": found["others taken for variants"],
        "spun micro": spun[1]["micro"],
        "spun macro": spun[1]["macro"],
        "spun others": spun[1]["others taken for them"],
        "bursts held": spun[1]["bursts held"],
        "bursts others": spun[1]["others held"],
    }


def kinds(_: Path) -> Measured:
    """Sentences made up by those who chose the phrases: what they reach is no proof."""
    ham, spam = _scores(ORDINARY), _scores(UNWANTED)
    bounds, rows, aucs = model.default().calibration, [], {}
    for kind in ORDINARY:
        own = [score for name, score in ham if name == kind]
        rows.append(
            [kind, "–", share(own, bounds.hold, bounds.reject), share(own, bounds.reject, 2)]
        )
    for kind in UNWANTED:
        own = [score for name, score in spam if name == kind]
        aucs[kind] = auc([Judged(one, 0) for _, one in ham] + [Judged(one, 1) for one in own])
        rows.append([f"spam: {kind}", aucs[kind], share(own, bounds.hold, bounds.reject),
                     share(own, bounds.reject, 2)])  # fmt: skip
    show("Made-up comments of kinds that training lacks", ("", "AUC", "held", "rejected"), rows)
    return {"kinds articles": aucs["articles"], "kinds gambling": aucs["gambling"]}


def _scores(of: Mapping[str, str]) -> list[tuple[str, float]]:
    return [(kind, model.default().probability(Comment(text))) for kind, text in lines(of)]


def cost(folder: Path) -> Measured:
    comments = [Comment(row["text"]) for row in data.rows(folder, data.NEWS)[:4000]]
    process = psutil.Process()
    before, began = process.memory_info().rss, time.perf_counter()
    shipped = model.from_bytes(model.DEFAULT.read_bytes())
    loaded, after = time.perf_counter() - began, process.memory_info().rss
    at_work, spent = Scorer(shipped), []
    began = time.process_time()
    for number, comment in enumerate(comments):
        start = time.process_time()  # of this process alone: the machine may be busy
        at_work.score(comment, id=str(number))
        spent.append(time.process_time() - start)
    whole = len(comments) / (time.process_time() - began)
    remembered = process.memory_info().rss
    began = time.process_time()
    for comment in comments:
        sigmoid(shipped.weigh(shipped.parts(comment)).logit)
    alone = len(comments) / (time.process_time() - began)
    show(
        "Cost",
        ("model, bytes", "load s", "model MB", "with 3,000 remembered MB", "score only/s",
         "all of the filter/s", "p99 ms"),
        [[f"{model.DEFAULT.stat().st_size:,}", loaded, (after - before) / 1e6,
          (remembered - before) / 1e6, f"{alone:,.0f}", f"{whole:,.0f}",
          sorted(spent)[int(0.99 * len(spent))] * 1000],
         *BASELINES["cost"]],
    )  # fmt: skip
    return {
        "bytes": model.DEFAULT.stat().st_size,
        "load": loaded,
        "memory": (remembered - before) / 1e6,
        "speed": whole,
        "p99": sorted(spent)[int(0.99 * len(spent))] * 1000,
    }
