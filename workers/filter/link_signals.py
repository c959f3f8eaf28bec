"""What a comment's links say: how many, of what kind, where they lead, where they stand."""

import re
from collections.abc import Iterator, Sequence

from service.domain.links import Link, is_within
from workers.filter.signal_names import Signal
from workers.filter.views import Comment, View

SHORTENING = """
bit.ly tinyurl.com goo.gl ow.ly is.gd cutt.ly rb.gy shorturl.at adf.ly urlz.fr tiny.cc
bit.do rebrand.ly s.id lnkd.in clck.ru vk.cc v.gd linktr.ee heylink.me t.ly buff.ly bl.ink
soo.gd linkvertise.com
"""
SHORTENERS = frozenset(SHORTENING.split())
CHATTING = """
t.me wa.me telegram.me telegram.org whatsapp.com discord.gg m.me icq.im
"""
CHATS = frozenset(CHATTING.split())
EVERYWHERE = """
youtube.com youtu.be facebook.com twitter.com x.com instagram.com tiktok.com google.com
reddit.com vimeo.com soundcloud.com imgur.com amazon.com apple.com
"""
EVERYBODYS = frozenset(EVERYWHERE.split())
REFERRED = """
wikipedia.org github.com stackoverflow.com nytimes.com washingtonpost.com theguardian.com
bbc.co.uk bbc.com cnn.com reuters.com apnews.com npr.org cbc.ca economist.com forbes.com
archive.org arxiv.org mozilla.org python.org microsoft.com gnu.org debian.org w3.org
stackexchange.com gitlab.com pastebin.com nih.gov theglobeandmail.com latimes.com npmjs.com
jsfiddle.net codepen.io docs.rs php.net spiegel.de orf.at globo.com
"""
REFERENCES = frozenset(REFERRED.split())
CHEAP = re.compile(
    r"\.(?:xyz|top|club|online|site|shop|store|icu|vip|win|bet|casino|poker|loan|click|link|live"
    r"|tk|ml|ga|cf|gq|buzz|sbs|cfd|ltd|biz|info|life|fun|work|space|website|pro|cc|ws)$"
)
TRACKED = re.compile(
    r"[?&#](?:ref|r|aff|id|utm_\w+|friend|invite|code|referr?al|user|start)=|/ref/"
)
MOMENT = re.compile(r"[?&#;]t=\d")


def of_links(comment: Comment, seen: View) -> Iterator[Signal]:
    links = [link for link in seen.links if "@" not in seen.text[link.span.start : link.span.end]]
    if not links:
        return
    foreign = [link for link in links if not is_within(link.host, comment.own_hosts)]
    if len(foreign) < len(links):
        yield Signal("link-own", 1.0)
    if not foreign:
        return
    first, last = foreign[0], foreign[-1]
    yield Signal("link", 1.0, first.span)
    if len(foreign) > 1:
        yield Signal("links", min(3.0, float(len(foreign) - 1)), last.span)
    length = sum(link.span.end - link.span.start for link in links)
    rest = len(seen.text.strip()) - length
    if rest < 4:
        yield Signal("link-only", 1.0, first.span)
    elif last.span.end >= len(seen.text.rstrip(" \n.!\ufeff")) - 1:
        yield Signal("link-last", 1.0, last.span)
    for name, found in _link_kinds(seen.text, foreign):
        yield Signal(name, 1.0, found.span)


def _link_kinds(text: str, links: Sequence[Link]) -> Iterator[tuple[str, Link]]:
    named: set[str] = set()
    for link in links:
        for name in _kinds_of(text, link):
            if name not in named:
                named.add(name)
                yield name, link


def _kinds_of(text: str, link: Link) -> Iterator[str]:
    written = text[link.span.start : link.span.end].lower()
    if link.disguised:
        yield "link-disguised"
    for name, hosts in (
        ("link-shortened", SHORTENERS),
        ("link-chat", CHATS),
        ("link-video", EVERYBODYS),
        ("link-reference", REFERENCES),
    ):
        if is_within(link.host, hosts):
            yield name
            break
    else:
        if not link.host.endswith((".gov", ".edu", ".ac.uk", ".gov.uk")):
            yield "link-elsewhere"
        if written.rstrip("/").endswith(link.host):
            yield "link-bare"
        if link.host.count("-") > 1 or len(link.host.split(".")[-2:][0]) > 14:
            yield "keyword-host"
    if MOMENT.search(written):
        yield "link-moment"
    if link.host.endswith((".gov", ".edu", ".ac.uk", ".gov.uk")):
        yield "link-reference"
    if CHEAP.search(link.host):
        yield "link-cheap"
    if TRACKED.search(written):
        yield "link-path"
