"""Items that are likely next after those acted on last, by a model trained on what people did."""

import numpy as np

from betimes.domain.names import ItemId
from betimes.recommend.arrays import RowArray
from betimes.recommend.sequence import SequenceModel
from betimes.recommend.sources import NOTHING, Query, Scores
from betimes.rows import Rows

#: So many of the likeliest items are scored for the proposals of others.
_SCORED = 1_000


class Sequence:
    """Scores every item that the model knows after those of the user's latest acts that it knows.

    Its scores are odds
    relative to the likeliest item proposed: 1 for that one, and above 0 for the others.
    """

    name = "sequence"

    def __init__(self, rows: Rows, model: SequenceModel | None = None) -> None:
        self._rows = rows
        self.use(model)

    def use(self, model: SequenceModel | None) -> None:
        """Proposes by this model from now on, or nothing without one; requests under way keep the one before."""
        self._known = None if model is None else _Known(model, self._rows)

    def candidates(self, query: Query, k: int) -> tuple[RowArray, Scores]:
        """The allowed rows likeliest to be next."""
        known = self._known
        if known is None or k < 1:
            return NOTHING
        known.extend()
        past = query.past.rows[-known.model.length :].tolist()
        history = [known.numbers[row] for row in past if row in known.numbers]
        if not history:
            return NOTHING
        rows = known.rows
        numbers = np.flatnonzero((rows >= 0) & (rows < len(query.allowed)))
        numbers = numbers[query.allowed[rows[numbers]]]
        if len(numbers) == 0:
            return NOTHING
        rows, logits = rows[numbers], known.model.scores(history)[numbers].astype(np.float64)
        if len(rows) > max(k, _SCORED):
            best = np.argpartition(-logits, max(k, _SCORED))[: max(k, _SCORED)]
            rows, logits = rows[best], logits[best]
        order = np.lexsort((rows, -logits))
        return rows[order], np.exp(logits[order] - logits[order[0]])


class _Known:
    """A model, and which rows its items have.

    Attributes:
        rows: the row of each item by number, -1 while it has none.
        numbers: the number of each row whose item the model knows.
    """

    def __init__(self, model: SequenceModel, rows: Rows) -> None:
        self.model = model
        self.rows: RowArray = np.full(len(model.ids), -1, dtype=np.int64)
        self.numbers: dict[int, int] = {}
        self._table = rows
        self._by_id = {ItemId(item): number for number, item in enumerate(model.ids)}
        self._looked_at = 0
        self.extend()

    def extend(self) -> None:
        """Looks at the rows given out since; threads that do so at once write the same."""
        end = len(self._table)
        for row in range(self._looked_at, end):
            number = self._by_id.get(self._table.id(row))
            if number is not None:
                self.rows[number] = row
                self.numbers[row] = number
        self._looked_at = end
