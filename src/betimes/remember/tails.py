"""The latest entries of many sequences that only grow, side by side in flat arrays."""

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int64]
Column = npt.NDArray[np.generic]

_FIRST_ROOM = 4


class Tails:
    """Sequences numbered from 0, of which the latest entries are kept.

    Each sequence has a block in the flat arrays, which moves to one of twice the size when it is full; blocks left
    behind are used again. So an entry costs the same however long its sequence is, and slices of many sequences
    are taken at once by index arithmetic. An entry keeps its place, counted from the first that its sequence ever had.

    Attributes:
        flat: the entries by column; only what :meth:`slices` points at is meaningful.
    """

    def __init__(self, most: int, columns: Mapping[str, npt.DTypeLike]) -> None:
        """Makes no sequence yet.

        Args:
            most: how many entries are kept of each sequence at least; at most twice as many are.
            columns: the type of each column.
        """
        self._most = most
        self._types = dict(columns)
        self.clear()

    def __len__(self) -> int:
        """How many sequences there are."""
        return self._count

    def clear(self) -> None:
        """Forgets everything."""
        self._count = 0
        self._start: Ints = np.zeros(1024, dtype=np.int64)
        self._room: Ints = np.zeros(1024, dtype=np.int64)
        self._kept: Ints = np.zeros(1024, dtype=np.int64)
        self._dropped: Ints = np.zeros(1024, dtype=np.int64)
        self.flat: dict[str, Column] = {name: np.zeros(4096, dtype=kind) for name, kind in self._types.items()}
        self._end = 0
        self._left: dict[int, list[int]] = {}

    def append(self, number: int, *values: float) -> int:
        """Adds an entry to a sequence, one value a column; tells its place."""
        if number >= self._count:
            self._reserve(number)
        kept = int(self._kept[number])
        if kept == self._room[number]:
            kept = self._make_room(number, kept)
        at = int(self._start[number]) + kept
        for column, value in zip(self.flat.values(), values, strict=True):
            column[at] = value
        self._kept[number] = kept + 1
        return int(self._dropped[number]) + kept

    def _reserve(self, number: int) -> None:
        self._count = number + 1
        if number >= len(self._kept):
            more = max(len(self._kept), number + 1 - len(self._kept))
            for name in ("_start", "_room", "_kept", "_dropped"):
                setattr(self, name, np.concatenate([getattr(self, name), np.zeros(more, dtype=np.int64)]))

    def _make_room(self, number: int, kept: int) -> int:
        """Moves a full block to a larger one, or drops the older half of one that may not grow; tells what is kept."""
        start = int(self._start[number])
        if kept >= 2 * self._most:
            for column in self.flat.values():
                column[start : start + self._most] = column[start + kept - self._most : start + kept]
            self._dropped[number] += kept - self._most
            return self._most
        room = min(2 * kept or _FIRST_ROOM, 2 * self._most)
        to = self._block(room)
        for column in self.flat.values():
            column[to : to + kept] = column[start : start + kept]
        if kept:
            self._left.setdefault(kept, []).append(start)
        self._start[number], self._room[number] = to, room
        return kept

    def _block(self, room: int) -> int:
        left = self._left.get(room)
        if left:
            return left.pop()
        start, self._end = self._end, self._end + room
        for name, column in self.flat.items():
            if self._end > len(column):
                more = max(len(column), self._end - len(column))
                self.flat[name] = np.concatenate([column, np.zeros(more, dtype=column.dtype)])
        return start

    def lengths(self, numbers: npt.NDArray[np.integer]) -> Ints:
        """How many entries are kept of each sequence; 0 for one that is not there."""
        inside = numbers < self._count
        return np.where(inside, self._kept[np.where(inside, numbers, 0)], 0)

    def of(self, number: int) -> dict[str, Column]:
        """The entries kept of one sequence, oldest first."""
        if number >= self._count or number < 0:
            return {name: column[:0] for name, column in self.flat.items()}
        start, kept = int(self._start[number]), int(self._kept[number])
        return {name: column[start : start + kept].copy() for name, column in self.flat.items()}

    def latest(self, numbers: npt.NDArray[np.integer], most: int | Ints) -> tuple[Ints, Ints]:
        """The latest entries of each sequence: their index in :attr:`flat`, and which of the numbers they are of.

        Args:
            most: how many at most, of all or of each.
        """
        lengths = self.lengths(numbers)
        taken = np.minimum(lengths, most)
        starts = self._start[np.where(lengths > 0, numbers, 0)] + lengths - taken
        return _ranges(starts, taken)

    def around(
        self, numbers: npt.NDArray[np.integer], places: npt.NDArray[np.integer], reach: int
    ) -> tuple[Ints, Ints, Ints]:
        """The entries up to ``reach`` places before and after a place in each sequence; none around one not kept.

        Returns:
            Their index in :attr:`flat`, which of the numbers they are of, and how many places after (or, below 0,
            before) they stand.
        """
        middle = places - self._dropped[numbers]
        low = np.maximum(middle - reach, 0)
        high = np.minimum(middle + reach + 1, self._kept[numbers])
        index, which = _ranges(self._start[numbers] + low, np.where(middle >= 0, high - low, 0))
        return index, which, index - (self._start[numbers] + middle)[which]

    def dump(self) -> tuple[Ints, Ints, dict[str, Column]]:
        """How many entries are kept of each sequence, how many were dropped, and the entries, sequence by sequence."""
        numbers = np.arange(self._count)
        index, _ = self.latest(numbers, 2 * self._most)
        return (
            self._kept[: self._count].copy(),
            self._dropped[: self._count].copy(),
            {name: column[index] for name, column in self.flat.items()},
        )

    def load(self, kept: Ints, dropped: Ints, columns: Mapping[str, Column], numbers: Ints | None = None) -> None:
        """Replaces the sequences by dumped ones.

        Args:
            kept: see :meth:`dump`; likewise the next two.
            numbers: the number each sequence has from now on; without it, its place in the dump.
        """
        self.clear()
        if len(kept) == 0:
            return
        numbers = np.arange(len(kept)) if numbers is None else numbers
        self._reserve(int(numbers.max()))
        # The room that growing would have made, so that what is loaded goes on as what was dumped.
        room = _FIRST_ROOM << np.ceil(np.log2(np.maximum(kept / _FIRST_ROOM, 1.0))).astype(np.int64)
        room = np.where(kept > 0, np.minimum(room, 2 * self._most), 0)
        starts = np.cumsum(room) - room
        self._end = int(room.sum())
        self._kept[numbers], self._dropped[numbers] = kept, dropped
        self._room[numbers], self._start[numbers] = room, starts
        index, _ = _ranges(starts, kept)
        for name, kind in self._types.items():
            flat: Column = np.zeros(max(4096, self._end), dtype=kind)
            flat[index] = columns[name]
            self.flat[name] = flat


def _ranges(starts: Ints, lengths: Ints) -> tuple[Ints, Ints]:
    """The numbers ``start, start + 1, …`` of each range one after the other, and which range each is of."""
    which = np.repeat(np.arange(len(lengths)), lengths)
    before = np.cumsum(lengths) - lengths
    return np.arange(len(which)) + (starts - before)[which], which
