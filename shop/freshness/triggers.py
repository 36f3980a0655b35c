"""The database itself raises the catalogue version, in the transaction of every write to a watched table.

So no code that changes a price, a text or a picture has to remember it, be it a service, the admin, a bulk loader
or somebody at a database prompt. A trigger's name holds a digest of its words: installing it again reads one small
list, and a changed one replaces the old.
"""

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from django.apps import apps
from django.db import connections, transaction
from django.db.backends.base.base import BaseDatabaseWrapper

from shop.freshness.models import CatalogueVersion

PREFIX = "shown_"
_VERSION = CatalogueVersion._meta.db_table


@dataclass(frozen=True, slots=True)
class Watched:
    """A model whose rows public pages show; an update counts only when one of `figures` changes, if there are any.

    `figures` are SQL expressions over a row named `{row}`.
    """

    label: str
    figures: tuple[str, ...] = ()

    @property
    def table(self) -> str:
        return apps.get_model(self.label)._meta.db_table


@dataclass(frozen=True, slots=True)
class _Trigger:
    table: str
    event: str
    words: str

    @property
    def name(self) -> str:
        digest = hashlib.sha256(f"{_FUNCTION}{self.words}".encode()).hexdigest()[:10]
        return f"{PREFIX}{self.table[:30]}_{self.event[:6].lower()}_{digest}"

    @property
    def sql(self) -> str:
        return self.words.format(name=f'"{self.name}"')


def install(watched: Iterable[Watched], using: str = "default") -> None:
    """Install the triggers that are missing and drop those no longer wanted; safe to repeat."""
    connection = connections[using]
    wanted = {trigger.name: trigger for trigger in _triggers(watched, connection)}
    found = installed(using)
    with transaction.atomic(using=using), connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(_FUNCTION)
        for name in found.keys() - wanted.keys():
            cursor.execute(_drop(connection, name, found[name]))
        for name in wanted.keys() - found.keys():
            cursor.execute(wanted[name].sql)


def installed(using: str = "default") -> Mapping[str, str]:
    """Return the tables that are watched in the database now, by their triggers' names."""
    connection = connections[using]
    with connection.cursor() as cursor:
        cursor.execute(_INSTALLED[connection.vendor])
        return {name: table for name, table in cursor if name.startswith(PREFIX)}


def _triggers(watched: Iterable[Watched], connection: BaseDatabaseWrapper) -> Iterator[_Trigger]:
    there = set(connection.introspection.table_names())
    make = _for_postgres if connection.vendor == "postgresql" else _for_sqlite
    for each in watched:
        if each.table in there:  # a step of a migration may come before the table
            yield from make(each)


def _drop(connection: BaseDatabaseWrapper, name: str, table: str) -> str:
    return f'DROP TRIGGER "{name}"' + (f' ON "{table}"' if connection.vendor == "postgresql" else "")


def _changed(figures: Iterable[str], differs: str) -> str:
    """Return the condition that one of the figures is another than before."""
    pairs = [(figure.format(row="OLD"), figure.format(row="NEW")) for figure in figures]
    return " OR ".join(f"({old}) {differs} ({new})" for old, new in pairs)


# --- SQLite: a trigger a row, and one writer at a time --------------------------------------------

#: An outer INSERT OR IGNORE would turn an INSERT OR REPLACE here into an OR IGNORE too, so there is none.
_RAISE = f"""
    UPDATE "{_VERSION}" SET mark = lower(hex(randomblob(16)));
    INSERT INTO "{_VERSION}" (mark) SELECT lower(hex(randomblob(16))) WHERE NOT EXISTS (SELECT 1 FROM "{_VERSION}");
"""  # noqa: S608  (our own table)


def _for_sqlite(watched: Watched) -> Iterator[_Trigger]:
    for event in ("INSERT", "UPDATE", "DELETE"):
        condition = _changed(watched.figures, "IS NOT") if event == "UPDATE" else ""
        when = f" WHEN {condition}" if condition else ""
        words = f'CREATE TRIGGER {{name}} AFTER {event} ON "{watched.table}"{when} BEGIN {_RAISE} END'
        yield _Trigger(watched.table, event, words)


# --- PostgreSQL: a trigger a statement, and writers beside each other -----------------------------

#: Takes a row that no other transaction holds, so that sales never queue; once a statement, however many rows.
_FUNCTION = f"""
    CREATE OR REPLACE FUNCTION raise_catalogue_version() RETURNS trigger LANGUAGE plpgsql AS $$
    DECLARE
        statement text := txid_current() || ' ' || statement_timestamp();
        free bigint;
    BEGIN
        IF current_setting('shop.raised_by', true) = statement THEN
            RETURN NULL;
        END IF;
        PERFORM set_config('shop.raised_by', statement, true);
        SELECT id INTO free FROM "{_VERSION}" ORDER BY id LIMIT 1 FOR UPDATE SKIP LOCKED;
        IF free IS NULL THEN
            INSERT INTO "{_VERSION}" (mark) VALUES (gen_random_uuid());
        ELSE
            UPDATE "{_VERSION}" SET mark = gen_random_uuid() WHERE id = free;
        END IF;
        RETURN NULL;
    END $$
"""  # noqa: S608  (our own table)


def _for_postgres(watched: Watched) -> Iterator[_Trigger]:
    events = "INSERT OR DELETE OR TRUNCATE" if watched.figures else "INSERT OR UPDATE OR DELETE OR TRUNCATE"
    action = "EXECUTE FUNCTION raise_catalogue_version()"
    yield _Trigger(
        watched.table, "write", f'CREATE TRIGGER {{name}} AFTER {events} ON "{watched.table}" {action}'
    )
    if watched.figures:
        condition = _changed(watched.figures, "IS DISTINCT FROM")
        words = f'CREATE TRIGGER {{name}} AFTER UPDATE ON "{watched.table}" FOR EACH ROW WHEN ({condition}) {action}'
        yield _Trigger(watched.table, "update", words)


_INSTALLED = {
    "sqlite": "SELECT name, tbl_name FROM sqlite_master WHERE type = 'trigger'",
    "postgresql": """
        SELECT tgname, relname FROM pg_trigger JOIN pg_class ON pg_class.oid = tgrelid
        WHERE NOT tgisinternal AND pg_table_is_visible(tgrelid)
    """,
}
