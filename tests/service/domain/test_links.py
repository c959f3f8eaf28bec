"""Links are found in whatever dress, and prose is not taken for links."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.domain.links import find_links, host_of, is_within, normal_host, without_links

PIECES = [
    "http://",
    "www",
    ".",
    " dot ",
    "[.]",
    "com",
    "a",
    "é",
    "@",
    "/",
    "(",
    ")",
    " ",
    "\u200b",
    "。",
    "xn--",
    ":",
]


def found(text):
    return [(text[link.span.start : link.span.end], link.host) for link in find_links(text)]


@pytest.mark.parametrize(
    ("text", "link", "host"),
    [
        ("see http://Example.com/a_(b).", "http://Example.com/a_(b)", "example.com"),
        ("(https://example.com/x?y=1#z)", "https://example.com/x?y=1#z", "example.com"),
        ("go to www.example.org!", "www.example.org", "www.example.org"),
        ("www.google.it", "www.google.it", "www.google.it"),
        ("try example.com.", "example.com", "example.com"),
        ("see example.com.Then leave", "example.com", "example.com"),
        ("EXAMPLE.NET", "EXAMPLE.NET", "example.net"),
        ("x youtu.be/abc y", "youtu.be/abc", "youtu.be"),
        ("bbc.co.in", "bbc.co.in", "bbc.co.in"),
        ("http://user@evil.com:80/x", "http://user@evil.com:80/x", "evil.com"),
        ("http://127.0.0.1:6379/", "http://127.0.0.1:6379/", "127.0.0.1"),
        ("http://[::1]/x", "http://[::1]/x", "[::1]"),
        ("gopher://old.example/1", "gopher://old.example/1", "old.example"),
        ("http://müller.de", "http://müller.de", "xn--mller-kva.de"),
        ("http://例え.jp/", "http://例え.jp/", "xn--r8jz45g.jp"),
        ("访问example.com吧", "example.com", "example.com"),
        ("пример.рф", "пример.рф", "xn--e1afmkfd.xn--p1ai"),
        ("xn--e1afmkfd.xn--p1ai", "xn--e1afmkfd.xn--p1ai", "xn--e1afmkfd.xn--p1ai"),
        ("@evil.com", "evil.com", "evil.com"),
    ],
)
def test_plain_links_are_found(text, link, host):
    assert found(text) == [(link, host)]
    assert not find_links(text)[0].disguised


@pytest.mark.parametrize(
    ("text", "link"),
    [
        ("hxxp://example.com/x", "hxxp://example.com/x"),
        ("at example dot com today", "example dot com"),
        ("example[.]com", "example[.]com"),
        ("example (dot) com", "example (dot) com"),
        ("example。com", "example。com"),
        ("example․com", "example․com"),
        ("example•com", "example•com"),
        ("ｅｘａｍｐｌｅ．ｃｏｍ", "ｅｘａｍｐｌｅ．ｃｏｍ"),
        ("exam\u200bple.com", "exam\u200bple.com"),
        ("example . com", "example . com"),
        ("example .com", "example .com"),
        ("example&#46;com", "example&#46;com"),
        ("example\\.com", "example\\.com"),
        ("http://example dot com now", "http://example dot com"),
    ],
)
def test_disguised_links_are_found_and_called_so(text, link):
    assert found(text) == [(link, "example.com")]
    assert find_links(text)[0].disguised


def test_a_host_that_mixes_scripts_is_disguised():
    assert [link.disguised for link in find_links("еvil.com http://gооgle.com")] == [True, True]


@pytest.mark.parametrize(
    "text",
    [
        "That is the end.Next we go",
        "end.Today it rains",
        "stop.it is enough",
        "e.g. this, i.e. that, etc.",
        "3.5 or 1,000.00",
        "at 5 p.m. in the U.S.A.",
        "Node.js and main.py",
        "the dot com bubble",
        "He left. Com is short",
        "write to ann@example.com or ann@mail.example.com",
        "wait...com",
        "and/or",
        "://",
        "",
    ],
)
def test_prose_is_not_taken_for_links(text):
    assert found(text) == []


def test_each_target_of_markdown_links_counts():
    assert [host for _, host in found("[http://a.com](http://b.com) [c](http://c.com)")] == [
        "a.com",
        "b.com",
        "c.com",
    ]


def test_links_are_blanked_without_moving_anything():
    assert without_links("see http://a.com/x now") == "see                now"


@pytest.mark.parametrize(
    ("host", "within"),
    [
        ("evil.com", True),
        ("a.b.evil.com", True),
        ("notevil.com", False),
        ("evil.com.example", False),
        ("com", False),
        ("", False),
        ("x." * 5_000 + "evil.com", True),
    ],
)
def test_domains_match_by_whole_labels(host, within):
    assert is_within(host, {"evil.com"}) is within


@pytest.mark.parametrize(
    ("address", "host"),
    [
        ("https://News.example:8443/a?b", "news.example"),
        ("evil.com", "evil.com"),
        ("*.evil.com", "evil.com"),
        (" .evil.com. ", "evil.com"),
        ("https://müller.de", "xn--mller-kva.de"),
        ("http://u:p@h.example", "h.example"),
        ("", ""),
    ],
)
def test_hosts_of_origins_and_listed_domains(address, host):
    assert host_of(address) == host


@pytest.mark.parametrize("host", ["ü" * 300, "é" * 64 + ".com", "é..com", "\ud800é.com", "\u200b"])
def test_hosts_that_idna_refuses_stay_as_they_are(host):
    assert isinstance(normal_host(host), str)


@given(st.one_of(st.lists(st.sampled_from(PIECES), max_size=30).map("".join), st.text(max_size=80)))
def test_links_lie_in_order_within_the_text(text):
    after = 0
    for link in find_links(text):
        assert after <= link.span.start < link.span.end <= len(text)
        after = link.span.end
    assert len(without_links(text)) == len(text)


@pytest.mark.parametrize(
    "piece",
    ["a.", "http://", "a dot ", "[.]", "http://x(", "&#0", "www.", "a@", "-", "a. ", "\ufdfa."],
)
def test_long_hostile_texts_are_worked_through(piece):
    assert len(find_links((piece * 20_000)[:20_000])) <= 20_000
