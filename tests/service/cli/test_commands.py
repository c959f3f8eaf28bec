"""The operators' commands, as they are typed."""

import json
import re
import subprocess
import sys

import click
import pytest
from click.testing import CliRunner
from flask.testing import FlaskClient
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from service.actions import sites
from service.bell import SilentBell
from service.cli import main
from service.store.models import Comment, StoredPolicy, Thread
from tests.factories import PAGE, a_comment, post


def test_a_site_is_added_once(run) -> None:
    added = run("site", "add", "paper", "--name", "Paper", "--origin", "https://paper.example/")
    assert added.exit_code == 0, added.output
    assert run("site", "list").output == "paper\n"
    again = run("site", "add", "paper", "--name", "Paper")
    assert again.exit_code == 1
    assert again.output == "Error: There is a site with the key 'paper' already.\n"
    for key, origin in (("No Key", "https://a.example"), ("key", "a.example")):
        refused = run("site", "add", key, "--name", "x", "--origin", origin)
        assert refused.exit_code == 1
        assert "Traceback" not in refused.output


def test_a_token_is_printed_alone_and_works(run, client: FlaskClient) -> None:
    token = run("token", "create", "--name", "robot", "--scope", "moderate").output
    assert re.fullmatch(r"aw_[\w-]{43}\n", token)
    headers = {"Authorization": f"Bearer {token.strip()}"}
    assert client.get("/v1/moderation/queue", headers=headers).status_code == 200
    assert "robot" in run("token", "list").output
    assert token.strip() not in run("token", "list").output
    assert run("token", "revoke", "robot").output == "Revoked 1 token(s).\n"
    assert client.get("/v1/moderation/queue", headers=headers).status_code == 401


def test_a_policy_is_read_changed_and_checked(run, client: FlaskClient, session: Session) -> None:
    policy = json.loads(run("site", "policy", "news").output)
    policy["links"]["hold_above"] = 7
    changed = run("site", "policy", "news", "--set", "-", text=json.dumps(policy))
    assert changed.output == "The policy of news is at version 2 now.\n"
    assert json.loads(run("site", "policy", "news").output) == policy
    for bad in ("{", '{"mode": "ajar"}'):
        refused = run("site", "policy", "news", "--set", "-", text=bad)
        assert refused.exit_code == 1
        assert "not valid" in refused.output
    versions = session.scalars(select(StoredPolicy.version).order_by(StoredPolicy.version)).all()
    assert versions == [1, 2]
    assert run("site", "policy", "none").exit_code == 1


def test_a_thread_is_closed_and_opened(run, client: FlaskClient) -> None:
    assert run("thread", "mode", "news", PAGE, "closed").exit_code == 0
    assert client.post("/v1/comments", json=a_comment()).status_code == 403
    assert run("thread", "mode", "news", PAGE, "policy").exit_code == 0
    assert client.post("/v1/comments", json=a_comment()).status_code == 202


def test_origins_are_replaced(run, client: FlaskClient) -> None:
    run("site", "origins", "news", "https://new.example")
    new = {"Origin": "https://new.example"}
    assert client.post("/v1/comments", json=a_comment(), headers=new).status_code == 202


def test_the_doctor_finds_nothing_wrong(run, client: FlaskClient) -> None:
    run("token", "create", "--name", "robot", "--scope", "moderate")
    healthy = run("doctor")
    assert healthy.exit_code == 0, healthy.output
    assert "WRONG" not in healthy.output


def test_the_doctor_says_what_to_do(
    run, client: FlaskClient, judge, session: Session, monkeypatch
) -> None:
    post(client)
    judge()
    session.execute(update(Thread).values(comment_count=9))
    session.execute(update(Comment).values(ups=1))
    session.commit()
    policy = {"identity": "required"}
    sites.set_policy(session, SilentBell(), "news", seen=None, settings=policy, by="test")
    monkeypatch.setenv("AFTERWORD_REDIS_URL", "unix:///nowhere.sock")
    sick = run("doctor")
    assert sick.exit_code == 1
    assert "WRONG  Redis" in sick.output
    assert "afterword moderator add" in sick.output
    assert "1 threads show a wrong number" in sick.output
    assert "1 comments show a wrong number" in sick.output
    assert "afterword site identity news" in sick.output
    monkeypatch.setenv("AFTERWORD_DATABASE_URL", "postgresql://nobody@127.0.0.1:1/none")
    assert "WRONG  database" in run("doctor").output
    monkeypatch.delenv("AFTERWORD_SECRET")
    assert "AFTERWORD_SECRET" in run("doctor").output


