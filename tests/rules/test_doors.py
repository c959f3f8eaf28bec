"""Doors that are shut because nobody built them."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from service.api.access import PERMISSIONS
from service.api.routes import ROUTES
from tests.rules.sources import imported, ours, text, tree

NETWORK = {
    "aiohttp", "asyncio", "ftplib", "http.client", "httpx", "imaplib", "requests", "smtplib",
    "socket", "ssl", "telnetlib", "urllib.request", "urllib3", "xmlrpc",
}  # fmt: skip
MADE_OF_TEXT = {"code", "dill", "marshal", "pickle", "pty", "shelve", "yaml"}
# Who may, and what for.
ALLOWED = {
    ("service/gate/sockets.py", "socket"): "asks about connections that others opened",
    ("service/gate/doorkeeper.py", "socket"): "ends such as are late",
    ("service/gate/departure.py", "socket"): "lets no more of them in",
    ("service/cli/up.py", "socket"): "looks whether its own port is free and its children answer",
    ("service/processes.py", "subprocess"): "starts our own commands",
    ("service/cli/judging.py", "execv"): "becomes the workers",
    ("service/cli/filtering.py", "execv"): "becomes the filter's own command",
}
CALLS = {
    "eval",
    "exec",
    "execv",
    "execve",
    "execvp",
    "popen",
    "render_template_string",
    "spawnv",
    "system",
}


# Made of the names that our own tables and columns have.
MADE_OF_NAMES = {"service/store/append_only.py", "service/store/scrubbing.py"}


def imports_of(names: set[str]) -> set[tuple[str, str]]:
    return {
        (str(path), name)
        for path in ours(".py")
        for module in imported(path)
        for name in names
        if module == name or module.startswith(name + ".")
    }


def called(path: Path) -> Iterator[str]:
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Call):
            yield getattr(node.func, "attr", getattr(node.func, "id", ""))


def test_nothing_is_fetched():
    """No address from a comment, a policy or a request is ever asked for anything."""
    assert imports_of(NETWORK) - set(ALLOWED) == set()


def test_no_text_becomes_a_program():
    found = imports_of({"subprocess"} | MADE_OF_TEXT)
    found |= {(str(path), name) for path in ours(".py") for name in called(path) if name in CALLS}
    assert found - set(ALLOWED) == set()


def test_what_is_allowed_is_done():
    found = imports_of(NETWORK | {"subprocess"})
    found |= {(str(path), name) for path in ours(".py") for name in called(path) if name in CALLS}
    assert set(ALLOWED) - found == set()


def test_statements_are_written_out():
    """SQL is made of constants; what comes from anywhere else is a bound parameter."""
    loose = [
        f"{path}:{node.lineno}"
        for path in ours(".py")
        if "sqlalchemy.text" in set(imported(path)) and str(path) not in MADE_OF_NAMES
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Call)
        and getattr(node.func, "id", "") == "text"
        and not _is_constant(node.args[0])
    ]
    assert not loose


def _is_constant(node: ast.expr) -> bool:
    if isinstance(node, ast.Name):
        return node.id.isupper()
    if isinstance(node, ast.JoinedStr):
        return all(map(_is_constant, node.values))
    if isinstance(node, ast.FormattedValue):
        return _is_constant(node.value)
    return isinstance(node, ast.Constant)


def test_each_test_that_a_door_names_is_there():
    named = re.findall(r"`([\w/]+\.py)::(test_\w+)`", text("docs/security.md"))
    assert len(named) > 60
    missing = [
        f"{file}::{name}"
        for file, name in named
        if not re.search(rf"^def {name}\(", text(f"tests/{file}"), re.MULTILINE)
    ]
    assert not missing


def test_no_other_website_is_let_in_to_moderators_routes():
    assert [route.rule for route in ROUTES if route.cors and route.access in PERMISSIONS] == []
