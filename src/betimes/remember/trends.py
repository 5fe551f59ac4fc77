"""How much each item is acted on at several speeds of forgetting, and since when and until when."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

import msgspec
import numpy as np
import numpy.typing as npt

from betimes.domain.event import Acted, Event
from betimes.domain.names import ItemId
from betimes.remember.acts import weight_of
from betimes.rows import Rows

RowArray = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class TrendConfig:
    """Settings of :class:`Trends`.

    Attributes:
        half_lives: after how long an act counts half, from the fastest to the slowest.
    """

    half_lives: Sequence[timedelta] = tuple(timedelta(days=d) for d in (1, 3, 7, 30, 120))


class _State(msgspec.Struct):
    ids: list[str]
    sums: list[list[float]]
    first: list[float]
    last: list[float]
    total: list[float]
    latest: float


class Trends:
    """Decayed sums of the acts in favour of each row, one for each half-life.

    A row's sums are those as of its latest act, so an act costs the same however many items there are, and
    no sum ever leaves the range of a float. An act that arrives late counts by its own time.
    """

    _sums: Floats
    _first: Floats
    _last: Floats
    _total: list[float]
    _latest: float

    def __init__(self, rows: Rows, config: TrendConfig | None = None) -> None:
        self._rows = rows
        self._config = config or TrendConfig()
        self._rates = [1.0 / life.total_seconds() for life in self._config.half_lives]
        self.clear()

    def fold(self, event: Event) -> None:
        """Takes in one event; only acts in favour of an item count."""
        if not isinstance(event, Acted):
            return
        weight = weight_of(event)
        if weight <= 0.0:
            return
        row, at = self._rows.of(event.item), event.at.timestamp()
        self._reserve(row)
        last = float(self._last[row])
        if math.isnan(last):
            self._sums[row] = weight
            self._first[row] = self._last[row] = at
        else:
            self._sums[row] = self._added(self._sums[row].tolist(), weight, at - last)
            self._first[row] = min(self._first[row], at)
            if at > last:
                self._last[row] = at
        self._total = self._added(self._total, weight, at - self._latest)
        self._latest = max(self._latest, at)

    def _added(self, sums: list[float], weight: float, later: float) -> list[float]:
        """Sums after an act so many seconds later than they are as of, or earlier where it is below 0."""
        if later >= 0.0:
            return [s * 2.0 ** (-later * rate) + weight for s, rate in zip(sums, self._rates, strict=True)]
        return [s + weight * 2.0 ** (later * rate) for s, rate in zip(sums, self._rates, strict=True)]

    def _reserve(self, row: int) -> None:
        if row >= len(self._last):
            more = max(len(self._last), row + 1 - len(self._last))
            self._sums = np.concatenate([self._sums, np.zeros((more, len(self._rates)))])
            self._first = np.concatenate([self._first, np.full(more, np.nan)])
            self._last = np.concatenate([self._last, np.full(more, np.nan)])

    def shares(self, rows: RowArray, at: float) -> Floats:
        """Each row's share of all that is acted on at a moment, by half-life; shape ``(len(rows), half-lives)``."""
        out = np.zeros((len(rows), len(self._rates)))
        known = np.flatnonzero(self._known(rows))
        age = np.maximum(0.0, at - self._last[rows[known]])
        total = np.array(self._added(self._total, 0.0, max(0.0, at - self._latest)))
        out[known] = self._sums[rows[known]] * np.exp2(-age[:, None] * np.array(self._rates)) / np.maximum(total, 1e-12)
        return out

    def since(self, rows: RowArray, at: float) -> tuple[Floats, Floats]:
        """Days since the first and since the latest act on each row; infinite for those without one."""
        first, last = np.full(len(rows), np.inf), np.full(len(rows), np.inf)
        known = np.flatnonzero(self._known(rows))
        first[known] = np.maximum(0.0, at - self._first[rows[known]]) / 86_400.0
        last[known] = np.maximum(0.0, at - self._last[rows[known]]) / 86_400.0
        return first, last

    def _known(self, rows: RowArray) -> npt.NDArray[np.bool_]:
        inside = rows < len(self._last)
        inside[inside] = ~np.isnan(self._last[rows[inside]])
        return inside

    def dump(self) -> bytes:
        """The state, by item id."""
        used = np.flatnonzero(~np.isnan(self._last))
        return msgspec.msgpack.encode(
            _State(
                [self._rows.id(int(row)) for row in used],
                self._sums[used].tolist(),
                self._first[used].tolist(),
                self._last[used].tolist(),
                self._total,
                self._latest,
            )
        )

    def load(self, state: bytes) -> None:
        """Replaces the state by a dumped one."""
        kept = msgspec.msgpack.decode(state, type=_State)
        self.clear()
        if kept.ids:
            rows = np.array([self._rows.of(ItemId(item)) for item in kept.ids])
            self._reserve(int(rows.max()))
            self._sums[rows], self._first[rows], self._last[rows] = kept.sums, kept.first, kept.last
        self._total, self._latest = kept.total, kept.latest

    def clear(self) -> None:
        """Forgets everything."""
        self._sums = np.zeros((1024, len(self._rates)))
        self._first = np.full(1024, np.nan)
        self._last = np.full(1024, np.nan)
        self._total = [0.0] * len(self._rates)
        self._latest = 0.0
