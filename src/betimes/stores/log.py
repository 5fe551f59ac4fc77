"""The event log in a database."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import Connection, Select, bindparam, delete, func, insert, select

from betimes.domain.event import Event
from betimes.domain.names import EventId, UserId
from betimes.errors import Conflict
from betimes.ports import batched
from betimes.stores.codec import EventRow, decode_event, encode_event
from betimes.stores.connection import CHUNK, Database, Lock
from betimes.stores.schema import events as table
from betimes.stores.schema import snapshots

#: Rows read at a time. No connection is held between, so a slow reader hinders nobody.
_PAGE = 1_000

_ROWS = select(table.c.seq, table.c.id, table.c.user, table.c.kind, table.c.at, table.c.body)
_AFTER = _ROWS.where(table.c.seq > bindparam("after")).order_by(table.c.seq).limit(bindparam("page"))
_OF_USER = _AFTER.where(table.c.user == bindparam("of"))
_BY_ID = _ROWS.where(table.c.id.in_(bindparam("ids", expanding=True)))
_HEAD = select(func.coalesce(func.max(table.c.seq), 0))
_USERS = (
    select(table.c.user)
    .where(table.c.user > bindparam("after"))
    .distinct()
    .order_by(table.c.user)
    .limit(bindparam("page"))
)


class SqlEventLog:
    """:class:`betimes.ports.EventLog` in a database.

    Positions are given out under the write lock, one after another, so a position is visible only when
    all before it are: whoever follows the log by ``read(after)`` misses nothing.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    def append(self, events: Sequence[Event]) -> list[Event]:
        """Stores events; see the port."""
        rows = [encode_event(event) for event in events]
        if not rows:
            return []
        with self._database.writing(Lock.LOG) as connection:
            known = _stored(connection, [event.id for event in events])
            seq = _head(connection)
            placed: list[Event] = []
            fresh: list[dict[str, Any]] = []
            for event, row in zip(events, rows, strict=True):
                if event.id in known:
                    placed.append(_same(known[event.id], event))
                    continue
                seq += 1
                known[event.id] = replace(event, seq=seq)
                placed.append(known[event.id])
                fresh.append(row._replace(seq=seq)._asdict())
            if fresh:
                connection.execute(insert(table), fresh)
        return placed

    def read(self, after: int = 0, *, limit: int | None = None) -> Iterator[Event]:
        """All events after a position; see the port."""
        return self._pages(_AFTER, {}, after, limit)

    def of_user(self, user: UserId, after: int = 0) -> Iterator[Event]:
        """The events of one user; see the port."""
        return self._pages(_OF_USER, {"of": user}, after, None)

    def find(self, event: EventId) -> Event | None:
        """The event with this id; see the port."""
        with self._database.reading() as connection:
            return _stored(connection, [event]).get(event)

    def users(self) -> Iterator[UserId]:
        """Every user; see the port."""
        after = ""
        while True:
            with self._database.reading() as connection:
                page = connection.execute(_USERS, {"after": after, "page": _PAGE}).scalars().all()
            yield from page
            if len(page) < _PAGE:
                return
            after = page[-1]

    def head(self) -> int:
        """The last position; see the port."""
        with self._database.reading() as connection:
            return _head(connection)

    def erase(self, erased: Event) -> Event:
        """Forgets a user; see the port. Snapshots go too: they may hold the user's words.

        Repeating an erasure with the same id deletes nothing more, and finishes the scrubbing of the files.

        Raises:
            Conflict: the id is that of another event.
            StoreUnavailable: also when the events are gone but their traces could not be scrubbed from
                the files yet; the message says so.
        """
        row = encode_event(erased)
        with self._database.writing(Lock.LOG) as connection:
            stored = _stored(connection, [erased.id]).get(erased.id)
            if stored is None:
                stored = replace(erased, seq=_head(connection) + 1)
                connection.execute(delete(table).where(table.c.user == erased.user))
                connection.execute(delete(snapshots))
                connection.execute(insert(table), row._replace(seq=stored.seq)._asdict())
            _same(stored, erased)
        self._database.scrub()
        return stored

    def _pages(self, statement: Select[Any], values: dict[str, Any], after: int, limit: int | None) -> Iterator[Event]:
        left = limit
        while left is None or left > 0:
            size = _PAGE if left is None else min(_PAGE, left)
            with self._database.reading() as connection:
                page = connection.execute(statement, {**values, "after": after, "page": size}).all()
            for row in page:
                yield decode_event(EventRow._make(row))
            if len(page) < size:
                return
            after = page[-1].seq
            left = None if left is None else left - size


def _head(connection: Connection) -> int:
    return int(connection.execute(_HEAD).scalar_one())


def _stored(connection: Connection, ids: Sequence[EventId]) -> dict[EventId, Event]:
    found: dict[EventId, Event] = {}
    for chunk in batched(ids, CHUNK):
        for row in connection.execute(_BY_ID, {"ids": chunk}):
            event = decode_event(EventRow._make(row))
            found[event.id] = event
    return found


def _same(stored: Event, event: Event) -> Event:
    if replace(event, seq=stored.seq) != stored:
        raise Conflict(
            f"event {event.id!r} is stored already, at {stored.seq}, with another content: "
            "send what was sent the first time, or a new id"
        )
    return stored
