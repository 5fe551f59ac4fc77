"""The newest items."""

import numpy as np

from betimes.recommend.arrays import RowArray
from betimes.recommend.columns import Columns
from betimes.recommend.sources import NOTHING, Query, Scores, first_allowed


class Fresh:
    """Allowed items in order of publication, newest first, up to the moment of asking."""

    name = "fresh"

    def __init__(self, columns: Columns) -> None:
        self._columns = columns
        self._revision = -1
        self._ordered: RowArray = np.zeros(0, dtype=np.int64)

    def candidates(self, query: Query, k: int) -> tuple[RowArray, Scores]:
        """The newest allowed rows, scored from 1 down."""
        if self._revision != self._columns.revision:
            published = self._columns.published()
            known = np.flatnonzero(np.isfinite(published))
            self._ordered = known[np.argsort(-published[known], kind="stable")]
            self._revision = self._columns.revision
        published = self._columns.published()
        now = query.ask.at.timestamp()
        start = int(np.searchsorted(-published[self._ordered], -now, side="left"))
        rows = first_allowed(self._ordered[start:], query.allowed, k)
        if len(rows) == 0:
            return NOTHING
        return rows, 1.0 - np.arange(len(rows)) / len(rows)
