"""The files that the rules are about."""

import ast
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[2]
OURS = ("service", "workers")


def ours(*suffixes: str) -> list[Path]:
    """Files of the two packages, such as ours(".py"), as paths from the root of the repository."""
    found = [path for top in OURS for path in (ROOT / top).rglob("*") if path.suffix in suffixes]
    return sorted(path.relative_to(ROOT) for path in found if "__pycache__" not in path.parts)


def of_tests() -> list[Path]:
    return sorted(path.relative_to(ROOT) for path in (ROOT / "tests").rglob("*.py"))


def repository() -> list[Path]:
    """Everything that is or may be committed."""
    listing = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"],
        cwd=ROOT, check=True, capture_output=True, text=True,
    ).stdout  # fmt: skip
    return [Path(name) for name in sorted(filter(None, listing.split("\0")))]


def text(path: Path | str) -> str:
    return (ROOT / path).read_text(encoding="utf-8")


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(text(path), filename=str(path))


def imported(path: Path) -> Iterator[str]:
    """The modules, and what of them, that a file imports, wherever in it."""
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)
