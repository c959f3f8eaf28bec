"""HTML from what readers wrote."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.domain import rendering
from service.domain.rendering import render
from tests.hostile.properties import ensure_rendered


@pytest.mark.parametrize(
    ("body", "html"),
    [
        ("Two\nlines", "<p>Two<br>\nlines</p>"),
        ("*a* **b** ~~c~~ `d`", "<p><em>a</em> <strong>b</strong> <del>c</del> <code>d</code></p>"),
        ("> quoted", "<blockquote>\n<p>quoted</p>\n</blockquote>"),
        ("# no heading", "<p># no heading</p>"),
        ("![pixel](https://t.example/p.png)", None),
        ("<b>bold</b>", "<p>&lt;b&gt;bold&lt;/b&gt;</p>"),
        ("[x](javascript:alert(1))", "<p>[x](javascript:alert(1))</p>"),
    ],
)
def test_the_small_markdown(body: str, html: str | None) -> None:
    rendered = render(body)
    assert "<img" not in rendered
    if html is not None:
        assert rendered == html


def test_links_are_marked_and_show_where_they_lead() -> None:
    html = render("[good.example](http://evil.example/x)")
    assert 'rel="nofollow ugc noopener noreferrer"' in html
    assert "(evil.example)" in html


@pytest.mark.parametrize(
    "body",
    [
        "<http://a.example/b>",
        "[http://a.example/b](http://a.example/b)",
        "[a.example](http://a.example/b)",
    ],
)
def test_a_link_that_says_so_itself_says_it_once(body: str) -> None:
    assert render(body).count("a.example") == 2
    assert "(a.example)" not in render(body)


def test_unreadable_links_do_not_fail() -> None:
    assert render("[x](http://[::1)")
    assert "(a@b.example)" in render("[x](mailto:a@b.example)")


@pytest.mark.parametrize(
    "address",
    ["there", "/desk/queue", "//a.example/b", "?a=b", "#a", "\ufffd-*-", "ftp://a.example"],
)
def test_an_address_that_is_not_whole_stays_text(address: str) -> None:
    body = f"[x]({address})"
    assert render(body) == f"<p>{body}</p>"
    ensure_rendered(f"*[]({address})*")


def test_a_link_to_nowhere_is_its_text() -> None:
    html = render("[x](), [**y**]() and []( ) _z_")
    assert html == "<p>x, <strong>y</strong> and  <em>z</em></p>"


MARKS = (
    "word", "Two\u2003", "*a*", "~~b~~", "[c](http://d.example)", "[g](h)", "[]()", " ", "  ",
    "\t", "\n", "\n\n", "\r", "\u2003", "\f", "\v", "\0", "\\", "- ", "* ", "1. ", "7) ", "> ",
    "```", "~~~", "---", "    ", "# ", "<b>", "<!--", "&amp;", '"', "|", "===",
    "[e]: http://f.example", "`", "_", "٣. ",
)  # fmt: skip


@given(st.text(max_size=300) | st.lists(st.sampled_from(MARKS), max_size=20).map("".join))
def test_only_listed_tags_come_out_whatever_goes_in(body: str) -> None:
    ensure_rendered(body)


@given(st.one_of(st.text(max_size=100), st.lists(st.sampled_from(MARKS), max_size=14).map("".join)))
def test_paragraphs_alone_are_what_the_whole_parser_makes_of_them(body: str) -> None:
    html = render(body)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(rendering, "NO_PARAGRAPHS", re.compile(""))  # then all of it is parsed
        assert render(body) == html


@pytest.mark.parametrize(
    "piece", ["[", "*a ", "**a*", "<", "~~a", "\\", "> ", "- ", "&", "![", "a\n", "`a"]
)
def test_long_rows_of_marks_are_rendered(piece: str) -> None:
    ensure_rendered(piece * (20_000 // len(piece)))
