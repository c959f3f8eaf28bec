"""What holds for whatever strangers write: for tests with few examples and fuzzers with many."""

import json
import re
import time
from collections.abc import Iterator
from contextlib import contextmanager

import nh3

from service.api.strict_json import InvalidJson, parse
from service.domain.rendering import TAGS, render

CPU_SECONDS = 1  # of milliseconds, since a collection of a whole test run's garbage may fall in
ATTRIBUTES = {"a": {"href", "rel"}, "ol": {"start"}}
LINKS = re.compile(r"<a ([^>]*)>")
LINK = re.compile(
    r'href="(?:https?:|mailto:)[^"<>]*" rel="nofollow ugc noopener noreferrer"', re.IGNORECASE
)


def ensure_read(data: bytes) -> None:
    """Taken or refused in words; what is taken means the same to others, and can be stored."""
    with cheap():
        try:
            value = parse(data)
        except InvalidJson:
            return
    assert json.loads(json.dumps(value)) == value
    json.dumps(value, ensure_ascii=False).encode()


def ensure_rendered(body: str) -> None:
    """HTML of few tags that stays what it is when it is read and written once more."""
    with cheap():
        html = render(body)
    assert set(re.findall(r"<[/!?]?([^\s/>]*)", html)) <= TAGS
    assert nh3.clean(html, tags=TAGS, link_rel=None, attributes=ATTRIBUTES) == html
    assert all(LINK.fullmatch(attributes) for attributes in LINKS.findall(html)), html


@contextmanager
def cheap() -> Iterator[None]:
    began = time.thread_time()
    yield
    assert time.thread_time() - began < CPU_SECONDS
