"""How much each item is acted on, with time decay, updated at each event."""

from dataclasses import dataclass
from datetime import timedelta

import msgspec
import numpy as np
import numpy.typing as npt

from betimes.domain.event import Acted, Event
from betimes.domain.names import ItemId
from betimes.remember.acts import weight_of
from betimes.remember.decaying import ForwardDecay
from betimes.rows import Rows


@dataclass(frozen=True, slots=True)
class PopularityConfig:
    """Settings of :class:`Popularity`.

    Attributes:
        half_life: after this long an act counts half.
        head: how many of the most popular items are kept in order at all times.
    """

    half_life: timedelta = timedelta(days=14)
    head: int = 1000


class _State(msgspec.Struct):
    ids: list[str]
    scores: list[float]


class Popularity:
    """Decayed sums of acts per row, and the rows with the largest ones."""

    def __init__(self, rows: Rows, config: PopularityConfig | None = None) -> None:
        self._rows = rows
        self._config = config or PopularityConfig()
        self._decay = ForwardDecay(self._config.half_life)
        self._scores = np.zeros(1024)
        self._head: set[int] = set()
        self._floor = 0.0
        self._ordered: npt.NDArray[np.int64] | None = None

    def fold(self, event: Event) -> None:
        """Takes in one event; only acts count."""
        if not isinstance(event, Acted):
            return
        weight = weight_of(event)
        if weight == 0.0:
            return
        row = self._rows.of(event.item)
        self._reserve(row)
        score = self._scores[row] + weight * self._decay.factor(event.at)
        self._scores[row] = score
        self._ordered = None
        if score >= self._floor:
            self._head.add(row)
            if len(self._head) > 2 * self._config.head:
                self._hold(np.fromiter(self._head, dtype=np.int64))
        elif row in self._head:
            # It fell below some that are not held: only a look at all of them tells which.
            self._hold(np.flatnonzero(self._scores > 0.0))

    def _reserve(self, row: int) -> None:
        if row >= len(self._scores):
            self._scores = np.concatenate([self._scores, np.zeros(max(len(self._scores), row + 1))])

    def _hold(self, rows: npt.NDArray[np.int64]) -> None:
        """Holds the best of the rows; what is left out scores at most the floor."""
        n, scores = self._config.head, self._scores[rows]
        if len(rows) <= n:
            self._head, self._floor = set(rows.tolist()), 0.0
            return
        self._floor = float(np.partition(scores, -n)[-n])
        rows = rows[scores >= self._floor]
        order = np.lexsort((rows, -self._scores[rows]))[:n]
        self._head = set(rows[order].tolist())

    def head(self) -> npt.NDArray[np.int64]:
        """Rows of the most popular items, best first."""
        if self._ordered is None:
            rows = np.fromiter(self._head, dtype=np.int64, count=len(self._head))
            rows = rows[self._scores[rows] > 0.0]
            self._ordered = rows[np.lexsort((rows, -self._scores[rows]))][: self._config.head]
        return self._ordered

    def of(self, rows: npt.NDArray[np.int64]) -> npt.NDArray[np.float64]:
        """Popularity of each row, relative to the most popular one: 0 to 1, on a square-root scale."""
        head = self.head()
        if len(head) == 0:
            return np.zeros(len(rows))
        known = rows < len(self._scores)
        scores = np.where(known, self._scores[np.where(known, rows, 0)], 0.0)
        relative: npt.NDArray[np.float64] = np.sqrt(np.clip(scores / self._scores[head[0]], 0.0, 1.0))
        return relative

    def dump(self) -> bytes:
        """The state, by item id."""
        used = np.flatnonzero(self._scores)
        return msgspec.msgpack.encode(_State([self._rows.id(int(row)) for row in used], self._scores[used].tolist()))

    def load(self, state: bytes) -> None:
        """Replaces the state by a dumped one."""
        kept = msgspec.msgpack.decode(state, type=_State)
        self.clear()
        for item, score in zip(kept.ids, kept.scores, strict=True):
            row = self._rows.of(ItemId(item))
            self._reserve(row)
            self._scores[row] = score
        self._hold(np.flatnonzero(self._scores > 0.0))

    def clear(self) -> None:
        """Forgets everything."""
        self._scores = np.zeros(1024)
        self._head = set()
        self._floor = 0.0
        self._ordered = None
