"""Variants of rejected texts among others: how many are found, and how many others with them."""

import random
import re
import time
from collections.abc import Sequence

from workers.filter.model import Model
from workers.filter.neighbours import Neighbours
from workers.filter.scorer import BURST_SIZE
from workers.filter.traces import trace
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
        bursts += like is not None and like.burst().earlier + 1 >= BURST_SIZE
        index.pass_by(str(number), seen, like=like, ordinary=True)
    return {
        "variants found": found / len(variants),
        "others taken for variants": strays / len(others),
        "others held as bursts": bursts / len(others),
        "comments/s": len(others) / (time.process_time() - began),
    }


def _trace(model: Model, text: str):  # type: ignore[no-untyped-def]
    return trace(model.parts(Comment(text)), model.segment)
