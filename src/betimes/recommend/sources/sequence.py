"""Items that are likely next after those acted on last, by a model trained on what people did."""

import numpy as np

from betimes.recommend.arrays import RowArray
from betimes.recommend.sequence import SequenceModel
from betimes.recommend.sources import NOTHING, Query, Scores
from betimes.recommend.sources.numbered import Numbered
from betimes.rows import Rows


class Sequence:
    """Scores every item that the model knows after those of the user's latest acts that it knows.

    Its scores are odds relative to the likeliest item proposed: 1 for that one, and above 0 for the others.
    """

    name = "sequence"

    def __init__(self, rows: Rows, model: SequenceModel | None = None) -> None:
        self._rows = rows
        self.use(model)

    def use(self, model: SequenceModel | None) -> None:
        """Proposes by this model from now on, or nothing without one; requests under way keep the one before."""
        self._serving = None if model is None else (model, Numbered(model.ids, self._rows))

    def candidates(self, query: Query, k: int) -> tuple[RowArray, Scores]:
        """The allowed rows likeliest to be next."""
        if self._serving is None or k < 1:
            return NOTHING
        model, items = self._serving
        items.extend()
        past = items.numbers(query.past.rows[-model.length :])
        history = past[past >= 0].tolist()
        if not history:
            return NOTHING
        rows, logits = items.best(query, model.scores(history), k)
        return (rows, np.exp(logits - logits[0])) if len(rows) else NOTHING
