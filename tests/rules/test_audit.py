"""Whatever changes who may do what, or what is decided, says so in the audit log where it does."""

import ast
from collections.abc import Iterator
from pathlib import Path

from tests.rules.sources import ours, tree

# The models whose changes belong into the log, and which kinds of changes. Making one is an insert.
ALL = frozenset({"insert", "update", "delete"})
WATCHED = {
    "Decision": ALL,
    "Grant": ALL,
    "IdentityKey": ALL,
    "Moderator": ALL,
    "Raid": ALL,
    "Site": ALL,
    "SiteOrigin": ALL,
    "StandingEntry": ALL,
    "StoredPolicy": ALL,
    "Thread": frozenset({"update"}),
    "Token": ALL,
}
# Functions that change those tables and need no entry, each with the reason.
UNLOGGED = {
    "service/store/changes.py: note_threads": "counts changes, for caches",
    "service/store/changes.py: note_site": "counts changes, for caches",
    "service/store/credentials.py: note_use": "says when a token was used, not who may what",
    "service/store/raids.py: see": "says that one goes on, which its beginning said",
}
STORE = [path for path in ours(".py") if path.parts[:2] == ("service", "store")]
LOGGING = {"note", "note_decisions", "note_policy"}


def test_what_changes_these_tables_notes_it_for_the_audit_log():
    silent = {
        f"{path}: {function.name}"
        for path in ours(".py")
        if "migrations" not in path.parts
        for function in _silent(path)
    }
    assert silent - UNLOGGED.keys() == set(), "These need audit.note: service/store/audit.py."
    assert UNLOGGED.keys() - silent == set(), "These are gone: take them off UNLOGGED."


def test_every_watched_model_exists():
    defined = {
        node.name for path in STORE for node in tree(path).body if isinstance(node, ast.ClassDef)
    }
    assert WATCHED.keys() <= defined


def _silent(path: Path) -> Iterator[ast.FunctionDef]:
    """Functions of a file that change a watched table and neither note it nor call who does."""
    tables = _tables(path)
    statements = {
        target.id
        for node in tree(path).body
        if isinstance(node, ast.Assign) and _changes(node.value, tables)
        for target in node.targets
        if isinstance(target, ast.Name)
    }
    functions = [node for node in tree(path).body if isinstance(node, ast.FunctionDef)]
    noting = {function.name for function in functions if _notes(function)}
    while more := {f.name for f in functions if _called(f) & noting} - noting:
        noting |= more
    for function in functions:
        used = {node.id for node in ast.walk(function) if isinstance(node, ast.Name)}
        if (used & statements or _changes(function, tables)) and function.name not in noting:
            yield function


def _tables(path: Path) -> dict[str, str]:
    """How this file calls the watched models and their tables: {"DECISIONS": "Decision", ...}."""
    imported = {
        alias.asname or alias.name: alias.name
        for node in ast.walk(tree(path))
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
        if alias.name in WATCHED and "store" in (node.module or "")
    }
    own = {node.name for node in tree(path).body if isinstance(node, ast.ClassDef)}
    names = imported | {name: name for name in own & WATCHED.keys() if path in STORE}
    for node in tree(path).body:
        for part in ast.walk(node) if isinstance(node, ast.Assign) else ():
            if isinstance(part, ast.Attribute) and part.attr == "__table__":
                for pair in _pairs(node):
                    names |= {k: names[v] for k, v in pair.items() if v in names}
    return names


def _pairs(node: ast.Assign) -> Iterator[dict[str, str]]:
    """`A, B = cast(Table, X.__table__), cast(Table, Y.__table__)` gives A: X and B: Y."""
    targets = node.targets[0].elts if isinstance(node.targets[0], ast.Tuple) else node.targets
    values = node.value.elts if isinstance(node.value, ast.Tuple) else [node.value]
    for target, value in zip(targets, values, strict=False):
        for part in ast.walk(value):
            if isinstance(part, ast.Attribute) and part.attr == "__table__":
                yield {target.id: getattr(part.value, "id", "")}


def _changes(node: ast.AST, tables: dict[str, str]) -> bool:
    return any(
        kind in WATCHED[tables[name]]
        for call in ast.walk(node)
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Name)
        for kind, name in _made(call)
        if name in tables
    )


def _made(call: ast.Call) -> Iterator[tuple[str, str]]:
    name = getattr(call.func, "id", "")
    if name in {*ALL, "upserts"} and call.args:
        yield name.replace("upserts", "insert"), getattr(call.args[0], "id", "")
    yield "insert", name


def _notes(function: ast.FunctionDef) -> bool:
    return any(
        isinstance(node, ast.Attribute)
        and node.attr in LOGGING
        and getattr(node.value, "id", "") == "audit"
        for node in ast.walk(function)
    )


def _called(function: ast.FunctionDef) -> set[str]:
    return {
        node.func.id
        for node in ast.walk(function)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
    }
