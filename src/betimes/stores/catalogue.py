"""The catalogue in a database."""

from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import Connection, bindparam, func, select

from betimes.domain.item import Item
from betimes.domain.names import ItemId
from betimes.ports import Put, Revised, batched
from betimes.stores.codec import decode_item, encode_item
from betimes.stores.connection import CHUNK, Database, Lock
from betimes.stores.schema import items as table

#: Rows read at a time; no connection is held between.
_PAGE = 1_000

_BY_ID = select(table.c.id, table.c.body).where(table.c.id.in_(bindparam("ids", expanding=True)))
_PRESENT = _BY_ID.where(~table.c.removed)
_AFTER = (
    select(table.c.revision, table.c.id, table.c.body)
    .where(table.c.revision > bindparam("after"))
    .order_by(table.c.revision)
    .limit(bindparam("page"))
)
_REVISION = select(func.coalesce(func.max(table.c.revision), 0))
_COUNT = select(func.count()).select_from(table).where(~table.c.removed)


class SqlCatalogue:
    """:class:`betimes.ports.Catalogue` in a database.

    A removed item leaves a row without content, so that those who follow the changes learn of it.
    Revisions are given out under the write lock and so become visible in order.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self._upsert = database.upsert(table)

    def put(self, items: Sequence[Item]) -> Put:
        """Adds or replaces items; see the port. Of several with one id the last counts."""
        latest = {item.id: (item, encode_item(item)) for item in items}
        added = changed = 0
        with self._database.writing(Lock.CATALOGUE) as connection:
            revision = _revision(connection)
            for chunk in batched(latest.items(), CHUNK):
                stored = dict(connection.execute(_PRESENT, {"ids": [id_ for id_, _ in chunk]}).all())
                rows: list[dict[str, Any]] = []
                for id_, (item, body) in chunk:
                    old = stored.get(id_)
                    if old is not None and (old == body or decode_item(id_, old) == item):
                        continue
                    revision += 1
                    added += old is None
                    changed += old is not None
                    rows.append({"id": id_, "revision": revision, "removed": False, "body": body})
                if rows:
                    connection.execute(self._upsert, rows)
        return Put(added, changed, len(latest) - added - changed)

    def remove(self, items: Sequence[ItemId]) -> int:
        """Removes items; see the port."""
        removed = 0
        with self._database.writing(Lock.CATALOGUE) as connection:
            revision = _revision(connection)
            for chunk in batched(dict.fromkeys(items), CHUNK):
                present = connection.execute(_PRESENT, {"ids": chunk}).scalars().all()
                rows = [
                    {"id": id_, "revision": revision + nth, "removed": True, "body": None}
                    for nth, id_ in enumerate(present, start=removed + 1)
                ]
                if rows:
                    connection.execute(self._upsert, rows)
                removed += len(rows)
        return removed

    def get(self, items: Sequence[ItemId]) -> dict[ItemId, Item]:
        """The items that exist; see the port."""
        found: dict[ItemId, Item] = {}
        with self._database.reading() as connection:
            for chunk in batched(items, CHUNK):
                for id_, body in connection.execute(_PRESENT, {"ids": chunk}):
                    found[id_] = decode_item(id_, body)
        return found

    def changes(self, after: int = 0) -> Iterator[Revised]:
        """The state of what changed; see the port."""
        while True:
            with self._database.reading() as connection:
                page = connection.execute(_AFTER, {"after": after, "page": _PAGE}).all()
            for revision, id_, body in page:
                yield Revised(revision, id_, None if body is None else decode_item(id_, body))
            if len(page) < _PAGE:
                return
            after = page[-1].revision

    def revision(self) -> int:
        """The highest revision; see the port."""
        with self._database.reading() as connection:
            return _revision(connection)

    def count(self) -> int:
        """How many items there are; see the port."""
        with self._database.reading() as connection:
            return int(connection.execute(_COUNT).scalar_one())


def _revision(connection: Connection) -> int:
    return int(connection.execute(_REVISION).scalar_one())
