"""What leaves the repository: no machine's paths, no registries, and pages without inline code."""

import re
from pathlib import Path

from tests.rules.sources import ours, repository, text

BINARY = {".png", ".jpg", ".ico", ".woff2", ".gz", ".db", ".model"}
MACHINE = re.compile(r"""(?<![\w.:~<-])/(?:home|Users|root|work)/[\w.-]+|[A-Z]:\\Users\\""")
REGISTRY = re.compile(
    r"pypi\.org|pythonhosted\.org|registry\.npmjs\.|deb\.debian\.org|/simple/"
    r"|(?<!no-emit-)\b(?:index-url|trusted-host|find-links)[ =]"
)
INLINE = {
    # Data, such as JSON, is no code: browsers never run it, and policies do not mind it.
    "an inline script": re.compile(
        r"""<script(?![^>]*\s(?:src=|type="application/json"))""", re.IGNORECASE
    ),
    "an inline style sheet": re.compile(r"<style\b", re.IGNORECASE),
    "a style attribute": re.compile(r"<[a-z][^<>]*\sstyle\s*=", re.IGNORECASE),
    "an event handler": re.compile(r"<[a-z][^<>]*\son[a-z]+\s*=", re.IGNORECASE),
    "a javascript: address": re.compile(r"""["']\s*javascript:""", re.IGNORECASE),
}
SINKS = re.compile(r"\beval\(|new Function\(|document\.write|insertAdjacentHTML|outerHTML\s*=")


def _texts() -> list[Path]:
    return [
        path
        for path in repository()
        if path.suffix not in BINARY and path.name != Path(__file__).name
    ]


def test_no_file_names_a_machine_or_a_registry():
    found = [
        f"{path}: {match[0]}"
        for path in _texts()
        for pattern in (MACHINE, REGISTRY)
        if (match := pattern.search(text(path)))
    ]
    assert not found


def test_pages_have_no_inline_code():
    """Publishers' and our own policies forbid it, and so nothing injected could run."""
    found = [
        f"{path} has {what}: {match[0]}"
        for path in repository()
        if path.suffix == ".html"
        for what, pattern in INLINE.items()
        if (match := pattern.search(text(path)))
    ]
    assert not found


def test_scripts_make_no_code_of_text():
    found = [f"{path}: {m[0]}" for path in ours(".js") if (m := SINKS.search(text(path)))]
    assert not found


def test_html_is_inserted_in_one_place_of_a_script():
    twice = [
        str(path) for path in ours(".js") if len(re.findall(r"\.innerHTML\s*=", text(path))) > 1
    ]
    assert not twice


def test_templates_pass_no_text_by_the_escaping():
    """Only HTML that service/domain/rendering.py made is inserted as it stands."""
    passed = {
        f"{path}: {name}"
        for path in ours(".html")
        for name in re.findall(r"\{\{\s*([^}|]*?)\s*\|\s*safe\b", text(path))
        if name != "comment.body_html"
    }
    assert not passed
