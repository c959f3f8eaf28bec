"""apsw as a driver for SQLAlchemy: as much of the interface of Python's databases as that needs."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import apsw
from pysqlite3 import (  # what SQLAlchemy, and our own code, catch
    PARSE_COLNAMES,
    PARSE_DECLTYPES,
    Binary,
    DatabaseError,
    DataError,
    Error,
    IntegrityError,
    InterfaceError,
    InternalError,
    NotSupportedError,
    OperationalError,
    ProgrammingError,
)

__all__ = [
    "PARSE_COLNAMES", "PARSE_DECLTYPES", "Binary", "DataError", "DatabaseError", "Error",
    "IntegrityError", "InterfaceError", "InternalError", "NotSupportedError", "OperationalError",
    "ProgrammingError", "connect", "paramstyle", "sqlite_version", "sqlite_version_info",
]  # fmt: skip
paramstyle = "qmark"
sqlite_version = apsw.sqlite_lib_version()
sqlite_version_info = tuple(int(part) for part in sqlite_version.split("."))
CHANGING = ("INSERT", "UPDATE", "DELETE")


class Cursor:
    arraysize = 1
    lastrowid: int | None = None

    def __init__(self, connection: "Connection") -> None:
        self._connection = connection
        self._rows: Iterator[Any] = iter(())
        self.description: Sequence[Any] | None = None
        self.rowcount = -1

    def execute(self, statement: str, values: Any = ()) -> "Cursor":
        self.description = None
        cursor = self._connection.real.cursor()
        cursor.exec_trace = self._describe
        try:
            self._rows = iter(list(cursor.execute(statement, values)))
        except apsw.ConstraintError as error:
            raise IntegrityError(str(error)) from error
        except apsw.Error as error:
            raise OperationalError(str(error)) from error
        is_change = statement.lstrip().upper().startswith(CHANGING)
        self.rowcount = self._connection.real.changes() if is_change else -1
        self.lastrowid = self._connection.real.last_insert_rowid()
        return self

    def _describe(self, cursor: apsw.Cursor, _statement: str, _values: Any) -> bool:
        """Before the first row: afterwards apsw tells no more."""
        described = cursor.get_description()
        self.description = [(name, *[None] * 6) for name, _ in described] or None
        return True

    def executemany(self, statement: str, many: Iterable[Any]) -> "Cursor":
        count = 0
        for values in many:
            self.execute(statement, values)
            count += max(self.rowcount, 0)
        self.rowcount = count
        return self

    def fetchone(self) -> Any:
        return next(self._rows, None)

    def fetchmany(self, size: int = 1) -> list[Any]:
        return [row for _, row in zip(range(size), self._rows, strict=False)]

    def fetchall(self) -> list[Any]:
        return list(self._rows)

    def __iter__(self) -> Iterator[Any]:
        return self._rows

    def close(self) -> None:
        self._rows = iter(())


class Connection:
    isolation_level: str | None = None  # transactions begin when somebody says so

    def __init__(self, path: str, *, vfs: str) -> None:
        self.real = apsw.Connection(path, vfs=vfs)

    def cursor(self) -> Cursor:
        return Cursor(self)

    def execute(self, statement: str, values: Any = ()) -> Cursor:
        return self.cursor().execute(statement, values)

    def create_function(self, name: str, count: int, function: Any, **options: Any) -> None:
        self.real.create_scalar_function(name, function, count, **options)

    def commit(self) -> None:
        if self.real.in_transaction:
            self.real.execute("COMMIT")

    def rollback(self) -> None:
        if self.real.in_transaction:
            self.real.execute("ROLLBACK")

    def close(self) -> None:
        self.real.close()


def connect(path: str, *, vfs: str, **_options: Any) -> Connection:
    return Connection(path, vfs=vfs)
