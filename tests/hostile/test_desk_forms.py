"""Every form of the desk, found by following its links, and sent as no page would send it."""

import re
from collections.abc import Callable, Iterator
from itertools import cycle
from urllib.parse import quote_from_bytes

import pytest
from flask import Flask
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from service.api.problem_types import PROBLEMS
from service.desk.pages import PAGES
from tests.hostile.forms import Form, path_of, visit
from tests.hostile.stage import SECRET_WORD, TELLING, slug_of
from tests.hostile.two_sites import MINE, TwoSites
from tests.service.desk.people import enter
from tests.service.desk.visiting import OURS, Visitor, sign_in

SENT = OURS | {"Content-Type": "application/x-www-form-urlencoded"}
CANARY = b"<zqx7canary>\"'"
MANY = 12  # fields of a form
ROUNDS = 8
HOSTILE = (
    b"", b"   ", b"a\0b", b"\xff\xfe", b"\xed\xa0\x80", b"x" * 70_000, b"9" * 400, b"-1", b"0.5", b"1e400", b"nan",
    b"2147483648", b"9223372036854775808", "\u0663\u0664".encode(), b"null", b"[[[[", b"true", CANARY, b"' OR 1=1;--",
    b"%", b"%s%(a)s{0}{a.b}", b"9999-99-99T99:99", b"0001-01-01", b"9999-12-31T23:59:59+14:00",
    b"2026-11-27T10:00:00+99:99", b"00000000-0000-0000-0000-000000000000", b"{01890a5d-ac96-774b-bcce-b302099a8057}",
    b"//evil.example", b"http://[::1", "\u202eabc\U000e0041".encode(), b"a\r\nSet-Cookie: evil=1", b"a=b&c=d;e=%zz",
)  # fmt: skip
# Forms that no page shows to whoever is signed in, or not in the state that the stage is in.
NOT_SHOWN = {
    "/desk/sign-in/code", "/desk/invitation/<secret>", "/desk/reset/<secret>", "/desk/account/second-factor/confirmation",
    "/desk/account/second-factor/recovery-codes", "/desk/account/second-factor/removal", "/desk/bulk/ID/cancel",
    "/desk/bulk/ID/undo",
}  # fmt: skip
STATUSES = {problem.status for problem in PROBLEMS.values()}
Fields = list[tuple[bytes, bytes]]


class Sender(Visitor):
    """Somebody at the desk, the forms found there, and the way in."""

    def __init__(self, app: Flask, enters: Callable[[Visitor], object]) -> None:
        super().__init__(app.test_client())
        self._enters = enters
        self.forms: list[Form] = []
        self.enter()

    def enter(self) -> None:
        self._enters(self)
        self.get("/desk/account")

    def submit(self, form: Form, fields: Fields) -> TestResponse:
        data = "&".join(
            f"{quote_from_bytes(name)}={quote_from_bytes(value)}" for name, value in fields
        )
        if form.method == "get":
            return self.client.get(form.action, query_string=data)
        return self.client.post(form.action, data=data, headers=SENT)

    def fill(self, form: Form, **changes: str) -> dict[bytes, bytes]:
        """As the page would send it, but for `changes`."""
        token = {"csrf": self.csrf} if "csrf" in form.fields else {}
        fields = form.fields | token | changes
        return {name.encode(): value.encode() for name, value in fields.items()}


@pytest.fixture
def sites(
    app: Flask, session: Session, bearer: dict[str, str], judge: Callable[..., int]
) -> TwoSites:
    sites = TwoSites(app, session, bearer)
    sites.set_up(judge)
    return sites


@pytest.fixture
def senders(app: Flask, session: Session, sites: TwoSites) -> list[Sender]:
    """An administrator of my site by a token, a moderator by password, and somebody at the door."""
    admin = Sender(app, lambda one: sign_in(one, session, scope="admin", site=MINE))
    person = Sender(app, lambda one: enter(one, f"mod@{MINE}.example"))
    stranger = Sender(app, lambda one: None)
    batch = admin.send("/desk/bulk", view="", to="spam").location
    admin.forms = visit(admin.get, ("/desk/", f"/desk/?undo={sites.decisions[MINE]}", batch))
    person.forms = visit(person.get, ("/desk/account",), within="/desk/account")
    stranger.forms = visit(stranger.get, ("/desk/sign-in",))
    return [admin, person, stranger]


