"""All signals of a comment: of its links, letters and phrases, its author and the form."""

import re
from collections.abc import Iterator
from math import log2

from workers.filter.combinations import combined
from workers.filter.lexicon import COUNTING, automaton
from workers.filter.link_signals import of_links
from workers.filter.signal_names import Signal
from workers.filter.subject import shared_words
from workers.filter.text_signals import STYLED, of_addresses, of_disguises, of_shape
from workers.filter.views import LONGEST_TEXT, Comment, View

AUTHOR_SELLS = re.compile(
    r"(?i)\b(?:seo|casino|slots?|loans?|credit|marketing|services?|solutions?|company|agency|institute|training"
    r"|academy|online|shop|store|buy|cheap|hack\w*|escorts?|bitcoin|crypto|forex|trader|pharmacy|poker|gacor|togel"
    r"|travels?|movers|packers|rentals?|cleaning|digital|technologies|infotech|pvt|ltd|llc)\b"
)
AUTHOR_LINK = re.compile(r"(?i)https?:|www\.|\w\.(?:com|net|org|info|biz|ru|in|io|xyz|co)\b")
AUTHOR_DIGITS = re.compile(r"[^\W\d_]\d{2,}$")
HASTY_SECONDS = 5.0
# Who speaks of followers: somebody who wants them, or somebody who compares those of others?
# In folded words, where an "l" is an "i".
WANTS = re.compile(
    r" (?:me|my|mine|our|us|please|plz|pls|help|guys|need"
    r"|(?:i|we|you) (?:will |just )?(?:get|got|reach|hit|want|make)) "
)
FOR_ANOTHER = re.compile(r" sub(?:scribe)? to (?:him|her|them|his|both|this (?:man|guy)|the king) ")
COMPARES = re.compile(
    r" (?:he|she|they|his|her|hers|their|them|him|than|gap|miiiion|miis?|biiiion|\w?[km]|most"
    r"|every(?:one|body)|unsubscribed|gained|gains|iost|ahead|behind|more|iess|fewer|few|so many"
    r"|both|company) "
)


def signals(comment: Comment, seen: View) -> list[Signal]:
    found = [
        *of_links(comment, seen),
        *of_addresses(seen),
        *of_disguises(seen),
        *of_shape(seen),
        *_of_phrases(seen),
        *_of_author(comment),
        *_of_facts(comment),
        *_of_subject(comment, seen),
    ]
    found += list(combined(found))
    if len(comment.text) > LONGEST_TEXT:  # places in its end would be wrong
        return [Signal(signal.name, signal.value) for signal in found]
    return found


def _of_phrases(seen: View) -> Iterator[Signal]:
    found: dict[str, dict[str, None]] = {}
    for _, (phrase, kinds) in automaton().iter(seen.joined):
        for kind in kinds:
            found.setdefault(kind, {})[phrase] = None
    if "asks" in found and FOR_ANOTHER.search(seen.joined) and not WANTS.search(seen.joined):
        found["counts"] = found.pop("asks")
    if not COUNTING.isdisjoint(found) and WANTS.search(seen.joined):
        found.pop("views", None)
        found.pop("counts", None)
    elif "counts" in found and not (
        COMPARES.search(seen.joined) or FOR_ANOTHER.search(seen.joined)
    ):
        del found["counts"]
    for kind, phrases in found.items():
        longest = max(phrases, key=len).strip()
        yield Signal(f"says-{kind}", min(2.0, log2(1 + len(phrases))), seen.span_of(longest))


def _of_author(comment: Comment) -> Iterator[Signal]:
    name = comment.author
    if not name:
        return
    if AUTHOR_LINK.search(name):
        yield Signal("author-link", 1.0)
    elif AUTHOR_SELLS.search(name):
        yield Signal("author-sells", 1.0)
    if AUTHOR_DIGITS.search(name):
        yield Signal("author-digits", 1.0)
    if STYLED.search(name):
        yield Signal("author-styled", 1.0)


def _of_facts(comment: Comment) -> Iterator[Signal]:
    facts = comment.facts
    if not facts:
        return
    approved, rejected = facts.get("author_approved"), facts.get("author_rejected", 0)
    if approved is not None and approved == 0:
        yield Signal("new-author", 1.0)
    if approved:
        yield Signal("approved-author", min(3.0, log2(1 + approved)))
    if rejected:
        yield Signal("rejected-author", min(3.0, log2(1 + rejected)))
    if 0 < facts.get("form_seconds", 0) < HASTY_SECONDS:
        yield Signal("hasty", 1.0)


def _of_subject(comment: Comment, seen: View) -> Iterator[Signal]:
    shared = shared_words(seen, comment.context) if comment.context else []
    count = max(len(shared), comment.facts.get("words_of_subject", 0))
    if count:
        yield Signal(
            "own-words", min(2.0, log2(1 + count)), seen.span_of(shared[0]) if shared else None
        )
