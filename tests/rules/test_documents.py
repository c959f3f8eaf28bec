"""The documentation says what the code says."""

import re
from collections.abc import Iterator
from urllib.parse import unquote

import click
import pytest
from sqlalchemy.orm import Session

from service.actions.deciding import SCREENING
from service.api.health import Figures
from service.cli import main
from tests.rules.sources import ROOT, repository, text
from tests.rules.tables import ENV_EXAMPLE, TABLES, env_example, written
from workers.checks import CHECKS

RENEW = "Run: python -m tests.rules.tables"
DOCUMENTS = [path for path in repository() if path.suffix == ".md"]


@pytest.mark.parametrize("name", TABLES)
def test_the_tables_in_the_documents_are_up_to_date(name):
    path, make = TABLES[name]
    assert written(name) == make(), f"The table {name!r} in {path} is old. {RENEW}"


def test_the_example_of_settings_is_up_to_date():
    assert text(ENV_EXAMPLE) == env_example(), f"{ENV_EXAMPLE} is old. {RENEW}"


def test_operations_names_every_metric_and_no_other(session: Session):
    exported = {family.name for family in Figures(session, redis_up=True, lane_bytes=0).collect()}
    named = set(re.findall(r"`(afterword_[a-z_]+?)(?:_total|_bucket)?(?:\{[^`]*)?`",
                           text("docs/operations.md")))  # fmt: skip
    assert named == exported, "docs/operations.md must name just the metrics that there are."


def test_operations_or_readme_names_every_command():
    documents = text("docs/operations.md") + text("README.md")
    context = click.Context(main)
    commands = [main.get_command(context, name) for name in main.list_commands(context)]
    names = [command.name for command in commands if not command.hidden]
    missing = [name for name in names if f"afterword {name}" not in documents]
    assert not missing, f"No document tells of these commands: {missing}"


def test_moderation_explains_every_check():
    headings = set(re.findall(r"^### `(\w+)`", text("docs/moderation.md"), re.MULTILINE))
    names = {check.__name__.removeprefix("check_") for check in CHECKS}
    assert headings == names, "docs/moderation.md needs a '### `name`' of each check, and no other."
    assert f"`{SCREENING}`" in text("docs/moderation.md")


def test_links_between_documents_lead_somewhere():
    dead = [
        f"{path}: {target}"
        for path in DOCUMENTS
        for target in _targets(text(path))
        if not _exists(path, target)
    ]
    assert not dead


def _targets(document: str) -> Iterator[str]:
    without_code = re.sub(r"```.*?```|`[^`\n]*`", "", document, flags=re.DOTALL)
    for target in re.findall(r"\]\(([^)\s]+)\)", without_code):
        if not re.match(r"[a-z]+:", target):
            yield unquote(target)


def _exists(path, target: str) -> bool:
    name, _, fragment = target.partition("#")
    found = (ROOT / path.parent / name) if name else ROOT / path
    if not found.exists():
        return False
    return not fragment or fragment in _anchors(found.read_text(encoding="utf-8"))


def _anchors(document: str) -> set[str]:
    """As code hosts make them of headings: small letters, no punctuation, hyphens for spaces."""
    headings = re.findall(r"^#+ (.+)$", document, re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", one.lower()).strip().replace(" ", "-") for one in headings}
