"""Canaries: somebody whose every word is looked for in all files, before and after erasing."""

import secrets
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import UUID

import psycopg
from sqlalchemy import select, text

from service.store.db import session_at
from service.store.models import Author, Comment
from service.store.reader_tables import IdempotencyKey
from tests.e2e.running import SITE, call, until
from tests.factories import a_reader, a_text

PAGE = "/forgotten"
ADDRESS, OTHERS = "203.0.113.177", "198.51.100.9"
# An index of words keeps of each what differs from the one before it.
KEPT_OF_A_WORD = 10


def word() -> str:
    """One that nobody else writes, of letters alone, so that it is the same wherever it stands."""
    return "".join(secrets.choice("bcdfghjklmnpqrstvwxz") for _ in range(16))


def words(*names: str) -> dict[str, str]:
    return {name: word() for name in names}


@dataclass
class Written:
    """What is to be looked for: what is stored of an author, and what may never be written down."""

    stored: dict[str, str] = field(
        default_factory=lambda: words(
            "name", "body", "edited", "note", "message", "report", "standing"
        )
    )
    made_of_it: dict[str, str] = field(default_factory=dict)
    never: dict[str, str] = field(
        default_factory=lambda: words("email", "key", "browser") | {"address": ADDRESS}
    )

    @property
    def email(self) -> str:
        return f"ann@{self.never['email']}.example"

    @property
    def personal(self) -> dict[str, str]:
        """What is in the files until it is erased."""
        return self.stored | self.made_of_it


class Files:
    """All files that hold anything: the database's, Redis's, logs, and what was printed."""

    def __init__(self, url: str, folder: Path) -> None:
        self.url = url
        self.folders = [folder]

    def with_any(self, looked_for: dict[str, str]) -> dict[str, list[str]]:
        """By name of what is looked for, the files that hold it."""
        found: dict[str, list[str]] = {}
        paths = {path for folder in self.folders for path in folder.rglob("*") if path.is_file()}
        for path in sorted(paths):
            content = path.read_bytes()
            for name, one in looked_for.items():
                if one[-KEPT_OF_A_WORD:].encode() in content:
                    found.setdefault(name, []).append(path.name)
        return found

    def write_down(self) -> None:
        """Now, what the database would sooner or later."""

    def knows(self, one: str) -> bool:
        """Whether the index of words has it, in a table of its own."""
        with session_at(self.url) as session:
            blocks = session.execute(text("SELECT block FROM search_index_data")).scalars()
            return any(one[-KEPT_OF_A_WORD:].encode() in block for block in blocks)

    def forget_the_log(self) -> None:
        """`scrub` has emptied it."""


class FilesOfPostgresql(Files):
    def __init__(self, url: str, folder: Path) -> None:
        super().__init__(url, folder)
        [[place, oid]] = self._ask(
            "SELECT current_setting('data_directory'), oid FROM pg_database"
            " WHERE datname = current_database()"
        )
        data = Path(place)
        self.folders += [data / "base" / str(oid), data / "global", data / "pg_wal"]

    def _ask(self, *statements: str) -> list[Any]:
        with psycopg.connect(self.url, autocommit=True) as connection:
            cursors = [connection.execute(one) for one in statements]
            return cursors[-1].fetchall() if cursors[-1].description else []

    def write_down(self) -> None:
        self._ask("ANALYZE", "CHECKPOINT")

    def knows(self, one: str) -> bool:
        """Whether the planner has it among its samples."""
        [[count]] = self._ask(
            "SELECT count(*) FROM pg_stats WHERE histogram_bounds::text LIKE '%" + one + "%'"
            " OR most_common_vals::text LIKE '%" + one + "%'"
        )
        return bool(count)

    def forget_the_log(self) -> None:
        """As docs/operations.md says for who cannot wait."""
        self._ask("ALTER SYSTEM SET wal_recycle = off", "SELECT pg_reload_conf()")
        for _ in range(2):
            self._ask("SELECT pg_switch_wal()", "CHECKPOINT")


def files_of(url: str, folder: Path) -> Files:
    return (Files if "sqlite" in url else FilesOfPostgresql)(url, folder)


