"""Tables whose rows the database itself lets nobody change or delete, on either database."""

from collections.abc import Mapping, Sequence

from sqlalchemy import Connection, inspect, text

from service.store.audit import CONTENT

# Which columns may be erased: all of them together, and nothing else of the row.
GUARDED: Mapping[str, Sequence[str]] = {
    "audit": (),
    "policies": (),
    "decisions": (*CONTENT, "salt"),
}
REFUSE = """
CREATE OR REPLACE FUNCTION afterword_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND TG_NARGS > 0
        AND to_jsonb(NEW) - TG_ARGV = to_jsonb(OLD) - TG_ARGV
        AND (SELECT bool_and(to_jsonb(NEW) -> name = 'null') FROM unnest(TG_ARGV) AS name)
    THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'the rows of % are never changed', TG_TABLE_NAME
        USING ERRCODE = 'integrity_constraint_violation';
END $$
"""


def guard(connection: Connection) -> None:
    """Make the guards anew, for the columns that there are now."""
    if connection.dialect.name == "postgresql":
        connection.execute(text(REFUSE))
    for table, erasable in GUARDED.items():
        for statement in _statements(connection, table, erasable):
            connection.execute(text(statement))


def _statements(connection: Connection, table: str, erasable: Sequence[str]) -> list[str]:
    if connection.dialect.name == "postgresql":
        arguments = ", ".join(f"'{name}'" for name in erasable)
        call = f"EXECUTE FUNCTION afterword_append_only({arguments})"
        return [
            f"CREATE OR REPLACE TRIGGER {table}_kept BEFORE UPDATE OR DELETE ON {table}"
            f" FOR EACH ROW {call}",
            f"CREATE OR REPLACE TRIGGER {table}_not_emptied BEFORE TRUNCATE ON {table}"
            f" FOR EACH STATEMENT {call}",
        ]
    refuse = f"BEGIN SELECT RAISE(ABORT, 'the rows of {table} are never changed'); END"
    return [
        f"DROP TRIGGER IF EXISTS {table}_not_changed",
        f"DROP TRIGGER IF EXISTS {table}_not_deleted",
        f"CREATE TRIGGER {table}_not_changed BEFORE UPDATE ON {table}"
        f" {_unless_erased(connection, table, erasable)} {refuse}",
        f"CREATE TRIGGER {table}_not_deleted BEFORE DELETE ON {table} {refuse}",
    ]


def _unless_erased(connection: Connection, table: str, erasable: Sequence[str]) -> str:
    if not erasable:
        return ""
    names = [column["name"] for column in inspect(connection).get_columns(table)]
    is_erased = [
        f'NEW."{name}" IS NULL' if name in erasable else f'NEW."{name}" IS OLD."{name}"'
        for name in names
    ]
    return f"WHEN NOT ({' AND '.join(is_erased)})"
