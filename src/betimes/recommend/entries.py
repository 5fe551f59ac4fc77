"""What each row was entered with, a few bytes a value."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal, NamedTuple

import numpy as np
import numpy.typing as npt

from betimes.recommend.arrays import Growing, RowArray


class Entry(NamedTuple):
    """One value of a row: a text or a flag ("yes" or "no") with its column, or that it has a number there."""

    kind: Literal["text", "flag", "number"]
    name: str
    value: str = ""


class Entries:
    """The entries of every row: each distinct one has a number, and a row is a run of numbers in one pool.

    An entry once seen keeps its number. What replaced rows leave behind is swept up when it is half of
    the pool.
    """

    def __init__(self) -> None:
        self._entries: list[Entry] = []
        self._numbers: dict[Entry, int] = {}
        self._pool = Growing(np.int32, 0)
        self._end = 0
        self._held = 0
        self._start = Growing(np.int64, 0)
        self._count = Growing(np.int32, 0)
        self._rows = 0

    def put(self, row: int, entries: Iterable[Entry]) -> None:
        """Enters a row, in place of what it had."""
        self.pop(row)
        if self._end > 2 * self._held + 1024:
            self._sweep()
        run = np.fromiter((self._number(e) for e in entries), dtype=np.int32)
        self._pool.write(self._end, run)
        self._start[row] = self._end
        self._count[row] = len(run)
        self._end += len(run)
        self._held += len(run)
        self._rows = max(self._rows, row + 1)

    def pop(self, row: int) -> list[Entry]:
        """Takes a row out, and says what it had."""
        had = self.of(row)
        if had:
            self._count[row] = 0
            self._held -= len(had)
        return had

    def of(self, row: int) -> list[Entry]:
        """What a row has, in the order it was entered; nothing for a row never entered."""
        if row >= self._rows:
            return []
        start, count = int(self._start.upto(self._rows)[row]), int(self._count.upto(self._rows)[row])
        return [self._entries[number] for number in self._pool.upto(self._end)[start : start + count].tolist()]

    def among(self, rows: RowArray) -> "Gathered":
        """The entries of many rows, to be weighed."""
        return Gathered(self._numbers, *self._gather(rows), len(rows))

    def _gather(self, rows: RowArray) -> tuple[npt.NDArray[np.int32], RowArray]:
        """The entries' numbers of many rows in one line, and which of the rows each belongs to."""
        upto = max(self._rows, int(rows.max()) + 1) if len(rows) else 0
        count = self._count.upto(upto)[rows]
        before = np.cumsum(count) - count
        owner = np.repeat(np.arange(len(rows)), count)
        within = np.arange(len(owner)) - before[owner]
        return self._pool.upto(self._end)[self._start.upto(upto)[rows][owner] + within], owner

    def _sweep(self) -> None:
        rows = np.arange(self._rows)
        numbers, _ = self._gather(rows)
        count = self._count.upto(self._rows)
        self._pool = Growing(np.int32, 0)
        self._pool.write(0, numbers)
        self._start.write(0, np.cumsum(count, dtype=np.int64) - count)
        self._end = len(numbers)

    def _number(self, entry: Entry) -> int:
        number = self._numbers.get(entry)
        if number is None:
            number = self._numbers[entry] = len(self._entries)
            self._entries.append(entry)
        return number


@dataclass(frozen=True, slots=True)
class Gathered:
    """The entries of ``n`` rows in one line, with the place of the row that each belongs to."""

    known: Mapping[Entry, int]
    numbers: npt.NDArray[np.int32]
    owner: RowArray
    n: int

    def summed(self, weights: Mapping[Entry, float]) -> npt.NDArray[np.float64]:
        """For each row, the sum of its entries' weights. Shape ``(n,)``."""
        owner, lent = self._lent(weights)
        return np.bincount(owner, lent, minlength=self.n).astype(np.float64)

    def largest(self, weights: Mapping[Entry, float]) -> npt.NDArray[np.float64]:
        """For each row, the largest of its entries' weights, 0 at least. Shape ``(n,)``."""
        out = np.zeros(self.n)
        np.maximum.at(out, *self._lent(weights))
        return out

    def _lent(self, weights: Mapping[Entry, float]) -> tuple[RowArray, npt.NDArray[np.float64]]:
        """The weights of those entries that have one, and the place of the row that each belongs to."""
        known = sorted((self.known[entry], weight) for entry, weight in weights.items() if entry in self.known)
        if not known:
            return np.zeros(0, dtype=np.int64), np.zeros(0)
        wanted = np.array([number for number, _ in known], dtype=np.int32)
        lent = np.array([weight for _, weight in known], dtype=np.float64)
        at = np.minimum(np.searchsorted(wanted, self.numbers), len(wanted) - 1)
        hit = np.flatnonzero(wanted[at] == self.numbers)
        return self.owner[hit], lent[at[hit]]
