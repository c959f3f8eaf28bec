"""What holds for each page of the desk, those that are yet to come included."""

import re
from pathlib import Path

import pytest

from service.desk.pages import PAGES, Page
from tests.rules.sources import ours, text
from tests.service.desk.visiting import OURS, Visitor

SOME_ID = "01890a5d-ac96-774b-bcce-b302099a8057"
READ = [page for page in PAGES if page.method == "GET"]
SENT = [page for page in PAGES if page.method == "POST"]
TEMPLATES = [path for path in ours(".html") if path.parts[:2] == ("service", "desk")]
# Of people who are not signed in yet: no session is there for a number to belong to.
DOORS = {"sign_in.html", "code.html", "invitation.html", "reset.html"}
FORM = re.compile(r'<form\b[^>]*\bmethod="post"[^>]*>.*?</form>', re.DOTALL)


def address(page: Page) -> str:
    path = re.sub(r"<uuid:\w+>", SOME_ID, page.path).replace("<site>", "news")
    return "/desk" + re.sub(r"<int:\w+>", "1", path).replace("<secret>", "x")


def test_nobody_frames_keeps_or_shares_any(desk: Visitor) -> None:
    for page in READ:
        headers = desk.get(address(page)).headers
        assert headers["X-Content-Type-Options"] == "nosniff", page
        assert "no-store" in headers["Cache-Control"], page
        if headers["Content-Type"].startswith("text/html"):
            assert "default-src 'none'" in headers["Content-Security-Policy"], page
            assert "frame-ancestors 'none'" in headers["Content-Security-Policy"], page
            assert "unsafe" not in headers["Content-Security-Policy"], page
            assert headers["Cross-Origin-Resource-Policy"] == "same-origin", page
            assert headers["Cross-Origin-Opener-Policy"] == "same-origin", page


FOREIGN: tuple[dict[str, str], ...] = (
    {}, {"Origin": "https://evil.example"}, {"Origin": "null"},
    {**OURS, "Sec-Fetch-Site": "cross-site"}, {**OURS, "Sec-Fetch-Site": "same-site"},
)  # fmt: skip


def test_no_other_website_sends_a_form(desk: Visitor) -> None:
    fields = {"csrf": desk.csrf, "new": "heron kettle gravel plum"}
    for page in SENT:
        for headers in FOREIGN:
            answer = desk.client.post(address(page), data=fields, headers=headers)
            assert answer.status_code == 403, (page, headers)


def test_a_form_belongs_to_a_session(desk: Visitor) -> None:
    for page in SENT:
        for fields in ({}, {"csrf": ""}, {"csrf": "0" * 64}):
            if page.permission or page.own:
                answer = desk.client.post(address(page), data=fields, headers=OURS)
                assert answer.status_code == 403, page


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.name)
def test_each_form_says_which_session_it_belongs_to(path: Path) -> None:
    forms = FORM.findall(text(path)) if path.name not in DOORS else []
    assert [form for form in forms if not re.search(r"\{\{-?\s*csrf", form)] == []
