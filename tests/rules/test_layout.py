"""How the code is laid out: short files and functions, telling names, commits in one place."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from tests.rules.sources import OURS, ROOT, imported, of_tests, ours, text, tree

LONGEST_FILE = 250
LONGEST_FUNCTION = 40
# Files that may be longer, each with the reason.
LONG_FILES: dict[str, str] = {}
EMPTY_NAMES = {
    "utils",
    "util",
    "helpers",
    "helper",
    "common",
    "base",
    "manager",
    "managers",
    "misc",
}


def test_files_are_short():
    lengths = {str(path): len(text(path).splitlines()) for path in ours(".py", ".js")}
    long = {path for path, lines in lengths.items() if lines > LONGEST_FILE}
    assert long - set(LONG_FILES) == set(), f"Split these: at most {LONGEST_FILE} lines a file."
    assert set(LONG_FILES) - long == set(), "These are short, or gone: take them off LONG_FILES."


def test_functions_are_short():
    long = [
        f"{path}: {function.name} has {lines} lines"
        for path in ours(".py")
        if "versions" not in path.parts  # a migration is one list of statements
        for function, lines in _functions(path)
        if lines > LONGEST_FUNCTION
    ]
    assert not long, f"At most {LONGEST_FUNCTION} lines a function."


def _functions(path: Path) -> Iterator[tuple[ast.FunctionDef | ast.AsyncFunctionDef, int]]:
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.end_lineno:
            yield node, node.end_lineno - node.lineno + 1


def test_names_of_modules_say_what_is_inside():
    empty = [str(path) for path in ours(".py") if EMPTY_NAMES & {*path.parts[:-1], path.stem}]
    assert not empty, "These names say nothing."


def test_every_module_says_in_a_sentence_what_it_is_for():
    silent = [str(path) for path in ours(".py") if not ast.get_docstring(tree(path))]
    assert not silent, "These begin without a docstring."


def test_only_actions_commit():
    """An action is one transaction; whatever it calls leaves the commit to it."""
    commits = [
        f"{path}:{node.lineno}"
        for path in ours(".py")
        if path.parts[:2] != ("service", "actions")
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Attribute) and node.attr == "commit"
    ]
    assert not commits, "These commit. Only service/actions may."


def test_every_action_commits_once():
    """What commits twice can be killed in between."""
    twice = [
        f"{path}: {function.name}"
        for path in ours(".py")
        if path.parts[:2] == ("service", "actions")
        for function, _ in _functions(path)
        if sum(getattr(node, "attr", "") == "commit" for node in ast.walk(function)) > 1
    ]
    assert not twice


def test_only_moves_change_states():
    """Elsewhere a state could move without compare-and-set, or without a decision beside it."""
    changing = [
        f"{path}:{node.lineno}"
        for path in ours(".py")
        if str(path) != "service/store/moves.py"
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Call)
        and getattr(node.func, "attr", "") == "values"
        and {"state", "public_revision_id"} & {keyword.arg for keyword in node.keywords}
    ]
    assert not changing


def test_tests_replace_nothing_of_ours():
    """Real parts instead of mocks: what is replaced is frozen, and no longer tested."""
    patching = re.compile(rf"""setattr\(\s*["'](?:{"|".join(OURS)})\.|\bmocker\b""")
    libraries = {"mock", "unittest.mock", "pytest_mock"}
    replacing = [
        str(path)
        for path in of_tests()
        if libraries & set(imported(path)) or patching.search(text(path))
    ]
    assert not replacing, "These tests replace parts of our own."


def test_tests_are_packages():
    """Else tests/service would pass for the package `service`."""
    folders = {path.parent for path in of_tests()}
    missing = [str(folder) for folder in folders if not (ROOT / folder / "__init__.py").exists()]
    assert not missing, "These folders need an __init__.py."
