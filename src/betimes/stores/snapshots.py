"""Snapshots of folded states in a database."""

from sqlalchemy import bindparam, delete, select

from betimes.stores.connection import Database, Lock
from betimes.stores.schema import events
from betimes.stores.schema import snapshots as table

_BY_NAME = select(table.c.seq, table.c.state).where(table.c.name == bindparam("of"))
_ERASED_SINCE = select(events.c.seq).where(events.c.seq > bindparam("after"), events.c.kind == "erased").limit(1)


class SqlSnapshots:
    """:class:`betimes.ports.Snapshots` in a database."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._upsert = database.upsert(table)

    def save(self, name: str, seq: int, state: bytes) -> None:
        """Keeps a state as of ``seq``.

        One from before the latest erasure is not kept: it may hold what was to be forgotten.
        """
        # The lock of the log, so that no erasure can come between the look and the write.
        with self._database.writing(Lock.LOG) as connection:
            if connection.execute(_ERASED_SINCE, {"after": seq}).first() is None:
                connection.execute(self._upsert, {"name": name, "seq": seq, "state": state})

    def load(self, name: str) -> tuple[int, bytes] | None:
        """The position and the state last kept."""
        with self._database.reading() as connection:
            row = connection.execute(_BY_NAME, {"of": name}).first()
        return None if row is None else (row.seq, row.state)

    def drop(self) -> None:
        """Forgets every snapshot."""
        with self._database.writing(Lock.LOG) as connection:
            connection.execute(delete(table))
