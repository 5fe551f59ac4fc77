"""One database: its connections, its write lock, and all that differs between SQLite and PostgreSQL."""

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from enum import IntEnum
from pathlib import Path

from sqlalchemy import URL, Connection, Insert, Table, create_engine, event, make_url
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import ArgumentError, SQLAlchemyError

from betimes.errors import StoreUnavailable
from betimes.stores.failures import translate

#: Seconds to wait for another writer.
_PATIENCE = 5

#: Ids in one ``IN (…)``; SQLite takes 32,766 parameters, PostgreSQL 65,535.
CHUNK = 5_000

#: The driver for each kind of database, under the names that URLs give it.
_DRIVERS = {"sqlite": "sqlite", "postgresql": "postgresql+psycopg", "postgres": "postgresql+psycopg"}


class Lock(IntEnum):
    """What one writer at a time may change. The numbers are PostgreSQL's names for the locks."""

    LOG = 0xBE71_0001
    CATALOGUE = 0xBE71_0002
    VECTORS = 0xBE71_0003
    SCHEMA = 0xBE71_0004
    TRAINED = 0xBE71_0005


class Database:
    """A database that can be used from several threads, beside other processes.

    SQLite runs in WAL mode with ``synchronous=NORMAL``: what was committed survives the death of the
    process (``kill -9``); a loss of power may take the last commits, and never damages the file.

    Args:
        where: a file, or a URL of SQLite or PostgreSQL.

    Raises:
        StoreUnavailable: it is not a place where a database can be.
    """

    def __init__(self, where: str) -> None:
        url = _parse(where)
        self.name = url.render_as_string(hide_password=True) if "://" in where else where
        self.is_sqlite = url.get_backend_name() == "sqlite"
        # SQLite lets a waiting writer sleep and try again; threads of one process need not.
        self._turn = threading.Lock() if self.is_sqlite else nullcontext()
        # On PostgreSQL each statement under the lock must see what the holder before it committed.
        options = {} if self.is_sqlite else {"isolation_level": "READ COMMITTED"}
        try:
            self._engine = create_engine(_complete(url), hide_parameters=True, **options)
        except ModuleNotFoundError as error:
            raise StoreUnavailable(
                f"the database {self.name} needs a driver that is not installed, {error.name}: "
                "pip install 'betimes[postgres]'"
            ) from error
        if self.is_sqlite:
            event.listen(self._engine, "connect", _prepare_sqlite)

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A connection for statements that only read."""
        with self._translated(), self._engine.connect() as connection:
            yield connection

    @contextmanager
    def writing(self, lock: Lock) -> Iterator[Connection]:
        """A transaction that is alone in holding ``lock`` until it has committed.

        Whatever it numbers in sequence becomes visible to readers in that sequence. SQLite has one
        writer at a time anyway; PostgreSQL takes an advisory lock.
        """
        take = "BEGIN IMMEDIATE" if self.is_sqlite else f"SELECT pg_advisory_xact_lock({lock:d})"
        with self._turn, self._translated(), self._engine.begin() as connection:
            connection.exec_driver_sql(take)
            yield connection

    def upsert(self, table: Table) -> Insert:
        """An insert that replaces the row with the same primary key."""
        insert = sqlite.insert(table) if self.is_sqlite else postgresql.insert(table)
        keys = list(table.primary_key)
        values = {c.name: insert.excluded[c.name] for c in table.c if not c.primary_key}
        return insert.on_conflict_do_update(index_elements=keys, set_=values)

    def use_wal(self) -> None:
        """Lets readers and a writer work side by side; SQLite remembers it in the file."""
        if self.is_sqlite:
            with self.reading() as connection:
                connection.exec_driver_sql("PRAGMA journal_mode=WAL")

    def scrub(self) -> None:
        """Leaves no trace of deleted content in the files of SQLite; PostgreSQL vacuums its own.

        The whole file is written anew, which takes time in proportion to its size (``secure_delete``
        would not do: it leaves copies of rows that were moved between pages before they were deleted).

        Raises:
            StoreUnavailable: another process reads or writes without end.
        """
        if not self.is_sqlite:
            return
        with self._turn, self.reading() as connection:
            connection.exec_driver_sql("VACUUM")
            busy = connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)").scalar_one()
        if busy:
            raise StoreUnavailable(
                f"the database {self.name} is being read by another process, so what was erased is still in its "
                "-wal file; repeat the same erasure when that process is done"
            )

    def close(self) -> None:
        """Releases every connection."""
        self._engine.dispose()

    @contextmanager
    def _translated(self) -> Iterator[None]:
        try:
            yield
        except (SQLAlchemyError, sqlite3.Error, UnicodeEncodeError) as error:
            raise translate(error, self.name) from error


def _parse(where: str) -> URL:
    try:
        url = make_url(where) if "://" in where else URL.create("sqlite", database=str(Path(where).expanduser()))
    except (ArgumentError, ValueError) as error:
        raise StoreUnavailable(f"{where!r} is not a database URL: give a file or postgresql://…") from error
    backend = url.get_backend_name()
    if backend not in _DRIVERS:
        raise StoreUnavailable(f"{backend} is not a database that Betimes runs on: give a file or postgresql://…")
    if backend == "sqlite" and url.database in (None, "", ":memory:"):
        raise StoreUnavailable("a database in memory cannot be shared by threads: give a file")
    return url


def _complete(url: URL) -> URL:
    """The URL with our driver, and with how long to wait unless it says so itself."""
    backend = url.get_backend_name()
    waits = (
        {"timeout": str(_PATIENCE)}
        if backend == "sqlite"
        else {"connect_timeout": str(_PATIENCE), "options": f"-c lock_timeout={_PATIENCE}s"}
    )
    return url.set(drivername=_DRIVERS[backend], query={**waits, **url.query})


def _prepare_sqlite(connection: sqlite3.Connection, _record: object) -> None:
    connection.isolation_level = None  # transactions begin where we say so
    connection.execute("PRAGMA synchronous=NORMAL")
