"""What everyone acts on lately."""

from typing import Protocol

import numpy as np
import numpy.typing as npt

from betimes.recommend.arrays import RowArray
from betimes.recommend.sources import NOTHING, Query, Scores, first_allowed

_SCAN_UPTO = 50_000


class Standing(Protocol):
    """How popular each row is."""

    def head(self) -> RowArray:
        """Rows of the most popular items, best first."""

    def of(self, rows: RowArray) -> npt.NDArray[np.float64]:
        """Popularity of each row relative to the most popular one, 0 to 1."""


class Popular:
    """The most popular allowed items."""

    name = "popular"

    def __init__(self, standing: Standing) -> None:
        self._standing = standing

    def candidates(self, query: Query, k: int) -> tuple[RowArray, Scores]:
        """From the head of the ranking; when too few of it are allowed, from the allowed rows themselves."""
        rows = first_allowed(self._standing.head(), query.allowed, k)
        if len(rows) < k and query.n_allowed <= _SCAN_UPTO:
            allowed = np.flatnonzero(query.allowed)
            scores = self._standing.of(allowed)
            order = np.lexsort((allowed, -scores))[:k]
            rows = allowed[order]
        if len(rows) == 0:
            return NOTHING
        return rows, self._standing.of(rows)
