"""What pages offer to whoever has no script: their links and forms, as they would be sent."""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from html.parser import HTMLParser
from urllib.parse import urldefrag, urljoin, urlsplit

from werkzeug.test import TestResponse

ID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
MOST_PAGES = 200  # no visit looks at more: a desk whose links have no end would be a fault
MOST_ALIKE = 2


@dataclass
class Form:
    method: str
    action: str
    fields: dict[str, str] = field(default_factory=dict)

    def __str__(self) -> str:
        return f"{self.method} {self.action}"

    def about(self, others: Mapping[str, str]) -> "Form":
        """The same about something else: each name that is a key is replaced."""
        if not others:
            return self
        name = re.compile("|".join(map(re.escape, others)))

        def other(text: str) -> str:
            return name.sub(lambda found: others[found[0]], text)

        fields = {key: other(value) for key, value in self.fields.items()}
        return replace(self, action=other(self.action), fields=fields)


def visit(
    get: Callable[[str], TestResponse], starts: Iterable[str], *, within: str = "/desk/"
) -> list[Form]:
    """Follows what leads on, to two pages of each kind; answers a form of each kind."""
    seen: Counter[str] = Counter()
    forms: dict[str, Form] = {}
    addresses = list(starts)
    for address in addresses:
        assert len(addresses) < MOST_PAGES
        answer = get(address)
        assert answer.status_code < 400, (address, answer.text)
        page = Offered(address, answer.text)
        for link in [*page.links, *([answer.location] if answer.location else [])]:
            kinds = kinds_of(link)
            is_wanted = link.startswith(within) and min(seen[kind] for kind in kinds) < MOST_ALIKE
            if is_wanted and link not in addresses:
                seen.update(kinds)
                addresses.append(link)
        for form in page.forms:
            forms.setdefault(f"{form.method} {path_of(form.action)} {sorted(form.fields)}", form)
    return list(forms.values())


def path_of(address: str) -> str:
    return re.sub(r"/\d+", "/1", ID.sub("ID", urlsplit(address).path))


def kinds_of(address: str) -> set[str]:
    """A page is of another kind when its path or the name of one of its parameters is."""
    names = [pair.partition("=")[0] for pair in urlsplit(address).query.split("&")]
    return {f"{path_of(address)}?{name}" for name in names}


class Offered(HTMLParser):
    """A page's links and forms, with the fields as they stand."""

    def __init__(self, address: str, html: str) -> None:
        super().__init__()
        self.links: list[str] = []
        self.forms: list[Form] = []
        self._address = address
        self._form: Form | None = None
        self._select = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        name, value = given.get("name", ""), given.get("value", "")
        if tag == "a" and "href" in given:
            self.links.append(self._whole(given["href"]))
        elif tag == "form":
            self._form = Form(
                given.get("method", "get").lower(), self._whole(given.get("action", ""))
            )
            if self._form.method in ("get", "post"):
                self.forms.append(self._form)
        elif tag == "select":
            self._select = name
        elif tag in ("input", "textarea", "button"):
            self._fill(name, value)
        elif tag == "option":
            self._fill(self._select, value, is_chosen="selected" in given)

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._form = None
        elif tag == "select":
            self._select = ""

    def _fill(self, name: str, value: str, *, is_chosen: bool = False) -> None:
        if self._form is not None and name and (is_chosen or not self._form.fields.get(name)):
            self._form.fields[name] = value

    def _whole(self, address: str) -> str:
        return urldefrag(urljoin(self._address, address))[0]
