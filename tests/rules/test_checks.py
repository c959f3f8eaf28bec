"""Every check is one module, one line in CHECKS and one file of tests."""

import ast
from pathlib import Path

from service.bell import SCREEN
from service.config import Settings
from tests.factories import SECRET
from tests.rules.sources import ROOT, ours, tree
from workers.checks import CHECKS
from workers.jobs import REFUSED, job_table

MODULES = [
    path
    for path in ours(".py")
    if path.parent == Path("workers/checks") and path.stem != "__init__"
]


def test_every_check_runs():
    in_files = {f"check_{path.stem}" for path in MODULES}
    named = [check.__name__ for check in CHECKS]
    assert set(named) == in_files, "Name each module of workers/checks in CHECKS, and no other."
    assert len(named) == len(set(named))


def test_every_check_has_its_tests():
    missing = [
        path.stem
        for path in MODULES
        if not (ROOT / f"tests/workers/checks/test_{path.stem}.py").exists()
    ]
    assert not missing, f"No tests/workers/checks/test_….py for: {missing}"


def test_a_check_finds_under_its_own_name():
    """Findings are filtered and counted by this name."""
    for path in MODULES:
        names = {
            node.args[0].value
            for node in ast.walk(tree(path))
            if isinstance(node, ast.Call)
            and getattr(node.func, "id", "") == "Finding"
            and node.args
            and isinstance(node.args[0], ast.Constant)
        }
        assert names == {path.stem}, f"{path} makes findings called {names}"


def test_the_name_that_the_bell_rings_is_a_job(tmp_path):
    url = f"sqlite:///{tmp_path}/none.db"
    settings = Settings(database_url=url, redis_url="redis://nowhere", secret=SECRET)
    assert set(job_table(settings, CHECKS)) == {SCREEN, REFUSED}
