"""A comment's text as HTML. The one place where HTML is made from what a reader wrote."""

import re
from collections.abc import Sequence
from typing import Any
from urllib.parse import urlsplit

import nh3
from markdown_it import MarkdownIt
from markdown_it.common.utils import mdTrim
from markdown_it.token import Token

# Stored beside each rendered text; raising it says that older ones must be rendered again.
RENDER_VERSION = 2

TAGS = {"p", "br", "em", "strong", "code", "pre", "blockquote", "ul", "ol", "li", "a", "del", "hr"}
SCHEMES = {"http", "https", "mailto"}
# How lines begin that may belong to something else than a paragraph: a list, a quotation, code.
NO_PARAGRAPHS = re.compile(r"^(?:[-~`>*+_0-9]|[ \t]++[^\n])|\r", re.MULTILINE)
BETWEEN_PARAGRAPHS = re.compile(r"\n[ \t]*+\n[ \t\n]*+")
MARKED = re.compile(r"[\\`~*_\[<>&\"\0]| \n")  # what makes HTML other than its letters


def render(body: str) -> str:
    """Safe HTML from the small Markdown that readers may use. Raw HTML in `body` stays text.

    Every link is followed by the host it really leads to, unless its text says so already: the
    commonest trick of phishing is a link that reads like another one.
    """
    # Most comments are paragraphs of mere words: those take no parser, only what tells them.
    if NO_PARAGRAPHS.search(body) or not (text := body.strip(" \t\n")):
        html = _parsed(body)
    else:
        html = "".join(map(_paragraph, BETWEEN_PARAGRAPHS.split(text)))
    return str(CLEANER.clean(html)).strip()


def _paragraph(text: str) -> str:
    if MARKED.search(text):
        return _parsed(text)
    return "<p>" + mdTrim(text).replace("\n", "<br>\n") + "</p>\n"


def _parsed(text: str) -> str:
    tokens = MARKDOWN.parse(text)
    for token in tokens:
        if token.children:
            token.children = _with_hosts(token.children)
    return str(MARKDOWN.renderer.render(tokens, MARKDOWN.options, {}))


def _with_hosts(children: Sequence[Token]) -> list[Token]:
    shown: list[Token] = []
    href, words = "", ""
    for token in children:
        if token.type == "link_open":
            href, words = str(token.attrGet("href") or ""), ""
        if href or token.type not in ("link_open", "link_close"):  # []() leads nowhere
            shown.append(token)
        if token.type == "link_close":
            host = _host(href)
            if host and words.strip() not in (href, host):
                shown.append(_text(f" ({host})"))
        elif token.type in ("text", "code_inline"):
            words += token.content
    return shown


def _host(href: str) -> str:
    try:
        parts = urlsplit(href)
        return (parts.path if parts.scheme == "mailto" else parts.hostname or "")[:100]
    except ValueError:
        return ""


def _text(content: str) -> Token:
    return Token("text", "", 0, content=content)


def _strikethrough(*_: Any) -> str:
    return "<del>"


def _strikethrough_end(*_: Any) -> str:
    return "</del>"


class Parser(MarkdownIt):
    def validateLink(self, url: str) -> bool:
        """Whole addresses only: what is relative leads elsewhere on each page that shows it."""
        return url.partition(":")[0].lower() in SCHEMES


def _markdown() -> MarkdownIt:
    parser = Parser("commonmark", {"html": False, "breaks": True, "maxNesting": 20})
    parser.enable("strikethrough")
    parser.disable(["image", "heading", "lheading", "reference", "html_block", "html_inline"])
    parser.add_render_rule("s_open", _strikethrough)
    parser.add_render_rule("s_close", _strikethrough_end)
    return parser


MARKDOWN = _markdown()
CLEANER = nh3.Cleaner(
    tags=TAGS,
    attributes={"a": {"href"}, "ol": {"start"}},
    url_schemes=SCHEMES,
    link_rel="nofollow ugc noopener noreferrer",
)
