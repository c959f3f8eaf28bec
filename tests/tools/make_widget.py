"""Writes service/embed/static/comments.js and its siblings from the modules in service/embed/src.

Run it as `python -m tests.tools.make_widget` after changing a module, the style or a message. The
results are committed, so that the service needs no bundler; a test compares them.
"""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import minify

EMBED = Path(__file__).parents[2] / "service" / "embed"
SOURCES, TARGETS = EMBED / "src", EMBED / "static"
SCRIPTS = ("comments.js", "count.js")
FRAGMENT = ("comments.css", "fragment.css")  # the style of comments that came with the page
ENGLISH = "messages/en.json"  # comes along with the script; the others are files of their own
MESSAGE = re.compile(r"\bM\.(\w+)")
IMPORT = re.compile(
    r'^import (?:(\w+|\{[^}]*\}) from )?"\./([\w./]+)"(?: with \{[^}]*\})?;\n', re.MULTILINE
)


def main() -> None:
    for name, content in made():
        (TARGETS / name).write_text(content, encoding="utf-8")
        print(f"{name}: {len(content.encode()):,} bytes")


def made() -> Iterator[tuple[str, str]]:
    """The name and the content of every file that is made."""
    for name in SCRIPTS:
        yield name, bundle(name)
    css = "".join(_source(name) for name in FRAGMENT)
    yield "fragment.css", minify.string("text/css", css)
    for path in sorted((SOURCES / "messages").glob("*.json")):
        if path.relative_to(SOURCES).as_posix() != ENGLISH:
            yield path.name, _dumped(_numbered(messages(path.stem)))


def messages(language: str) -> dict[str, Any]:
    read: dict[str, Any] = json.loads(_source(f"messages/{language}.json"))
    return read


def bundle(entry: str) -> str:
    """The module and all that it imports as one classic script; what is imported stands first."""
    modules: dict[str, str] = {}
    _collect(entry, modules)
    script = "\n".join(modules.values())
    numbers = {name: str(number) for number, name in enumerate(names())}
    english, used = messages("en"), set(MESSAGE.findall(script))
    kept = [english[name] if name in used else 0 for name in numbers]
    script = MESSAGE.sub(lambda found: numbers[found[1]], script)
    whole = f'(()=>{{"use strict";const english={_dumped(kept)};{script}}})();'
    minified: str = minify.string("application/javascript", whole)
    return minified


def _collect(name: str, modules: dict[str, str]) -> None:
    text = _source(name)
    modules[name] = ""  # so that two modules which need each other end
    inlined = ""
    for binding, imported in IMPORT.findall(text):
        if imported.endswith(".css"):
            css = minify.string("text/css", _source(imported))
            inlined += f"const {binding} = {_dumped(css)};\n"
        elif imported.endswith(".js") and imported not in modules:
            _collect(imported, modules)
    del modules[name]  # and again at the end: after what it imports
    modules[name] = inlined + re.sub(r"^export ", "", IMPORT.sub("", text), flags=re.MULTILINE)


def names() -> list[str]:
    """Of the messages that scripts say, in the order in which they know them by number."""
    scripts = "".join(_source(path.name) for path in SOURCES.glob("*.js"))
    said = set(MESSAGE.findall(scripts))
    return [name for name in messages("en") if name in said]


def _numbered(texts: dict[str, Any]) -> list[Any]:
    return [texts[name] for name in names()]


def _dumped(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _source(name: str) -> str:
    return (SOURCES / name).read_text(encoding="utf-8")


if __name__ == "__main__":
    main()
