"""Variants of rejected texts among others: how many are found, and how many others with them."""

import random
import re
import time
from collections.abc import Sequence

from benchmarks.filtering import spinning
from workers.filter.model import Model
from workers.filter.neighbours import Neighbours, Waiting
from workers.filter.scorer import BURST_SIZE
from workers.filter.traces import Trace, trace
from workers.filter.views import Comment

CAMPAIGNS = 90
VARIANTS = 10
LETTERS = "abcdefghijklmnopqrstuvwxyz"
SHORTEST = 6  # words; of fewer, one changed makes another text


def variant(text: str, words: Sequence[str], dice: random.Random) -> str:
    """Other links and names, one word in eight another, and now and then one more at the ends."""
    text = re.sub(
        r"https?://\S+", lambda _: f"http://{_name(dice)}.com/{dice.randrange(999)}", text
    )
    text = re.sub(r"@\w+", lambda _: "@" + _name(dice), text)
    changed = text.split(" ")
    for _ in range(max(1, min(4, len(changed) // 8))):
        place = dice.randrange(len(changed))
        if not changed[place].startswith("http"):
            changed[place] = dice.choice(words)
    if dice.random() < 0.3:
        changed.insert(0, dice.choice(words))
    if dice.random() < 0.3:
        changed.append(dice.choice(words))
    return " ".join(changed)


def _name(dice: random.Random) -> str:
    return "".join(dice.choice(LETTERS) for _ in range(7))


def measured(model: Model, spam: Sequence[str], others: Sequence[str]) -> dict[str, float]:
    dice = random.Random(5)
    words = [word for text in others[:500] for word in text.split() if word.isalpha()]
    chosen = dice.sample([text for text in spam if len(text.split()) >= SHORTEST], CAMPAIGNS)
    index = Neighbours()
    for number, text in enumerate(chosen):
        index.judge(f"rejected {number}", _trace(model, text), 1)
    variants = [variant(text, words, dice) for text in chosen for _ in range(VARIANTS)]
    found = sum(index.rejected_like(_trace(model, text)) is not None for text in variants)
    strays = bursts = 0
    began = time.process_time()
    for number, text in enumerate(others):
        seen = _trace(model, text)
        strays += index.rejected_like(seen) is not None
        like = index.waiting_like(seen)
        bursts += _is_burst(like)
        index.pass_by(str(number), seen, like=like, ordinary=True)
    return {
        "variants found": found / len(variants),
        "others taken for variants": strays / len(others),
        "others held as bursts": bursts / len(others),
        "comments/s": len(others) / (time.process_time() - began),
    }


def spun(model: Model, others: Sequence[str], *, decided: int) -> dict[str, float]:
    """Thirty campaigns, of each of which some are rejected, among others; and without decisions."""
    traces = [[_trace(model, text) for text in one] for one in spinning.campaigns(random.Random(7))]
    around = [_trace(model, text) for text in others]
    index = Neighbours()
    for number, seen in enumerate(around[: len(around) // 5]):
        index.pass_by(f"before {number}", seen, like=None, ordinary=True)
    for name, one in enumerate(traces):
        for number, seen in enumerate(one[:decided]):
            index.judge(f"rejected {name}-{number}", seen, 1)
    found = [[index.rejected_like(seen) is not None for seen in one[decided:]] for one in traces]
    every = [one for each in found for one in each]
    held, held_others = _bursts(traces, around)
    return {
        "decisions": decided,
        "micro": sum(every) / len(every),
        "macro": sum(sum(each) / len(each) for each in found) / len(found),
        "others taken for them": sum(
            index.rejected_like(seen) is not None for seen in around
        ) / len(around),
        "bursts held": held,
        "others held": held_others,
    }  # fmt: skip


def _bursts(traces: Sequence[Sequence[Trace]], around: Sequence[Trace]) -> tuple[float, float]:
    stream = [(seen, 1) for one in traces for seen in one] + [(seen, 0) for seen in around]
    random.Random(1).shuffle(stream)
    index, held, seen_of = Neighbours(), [0, 0], [0, 0]
    for number, (seen, label) in enumerate(stream):
        seen_of[label] += 1
        like = index.waiting_like(seen)
        held[label] += _is_burst(like)
        index.pass_by(str(number), seen, like=like, ordinary=True)
    return held[1] / seen_of[1], held[0] / seen_of[0]


def _is_burst(like: Waiting | None) -> bool:
    return like is not None and like.burst().earlier + 1 >= BURST_SIZE


def _trace(model: Model, text: str) -> Trace:
    return trace(model.parts(Comment(text)), model.segment)
