"""After signing in, a browser goes on to a page of this service, wherever a link says to go."""

from urllib.parse import urljoin, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.domain.own_addresses import own_path

OWN = ["/", "/desk/", "/desk/audit?kind=role&page=2", "/desk/queue?q=%C3%A9t%C3%A9", "/desk/a:b"]
ELSEWHERE = [
    "", "desk/", "?next=/desk/", "#top", " /desk/", "/désk/", "/desk/ x", "/" + "a" * 3_000,
    "//evil.example", "///evil.example", "//[::1", "https://evil.example", "https:evil.example",
    "http:///evil.example", "javascript:alert(1)", "JavaScript:alert(1)", "data:text/html,x",
    "/\\evil.example", "\\\\evil.example", "/\\/evil.example", "/desk\\..\\x",
    "\t//evil.example", "/\t/evil.example", "/\n/evil.example", "/\r\n/evil.example",
    "/desk/\r\nSet-Cookie: a=b", "/desk/\x00", "/desk/\x7f",
    "/%2fevil.example", "/%5Cevil.example", "/%09/evil.example", "/desk/%0d%0aSet-Cookie:a",
    "/desk/../../x", "/desk//evil", "/%2e%2e/x",
]  # fmt: skip


@pytest.mark.parametrize("path", OWN)
def test_own_paths_are_followed(path: str) -> None:
    assert own_path(path) == path


@pytest.mark.parametrize("text", ELSEWHERE)
def test_nothing_else_is(text: str) -> None:
    assert own_path(text) is None


def test_none_leads_nowhere() -> None:
    assert own_path(None) is None


@given(st.text(alphabet="/\\:.@?#%25fFcC09\t\n aehtps", max_size=40))
def test_whatever_passes_stays_on_this_host(text: str) -> None:
    found = own_path(text)
    if found is not None:
        assert urlsplit(urljoin("https://desk.example/sign-in", found)).netloc == "desk.example"
