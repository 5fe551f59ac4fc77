"""Item ids as small numbers inside one process, so that states and indexes are arrays."""

from collections.abc import Iterable

from betimes.domain.names import ItemId


class Rows:
    """A two-way table between item ids and row numbers, which count up from 0 and are never reused.

    >>> rows = Rows()
    >>> rows.of(ItemId("a")), rows.of(ItemId("b")), rows.of(ItemId("a")), rows.id(1)
    (0, 1, 0, 'b')
    """

    def __init__(self, ids: Iterable[ItemId] = ()) -> None:
        self._ids: list[ItemId] = list(ids)
        self._rows: dict[ItemId, int] = {item: row for row, item in enumerate(self._ids)}

    def of(self, item: ItemId) -> int:
        """The row of an item, given out now if it has none yet."""
        row = self._rows.get(item)
        if row is None:
            row = self._rows[item] = len(self._ids)
            self._ids.append(item)
        return row

    def find(self, item: ItemId) -> int | None:
        """The row of an item, if it has one."""
        return self._rows.get(item)

    def id(self, row: int) -> ItemId:
        """The item of a row."""
        return self._ids[row]

    def __len__(self) -> int:
        return len(self._ids)