@dataclass
class Service:
    """Where it is asked, and by which token a moderator decides."""

    address: str
    token: str

    def post(self, body: str, *, name: str, address: str, **given: Any) -> dict[str, Any]:
        author = {"name": name} | ({"email": given["email"]} if "email" in given else {})
        new = {"site": SITE, "page": PAGE, "body": body, "author": author,
               "parent": given.get("parent")}  # fmt: skip
        headers = {"X-Forwarded-For": address, "User-Agent": given.get("browser", "Firefox")}
        if "key" in given:
            headers["Idempotency-Key"] = given["key"]
        answer = call("POST", f"{self.address}/v1/comments", body=new, headers=headers)
        assert answer.status == 202, answer.text
        receipt: dict[str, Any] = answer.json
        return receipt

    def reader(self, method: str, path: str, body: Any, **headers: str) -> None:
        answer = call(method, self.address + path, body=body, headers=headers)
        assert answer.status < 300, answer.text

    def moderator(self, method: str, path: str, body: Any = None) -> Any:
        headers = {"Authorization": f"Bearer {self.token}"}
        answer = call(method, self.address + path, body=body, headers=headers)
        assert answer.status < 300, answer.text
        return answer.json

    def versions(self, comment: str) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self.moderator("GET", f"/v1/moderation/comments/{comment}")[
            "revisions"
        ]
        return found

    def wait_for(self, comment: str, *states: str) -> None:
        def are() -> bool:
            return tuple(one["state"] for one in self.versions(comment)) == states

        until(are, f"versions that are {states}", seconds=30)


def live(service: Service, written: Written) -> str:
    """Somebody writes, edits, is reported, answered, refused, and watched; answers the comment."""
    texts = [a_text(secrets.randbelow(10**9)) for _ in range(3)]
    stored, never = written.stored, written.never
    receipt = service.post(
        f"{stored['body']}. {texts[0]}", name=stored["name"], address=ADDRESS,
        email=written.email, key=never["key"], browser=never["browser"],
    )  # fmt: skip
    comment = str(receipt["id"])
    never["edit token"] = receipt["edit_token"]
    service.wait_for(comment, "approved")
    report = {"reason": "other", "note": stored["report"]}
    service.reader("POST", f"/v1/comments/{comment}/reports", report, **a_reader(1))
    service.reader("PUT", f"/v1/comments/{comment}/vote", {"value": 1}, **a_reader(2))
    reply = service.post(texts[1], name="Bob", address=OTHERS, parent=comment)
    service.wait_for(str(reply["id"]), "approved")
    edit = {"Authorization": f"Edit {receipt['edit_token']}", "X-Forwarded-For": ADDRESS}
    body = {"body": f"{stored['edited']}. {texts[2]}"}
    service.reader("PATCH", f"/v1/comments/{comment}", body, **edit)
    service.wait_for(comment, "superseded", "approved")
    newest = service.versions(comment)[-1]["revision"]
    line = {"comment": comment, "revision": newest, "seen": "approved",
            "to": "rejected", "note": stored["note"], "message": stored["message"]}  # fmt: skip
    service.moderator("POST", "/v1/moderation/decisions", {"decisions": [line]})
    standing = {"comment": comment, "kind": "author", "standing": "watched",
                "note": stored["standing"]}  # fmt: skip
    service.moderator("POST", "/v1/moderation/standings", standing)
    return comment


def made_of(url: str, comment_id: str) -> dict[str, str]:
    """Hashes and what is sealed."""
    with session_at(url) as session:
        comment = session.get_one(Comment, UUID(comment_id))
        author = session.get_one(Author, comment.author_id)
        of_comment = select(IdempotencyKey).where(IdempotencyKey.comment_id == comment.id)
        key = session.scalars(of_comment).one()
    made = {
        "identity": author.identity,
        "e-mail sealed": author.email_sealed,
        "e-mail keyed": author.email_key,
        "hash of the address": comment.address_hash,
        "hash of the key": key.key_hash,
        "hash of what was sent": key.body_hash,
    }
    return {name: str(one) for name, one in made.items()}
