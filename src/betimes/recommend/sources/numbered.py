"""The items of a trained model, which numbers them its own way, as rows."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from betimes.domain.names import ItemId
from betimes.recommend.arrays import RowArray
from betimes.recommend.sources import NOTHING, Query, Scores
from betimes.rows import Rows

#: So many of the best items are scored for the proposals of others.
_SCORED = 1_000


class Numbered:
    """Which row each of a model's items has, and which item each row.

    Args:
        ids: the items by number.
    """

    def __init__(self, ids: Sequence[str], rows: Rows) -> None:
        self._rows: RowArray = np.full(len(ids), -1, dtype=np.int64)
        self._numbers: dict[int, int] = {}
        self._table = rows
        self._by_id = {ItemId(item): number for number, item in enumerate(ids)}
        self._looked_at = 0
        self.extend()

    def extend(self) -> None:
        """Looks at the rows given out since; threads that do so at once write the same."""
        end = len(self._table)
        for row in range(self._looked_at, end):
            number = self._by_id.get(self._table.id(row))
            if number is not None:
                self._rows[number] = row
                self._numbers[row] = number
        self._looked_at = end

    def numbers(self, rows: RowArray) -> RowArray:
        """The number of each row's item, in the same order; -1 for one that the model does not know."""
        return np.array([self._numbers.get(row, -1) for row in rows.tolist()], dtype=np.int64)

    def best(self, query: Query, scores: npt.NDArray[np.floating], k: int) -> tuple[RowArray, Scores]:
        """The allowed rows that score best, the best first: ``k`` of them, or as many more as are worth telling.

        Args:
            scores: of each item, by number.
        """
        numbers = np.flatnonzero((self._rows >= 0) & (self._rows < len(query.allowed)))
        numbers = numbers[query.allowed[self._rows[numbers]]]
        if len(numbers) == 0:
            return NOTHING
        rows, values = self._rows[numbers], scores[numbers].astype(np.float64)
        most = max(k, _SCORED)
        if len(rows) > most:
            best = np.argpartition(-values, most)[:most]
            rows, values = rows[best], values[best]
        order = np.lexsort((rows, -values))
        return rows[order], values[order]
