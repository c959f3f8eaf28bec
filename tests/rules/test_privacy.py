"""What leaves the repository: no machine's paths, no registries, and pages without inline code.

And what stays in the database when somebody is erased: only what has a reason.
"""

import re
from collections.abc import Mapping
from pathlib import Path

from sqlalchemy import JSON, LargeBinary, String

from service.app import create_app
from service.store.audit import CONTENT
from service.store.db import Base
from service.store.erasing import BLANK_AUTHOR, BLANK_COMMENT, BLANK_REVISION
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


# Columns of text, or made of text, that `afterword author erase` blanks or deletes with their row.
ERASED = {
    "authors": {*BLANK_AUTHOR, "identity"},
    "batches": {"note", "message", "asked"},
    "comments": {*BLANK_COMMENT},
    "decisions": {*CONTENT, "salt"},
    "filter_models": {"content", "good"},
    "idempotency_keys": {"key_hash", "body_hash"},
    "replays": {"result"},
    "reports": {"note", "reader"},
    "revisions": {*BLANK_REVISION},
    "search_entries": {"words"},
    "standings": {"subject", "note"},
    "votes": {"reader"},
    "watched_addresses": {"address_hash", "subject"},
}
WORD, MODERATORS = "a word of ours", "about those who moderate"
HASHES, PUBLISHERS = "hashes of the log itself", "the publisher's"
STAYS: Mapping[str, str] = {
    "audit.kind": WORD,
    "audit.action": WORD,
    "audit.by": MODERATORS,
    "audit.actor": WORD,
    "audit.details": "ids, states and reasons; never a text",
    "audit.content": "salted, and the salt goes",
    "audit.prev": HASHES,
    "audit.hash": HASHES,
    "audit_head.hash": HASHES,
    "backfills.name": WORD,
    "batches.by": MODERATORS,
    "batches.stage": WORD,
    "batches.to_state": WORD,
    "batches.reason": "a code",
    "batch_items.seen": WORD,
    "batch_items.outcome": WORD,
    "day_figures.figures": "counts",
    "decisions.from_state": WORD,
    "decisions.to_state": WORD,
    "decisions.actor": WORD,
    "decisions.by": MODERATORS,
    "decisions.reason": "a code",
    "desk_sessions.secret_hash": MODERATORS,
    "desk_sessions.browser": MODERATORS,
    "desk_sessions.network": MODERATORS,
    "filter_models.kind": WORD,
    "filter_models.why": WORD,
    "filter_models.figures": "counts",
    "grants.role": MODERATORS,
    "guess_counts.key": MODERATORS,
    "guess_counts.times": MODERATORS,
    "identity_keys.algorithm": PUBLISHERS,
    "identity_keys.key_sealed": PUBLISHERS,
    "looks.by": MODERATORS,
    "moderators.email": MODERATORS,
    "moderators.password_hash": MODERATORS,
    "moderators.factor_sealed": MODERATORS,
    "moderators.factor_pending": MODERATORS,
    "policies.settings": PUBLISHERS,
    "policies.by": MODERATORS,
    "raids.by": MODERATORS,
    "raids.ended_by": MODERATORS,
    "recovery_codes.code_hash": MODERATORS,
    "replays.settings": PUBLISHERS,
    "replays.stage": WORD,
    "replays.by": MODERATORS,
    "reports.address_hash": "others' than the author's; of a signed reader there is none",
    "reports.reason": WORD,
    "revisions.state": WORD,
    "revisions.flags": "names of checks",
    "saved_views.by": MODERATORS,
    "saved_views.name": "a moderator's search",
    "saved_views.query": "a moderator's search",
    "site_origins.origin": PUBLISHERS,
    "sites.key": PUBLISHERS,
    "sites.name": PUBLISHERS,
    "standings.standing": WORD,
    "standings.reason": "a code",
    "standings.by": MODERATORS,
    "tallies.name": WORD,
    "tallies.label": WORD,
    "threads.page": PUBLISHERS,
    "threads.title": PUBLISHERS,
    "threads.url": PUBLISHERS,
    "threads.mode": WORD,
    "threads.note": PUBLISHERS,
    "threads.set_by": MODERATORS,
    "tokens.name": MODERATORS,
    "tokens.token_hash": MODERATORS,
    "tokens.scopes": MODERATORS,
    "votes.address_hash": "others' than the author's; of a signed reader there is none",
    "access_links.purpose": WORD,
    "access_links.secret_hash": MODERATORS,
    "access_links.email": MODERATORS,
    "access_links.role": MODERATORS,
    "access_links.made_by": MODERATORS,
}


def test_what_may_hold_a_text_is_erased_or_has_a_reason_to_stay():
    assert create_app.__module__ == "service.app"  # which makes all tables known
    held = {
        f"{table.name}.{column.name}"
        for table in Base.metadata.tables.values()
        for column in table.columns
        if isinstance(column.type, String | JSON | LargeBinary)
    }
    erased = {f"{table}.{name}" for table, names in ERASED.items() for name in names}
    assert held - erased - STAYS.keys() == set(), "Erase it: service/store/erasing.py. Or say why."
    assert STAYS.keys() - held == set(), "These are gone: take them off STAYS."
    assert STAYS.keys() & erased == set()