def test_no_form_does_what_no_page_would_send(sites: TwoSites, senders: list[Sender]) -> None:
    ensure_all_found(senders)
    before = sites.contents()
    found = [fault for sender in senders for fault in unguarded(sender, sites)]
    after = sites.contents()
    found += [f"something changed: {name}" for name in after if after[name] != before[name]]
    values = cycle(HOSTILE)
    if sites.session.get_bind().dialect.name == "postgresql":  # the two share them
        next(values)
    found += [fault for sender in senders for fault in damaged(sender, values)]
    assert not found, "\n".join(found)


def ensure_all_found(senders: list[Sender]) -> None:
    found = {path_of(form.action) for one in senders for form in one.forms if form.method == "post"}
    paths = {"/desk" + page.path for page in PAGES if page.method == "POST"}
    kinds = {re.sub(r"<uuid:\w+>", "ID", path).replace("<site>", MINE) for path in paths}
    assert kinds - found == NOT_SHOWN


def unguarded(sender: Sender, sites: TwoSites) -> Iterator[str]:
    """Without the session's number, and about what is at the other site."""
    for form in sender.forms:
        for csrf in ("", "0" * 64):
            if form.method == "post" and "csrf" in form.fields:
                answer = sender.submit(form, list(sender.fill(form, csrf=csrf).items()))
                if answer.status_code != 403:
                    yield f"{form} with the number {csrf!r}: {answer.status}"
        theirs = form.about(sites.others)
        if theirs != form:
            answer = sender.submit(theirs, list(sender.fill(theirs).items()))
            if SECRET_WORD in answer.text:
                yield f"{form} tells of another site"


def damaged(sender: Sender, values: Iterator[bytes]) -> Iterator[str]:
    tried: set[tuple[str, bytes]] = set()
    for form in sender.forms:
        path, plain = f"{form.method} {path_of(form.action)}", sender.fill(form)
        names = [name for name in plain if name != b"csrf" and (path, name) not in tried]
        tried |= {(path, name) for name in names}
        for what, fields in damages(plain, names, values):
            answer = sender.submit(form, fields)
            yield from (f"{form}, {what}: {fault}" for fault in faults(answer))
            if answer.status_code in (401, 403):
                sender.enter()


def damages(
    plain: dict[bytes, bytes], names: list[bytes], values: Iterator[bytes]
) -> Iterator[tuple[str, Fields]]:
    if len(names) > MANY:  # each is looked at, and told of, by itself
        for _ in range(ROUNDS):
            yield "all are wrong", list((plain | {name: next(values) for name in names}).items())
        names = names[:2]
    for name in names:
        value = next(values)
        yield f"{name!r} is {value[:30]!r}", list((plain | {name: value}).items())
        yield f"{name!r} twice", [*plain.items(), (name, CANARY)]
        yield f"without {name!r}", [pair for pair in plain.items() if pair[0] != name]
    if names:
        unknown = [(b"unknown%d" % number, CANARY) for number in range(2_000)]
        yield "unknown fields", [*plain.items(), *unknown]


def faults(answer: TestResponse) -> Iterator[str]:
    """A page of the desk, or a problem, that tells nothing and leads nowhere else."""
    if answer.status_code >= 500:
        yield answer.status
    if told := TELLING.search(answer.text):
        yield f"it tells {told[0]!r}"
    if (
        SECRET_WORD in answer.text
        or CANARY.decode() in answer.text
        or "evil" in str(answer.headers)
    ):
        yield "it repeats what was sent, or tells of another site"
    if answer.location and not answer.location.startswith("/desk"):
        yield f"it leads to {answer.location}"
    if answer.status_code >= 400 and answer.mimetype != "text/html":
        slug_of(answer)
    if answer.status_code >= 400 and answer.status_code not in STATUSES:
        yield f"no problem has {answer.status}"