def test_the_doctor_asks_for_missing_migrations(run, tmp_path, monkeypatch) -> None:
    monkeypatch.setenv("AFTERWORD_DATABASE_URL", f"sqlite:///{tmp_path}/empty.db")
    assert "afterword migrate" in run("doctor").output
    assert run("migrate").exit_code == 0
    assert run("migrate").exit_code == 0
    assert "there are none" in run("doctor").output


def test_a_database_that_is_away_or_empty_is_said_in_one_sentence(
    run, tmp_path, monkeypatch
) -> None:
    for url in ("postgresql://nobody@127.0.0.1:1/none", f"sqlite:///{tmp_path}/empty.db"):
        monkeypatch.setenv("AFTERWORD_DATABASE_URL", url)
        refused = run("site", "list")
        assert refused.exit_code == 1
        assert refused.output.startswith("Error: The database did not do that")
        assert "afterword doctor" in refused.output


def test_every_command_is_where_the_table_says() -> None:
    context = click.Context(main)
    for name in main.list_commands(context):
        command = main.get_command(context, name)
        assert command is not None
        assert command.name == name
    unknown = CliRunner().invoke(main, ["sites"])
    assert unknown.exit_code == 2
    assert "No such command" in unknown.output


@pytest.mark.parametrize("words", [["up"], ["web"], ["worker"], []])
def test_what_only_watches_over_processes_imports_little(words: list[str]) -> None:
    """Its memory is there all the time, and its import keeps the first reader waiting."""
    code = (
        "import sys, service.cli as cli; context = cli.click.Context(cli.main);"
        "[cli.main.get_command(context, name) for name in sys.argv[1:]];"
        "print(*{module.partition('.')[0] for module in sys.modules})"
    )
    imported = subprocess.run(
        [sys.executable, "-c", code, *words], capture_output=True, text=True, check=True, timeout=60
    ).stdout.split()
    heavy = {"flask", "sqlalchemy", "alembic", "marshmallow", "redis", "rq", "psycopg", "workers"}
    assert "click" in imported
    assert heavy & set(imported) == set()


def test_commands_find_the_data_of_up(tmp_path) -> None:
    deep = tmp_path / ("long" * 25)
    deep.mkdir()
    for words in (["migrate"], ["site", "add", "paper", "--name", "Paper"], ["site", "list"]):
        command = [sys.executable, "-m", "service", "--data", str(deep), *words]
        answer = subprocess.run(command, capture_output=True, text=True, timeout=60)
        assert answer.returncode == 0, answer.stderr
    assert answer.stdout == "paper\n"
    deep.rename(tmp_path / ".afterword")
    command = [sys.executable, "-m", "service", "site", "list"]
    answer = subprocess.run(command, capture_output=True, text=True, timeout=60, cwd=tmp_path)
    assert answer.stdout == "paper\n", answer.stderr
    deep = tmp_path / ".afterword"
    assert (deep / "secret").stat().st_mode & 0o077 == 0


def test_a_publisher_gets_a_secret_to_sign_in_its_readers(run, news: str, tmp_path) -> None:
    made = run("site", "identity", "news", "--algorithm", "HS256")
    assert re.fullmatch(r"[0-9a-f]{64}\n", made.output)
    file = tmp_path / "secret"
    file.write_text(made.output)
    again = run("site", "identity", "news", "--algorithm", "HS256", "--secret-file", str(file))
    assert again.output == "The site news has 2 key(s) now.\n"
    listed = run("site", "identity", "news").output
    assert [line.split("\t")[0] for line in listed.splitlines()] == ["HS256", "HS256"]
    assert made.output.strip() not in listed
    assert run("site", "identity", "news", "--forget", "old").output == "Forgot 1 key(s).\n"
    assert run("site", "identity", "news", "--forget", "all").output == "Forgot 1 key(s).\n"
    assert run("site", "identity", "news").output == ""


def test_a_key_that_is_no_good_is_refused_in_a_sentence(run, news: str, tmp_path) -> None:
    weak = tmp_path / "weak"
    weak.write_text("password")
    for words in (
        ("--algorithm", "HS256", "--secret-file", str(weak)),
        ("--algorithm", "HS256", "--public-key-file", str(weak)),
        ("--algorithm", "EdDSA", "--public-key-file", str(weak)),
        ("--algorithm", "EdDSA"),
    ):
        refused = run("site", "identity", "news", *words)
        assert refused.exit_code == 1
        assert refused.output.startswith("Error: ")
        assert "Traceback" not in refused.output
    assert run("site", "identity", "none").exit_code == 1
