"""What can be said of a comment beside its words, in words that moderators understand."""

from dataclasses import dataclass

from service.domain.findings import Span
from workers.filter.lexicon import KINDS


@dataclass(frozen=True, slots=True)
class Signal:
    name: str
    value: float
    span: Span | None = None


COMBINED: dict[str, tuple[str, float]] = {
    "praise-offer": ("praises and offers something", 1.2),
    "praise-trade": ("praises, and uses words of trade", 0.8),
    "offer-lead": ("offers something and says where", 0.8),
    "money-contact": ("promises money and gives a contact", 1.2),
    "money-lead": ("promises something and links elsewhere", 0.6),
    "money-trader": ("promises money through somebody", 1.0),
    "cure-contact": ("recommends somebody and gives a contact", 1.2),
    "adult-lead": ("offers sex or dates and says where", 1.0),
    "luck-brand": ("names a brand beside winnings", 1.5),
    "luck-styled": ("speaks of winnings in disguised letters", 1.2),
    "asks-lead": ("asks for followers and says where", 0.6),
}

# Each signal's words for moderators, and the weight that it has before any training.
SIGNALS: dict[str, tuple[str, float]] = {
    "link": ("has a link", 0.8),
    "links": ("has several links", 0.4),
    "link-only": ("says nothing beside a link", 0.8),
    "link-last": ("ends with a link", 0.4),
    "link-disguised": ("disguises a link", 1.2),
    "link-shortened": ("hides where a link leads", 0.8),
    "link-chat": ("links to a chat or a contact", 1.3),
    "link-video": ("links to a video or a network everybody uses", 0.0),
    "link-reference": ("links to a newspaper, an encyclopedia or code", -1.2),
    "link-moment": ("links to a moment of a video", -2.0),
    "link-own": ("links to this site", -1.0),
    "link-cheap": ("links to an ending that costs nothing or is often abused", 0.8),
    "link-path": ("a link carries a referral or a tracking code", 0.6),
    "link-elsewhere": ("links to a site that few know", 0.3),
    "link-bare": ("links to a front page", 0.5),
    "link-markup": ("writes links as HTML or BBCode", 0.8),
    "keyword-host": ("names a host that is made of words", 0.3),
    "mail": ("gives an e-mail address", 0.9),
    "phone": ("gives a telephone number", 0.9),
    "handle": ("names an account", 0.3),
    "hashtag": ("has hashtags", 0.3),
    "brand": ("has a name of letters and digits", 0.5),
    "brand-capital": ("shouts a name with digits", 1.2),
    "brand-disguised": ("disguises a name of letters and digits", 2.5),
    "currency": ("names sums of money", 0.5),
    "percent": ("names a percentage to gain", 0.5),
    "adults": ("names an age of eighteen", 0.8),
    "styled": ("uses letters of mathematics or enclosed letters", 2.0),
    "mixed": ("mixes scripts within a word", 1.5),
    "invisible": ("hides characters within words", 1.2),
    "spelled": ("spells words out letter by letter", 1.0),
    "leet": ("writes words with digits and signs", 0.3),
    "stacked": ("stacks accents on letters", 0.8),
    "capitals": ("writes in capitals", 0.3),
    "shouts": ("has many exclamation marks", 0.2),
    "emoji": ("has many emoji", 0.4),
    "asks": ("asks a question", -0.3),
    "short": ("is very short", -0.3),
    "long": ("is long", -0.2),
    "answers": ("answers somebody", -0.5),
    "code": ("shows code or an error message", -0.8),
    "repeats": ("repeats its own words", 0.2),
    "keywords": ("ends in words for search engines", 0.7),
    "lines": ("is a list of lines", 0.2),
    "author-sells": ("the author's name is an offer", 1.2),
    "author-link": ("the author's name is a link", 1.5),
    "author-digits": ("the author's name ends in digits", 0.2),
    "author-styled": ("the author's name is in disguised letters", 1.0),
    **{f"says-{kind}": (entry.name, entry.weight) for kind, entry in KINDS.items()},
    **COMBINED,
    # Facts of the service; no data to train them on, so these weights are what they are.
    "new-author": ("new author", 0.4),
    "approved-author": ("author with approved comments", -0.8),
    "rejected-author": ("author with rejected comments", 0.8),
    "hasty": ("the form was sent in haste", 0.6),
    "own-words": ("mentions the article's subject", -0.4),
}  # fmt: skip
# What is known beside the text. A site's model leaves these alone, since decisions do not tell
# what was known when the comment came.
FACTS = frozenset({"new-author", "approved-author", "rejected-author", "hasty", "own-words"})
NAMES = tuple(SIGNALS)
NUMBERS = {name: number for number, name in enumerate(NAMES)}
PRIORS = tuple(weight for _, weight in SIGNALS.values())
