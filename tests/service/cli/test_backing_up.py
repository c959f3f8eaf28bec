"""afterword backup and restore, as they are typed: what they refuse, and what they leave behind."""

import shutil
import stat
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pysqlite3
import pytest
from click.testing import CliRunner, Result

from service.actions.sites import add_site
from service.cli import main
from service.store.db import session_at
from service.store.migrating import migrate
from tests.factories import SECRET
from tests.torture.full_disk import BALLAST, can_mount, full, small_disk

Run = Callable[..., Result]


@pytest.fixture(scope="module")
def made(scratch: Path) -> Path:
    """A database with a site in it, as it is when nobody has it open."""
    path = scratch / "made.db"
    migrate(f"sqlite:///{path}")
    with session_at(f"sqlite:///{path}") as session:
        add_site(session, key="news", name="News", origins=[], by="test")
    return path


@pytest.fixture
def database(made: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of it, and the settings that name it."""
    path = tmp_path / "live" / "afterword.db"
    path.parent.mkdir()
    shutil.copyfile(made, path)
    monkeypatch.setenv("AFTERWORD_DATABASE_URL", f"sqlite:///{path}")
    monkeypatch.setenv("AFTERWORD_REDIS_URL", "unix:///none")
    monkeypatch.setenv("AFTERWORD_SECRET", SECRET)
    return path


def said(*words: str | Path) -> Result:
    return CliRunner().invoke(main, [str(word) for word in words])


def change(path: Path, statement: str) -> None:
    with closing(pysqlite3.connect(str(path))) as connection, connection:
        connection.execute(statement)


def sites(path: Path) -> list[str]:
    with closing(pysqlite3.connect(str(path))) as connection:
        return [row[0] for row in connection.execute("SELECT key FROM sites ORDER BY key")]


def names(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


def test_a_backup_is_whole_private_and_replaces_nothing(database: Path, tmp_path: Path) -> None:
    file = tmp_path / "backup.db"
    made = said("backup", file)
    assert made.exit_code == 0, made.output
    assert "0 comments" in made.output
    assert sites(file) == ["news"]
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    before = file.read_bytes()
    assert "Choose another name" in said("backup", file).output
    link = tmp_path / "link.db"
    link.symlink_to(tmp_path / "elsewhere.db")
    assert "Choose another name" in said("backup", link).output
    link.unlink()
    assert "no folder" in said("backup", tmp_path / "none" / "backup.db").output
    assert file.read_bytes() == before
    assert names(tmp_path) == {"live", "backup.db"}


def test_without_room_for_it_nothing_is_left_of_a_backup(database: Path, tmp_path: Path) -> None:
    if not can_mount(tmp_path):
        pytest.skip("a small disk cannot be made here: that takes root and the right to mount")
    with small_disk(tmp_path / "small", 1) as disk, full(disk):
        refused = said("backup", disk / "backup.db")
        assert refused.exit_code == 1
        assert f"{disk}: No space left on device" in refused.output
        assert names(disk) == {BALLAST}


def test_what_was_deleted_is_not_in_a_backup(database: Path, tmp_path: Path) -> None:
    change(database, "CREATE TABLE notes (text TEXT)")
    change(database, "INSERT INTO notes VALUES ('a canary in the coal mine')")
    change(database, "DELETE FROM notes")
    assert said("backup", tmp_path / "backup.db").exit_code == 0
    assert b"canary" not in (tmp_path / "backup.db").read_bytes()


def test_rows_are_replaced_only_when_told_and_then_put_aside(
    database: Path, tmp_path: Path
) -> None:
    file = tmp_path / "backup.db"
    said("backup", file)
    said("site", "add", "later", "--name", "Later")
    database.chmod(0o640)
    refused = said("restore", file)
    assert refused.exit_code == 1
    assert "--replace" in refused.output
    assert sites(database) == ["later", "news"]
    restored = said("restore", "--replace", file)
    assert restored.exit_code == 0, restored.output
    assert sites(database) == ["news"]
    assert stat.S_IMODE(database.stat().st_mode) == 0o640
    [old] = [path for path in database.parent.iterdir() if ".before-" in path.name]
    assert sites(old) == ["later", "news"]
    assert said("audit", "verify").exit_code == 0


def test_an_empty_database_gives_way(database: Path, tmp_path: Path) -> None:
    said("backup", tmp_path / "backup.db")
    database.unlink()
    migrate(f"sqlite:///{database}")
    assert said("restore", tmp_path / "backup.db").exit_code == 0
    assert sites(database) == ["news"]
    assert names(database.parent) == {"afterword.db"}


def test_a_log_left_by_another_database_is_not_applied(database: Path, tmp_path: Path) -> None:
    said("backup", tmp_path / "backup.db")
    with closing(pysqlite3.connect(str(database))) as connection, connection:
        connection.execute("INSERT INTO sites SELECT * FROM sites WHERE 0")
        connection.execute("CREATE TABLE lost (a)")
        connection.commit()
        log = database.with_name("afterword.db-wal").read_bytes()
        assert log
    database.unlink()
    database.with_name("afterword.db-wal").write_bytes(log)
    assert said("restore", tmp_path / "backup.db").exit_code == 0
    assert names(database.parent) == {"afterword.db"}
    assert said("audit", "verify").exit_code == 0


def test_a_damaged_database_can_be_replaced(database: Path, tmp_path: Path) -> None:
    said("backup", tmp_path / "backup.db")
    database.write_bytes(b"coffee" * 1000)
    assert "cannot be read" in said("restore", tmp_path / "backup.db").output
    assert said("restore", "--replace", tmp_path / "backup.db").exit_code == 0
    assert sites(database) == ["news"]


def test_nothing_is_restored_from_what_is_not_sound_or_not_ours(
    database: Path, tmp_path: Path
) -> None:
    file, half, other, newer, torn = (
        tmp_path / f"{name}.db" for name in ("backup", "half", "other", "newer", "torn")
    )
    for path in (file, newer, torn):
        said("backup", path)
    half.write_bytes(file.read_bytes()[: file.stat().st_size // 2])
    change(other, "CREATE TABLE recipes (name TEXT)")
    change(newer, "UPDATE alembic_version SET version_num = '9999'")
    change(torn, "PRAGMA foreign_keys=OFF")
    change(torn, "DELETE FROM site_origins")
    change(torn, "UPDATE sites SET id = 'gone'")
    before = database.read_bytes()
    for path, why in (
        (half, "malformed"),
        (other, "is not a database of Afterword"),
        (newer, "a newer version of Afterword"),
        (torn, "a row is missing that others refer to"),
    ):
        refused = said("restore", "--replace", path)
        assert refused.exit_code == 1, path
        assert why in refused.output
        assert "Traceback" not in refused.output
    assert database.read_bytes() == before
    assert names(database.parent) == {"afterword.db"}


def test_nothing_is_replaced_that_somebody_has_open(database: Path, tmp_path: Path) -> None:
    said("backup", tmp_path / "backup.db")
    with closing(pysqlite3.connect(str(database))) as connection:
        connection.execute("SELECT count(*) FROM sites").fetchone()
        refused = said("restore", "--replace", tmp_path / "backup.db")
    assert refused.exit_code == 1
    assert "stop web and workers first" in refused.output
    assert names(database.parent) == {"afterword.db"}


def test_for_postgresql_its_own_tools_are_named(monkeypatch: pytest.MonkeyPatch, tmp_path) -> None:
    monkeypatch.setenv("AFTERWORD_DATABASE_URL", "postgresql://u:hush@127.0.0.1/x")
    monkeypatch.setenv("AFTERWORD_REDIS_URL", "unix:///none")
    monkeypatch.setenv("AFTERWORD_SECRET", SECRET)
    file = tmp_path / "file"
    file.touch()
    for command, tool in (("backup", "pg_dump"), ("restore", "pg_restore")):
        refused = said(command, file)
        assert refused.exit_code == 1
        assert tool in refused.output
        assert "hush" not in refused.output
