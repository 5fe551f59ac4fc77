"""The newest items."""

import numpy as np

from betimes.recommend.arrays import RowArray
from betimes.recommend.columns import Columns
from betimes.recommend.sources import NOTHING, Query, Scores

#: So many of the newest items are kept in order.
_HEAD = 5_000


class Fresh:
    """Allowed items in order of publication, newest first, up to the moment of asking."""

    name = "fresh"

    def __init__(self, columns: Columns) -> None:
        self._columns = columns
        self._revision = -1
        self._head: RowArray = np.zeros(0, dtype=np.int64)

    def candidates(self, query: Query, k: int) -> tuple[RowArray, Scores]:
        """The newest allowed rows, scored from 1 down; among equally new ones those put first."""
        published = self._columns.published()
        if self._revision != self._columns.revision:
            self._head = self._newest(np.flatnonzero(np.isfinite(published)), _HEAD)
            self._revision = self._columns.revision
        now = query.ask.at.timestamp()
        rows = self._head[self._head < len(query.allowed)]
        rows = rows[query.allowed[rows] & (published[rows] <= now)][:k]
        if len(rows) < k and len(rows) < query.n_allowed:
            allowed = np.flatnonzero(query.allowed)
            out = published[allowed]
            rows = self._newest(allowed[np.isfinite(out) & (out <= now)], k)
        if len(rows) == 0:
            return NOTHING
        return rows, 1.0 - np.arange(len(rows)) / len(rows)

    def _newest(self, rows: RowArray, n: int) -> RowArray:
        """The ``n`` newest of the rows, newest first."""
        age = -self._columns.published()[rows]
        if len(rows) > n:
            kept = np.flatnonzero(age <= np.partition(age, n - 1)[n - 1])
            rows, age = rows[kept], age[kept]
        return rows[np.lexsort((rows, age))][:n]
