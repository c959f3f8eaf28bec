"""Which addresses mean the same article."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.domain.pages import normalise_origin, normalise_page
from service.domain.wording import Unacceptable


@pytest.mark.parametrize(
    ("page", "normalised"),
    [
        ("article-17", "article-17"),
        ("  article-17 ", "article-17"),
        ("/2026/harbour?x=1#y", "/2026/harbour?x=1#y"),
        ("https://News.Example/Harbour#top", "https://news.example/Harbour"),
        ("HTTPS://news.example:443/", "https://news.example/"),
        ("http://news.example:80", "http://news.example/"),
        ("http://news.example:8080/a", "http://news.example:8080/a"),
        ("https://news.example./a", "https://news.example/a"),
        ("https://news.example/a?id=7&utm_source=x&fbclid=y", "https://news.example/a?id=7"),
        ("https://news.example/a?q=a+b%20c", "https://news.example/a?q=a+b%20c"),
        ("https://ann:pass@news.example/a", "https://news.example/a"),
        ("https://[2001:db8::1]:8443/a", "https://[2001:db8::1]:8443/a"),
        ("cafe\u0301", "caf\u00e9"),
    ],
)
def test_one_article_has_one_name(page: str, normalised: str) -> None:
    assert normalise_page(page) == normalised


@pytest.mark.parametrize(
    "page", ["", "  ", "a\x00b", "a\nb", "x" * 501, "http://", "http://[::1", "https://a:99999/"]
)
def test_what_names_no_article_is_refused(page: str) -> None:
    with pytest.raises(Unacceptable):
        normalise_page(page)


@given(st.text(max_size=80) | st.text(max_size=60).map(lambda text: f"https://news.example/{text}"))
def test_normalising_twice_changes_nothing(page: str) -> None:
    try:
        once = normalise_page(page)
    except Unacceptable:
        return
    assert normalise_page(once) == once


def test_origins_are_written_as_browsers_send_them() -> None:
    assert normalise_origin("https://News.Example:443/") == "https://news.example"
    assert normalise_origin("http://127.0.0.1:8000") == "http://127.0.0.1:8000"
    assert normalise_origin("http://[::1]:8000") == "http://[::1]:8000"


@pytest.mark.parametrize(
    "origin",
    [
        "news.example",
        "ftp://a",
        "https://a/b",
        "https://a?b",
        "https://u@a",
        "*",
        "null",
        "https://a:x",
    ],
)
def test_anything_else_is_no_origin(origin: str) -> None:
    with pytest.raises(Unacceptable):
        normalise_origin(origin)
