"""Giving a copy of a database its name."""

import errno
import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

import pytest

from service.store.copies import keep

MANY = 8


@pytest.fixture(params=["with hard links", "without"])
def folder(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    def refuse(copy: Path, file: Path) -> None:
        raise OSError(errno.EPERM, os.strerror(errno.EPERM), str(copy), None, str(file))

    if request.param == "without":
        monkeypatch.setattr(os, "link", refuse)
    return tmp_path


def test_of_many_copies_that_are_ready_at_once_one_gets_the_name(folder: Path) -> None:
    together = Barrier(MANY)

    def keep_one(number: int) -> bool:
        copy = folder / f"{number}.part"
        copy.write_text(str(number))
        together.wait()
        try:
            keep(copy, folder / "backup.db")
        except FileExistsError:
            return False
        return True

    for _ in range(20):
        with ThreadPoolExecutor(MANY) as pool:
            [winner] = [n for n, won in enumerate(pool.map(keep_one, range(MANY))) if won]
        assert (folder / "backup.db").read_text() == str(winner)
        (folder / "backup.db").unlink()


def test_nothing_that_has_the_name_is_replaced(folder: Path) -> None:
    copy, file, link = folder / "copy.part", folder / "backup.db", folder / "link.db"
    copy.write_text("new")
    file.write_text("old")
    link.symlink_to(folder / "nowhere")
    for taken in (file, link, folder):
        with pytest.raises(FileExistsError):
            keep(copy, taken)
    assert file.read_text() == "old"
    assert copy.read_text() == "new"
