"""Items that fit what the user went for lately, by a factor model of who goes for what."""

from dataclasses import dataclass

import numpy as np

from betimes.recommend.arrays import RowArray
from betimes.recommend.factors import FactorModel
from betimes.recommend.sources import NOTHING, Query, Scores, frequencies, latest_first
from betimes.recommend.sources.numbered import Numbered
from betimes.rows import Rows


@dataclass(frozen=True, slots=True)
class FoldInConfig:
    """Settings of :class:`Factors`.

    Attributes:
        history: how many of the user's latest items their vector is made from.
        half_life_days: after this long an act of the user counts half.
    """

    history: int = 50
    half_life_days: float = 60.0


class Factors:
    """Makes the user's vector anew at every request, from their latest items, and scores every item by it.

    So what was done a moment ago counts, and a user whom training never saw is served as any other. Its scores are
    products of vectors, about 0 to 1; only items whose product is above 0 are proposed.
    """

    name = "factors"

    def __init__(self, rows: Rows, model: FactorModel | None = None, config: FoldInConfig | None = None) -> None:
        self._rows = rows
        self._config = config or FoldInConfig()
        self.use(model)

    def use(self, model: FactorModel | None) -> None:
        """Proposes by this model from now on, or nothing without one; requests under way keep the one before."""
        self._serving = None if model is None else (model, Numbered(model.ids, self._rows))

    def candidates(self, query: Query, k: int) -> tuple[RowArray, Scores]:
        """The allowed rows that fit the user's vector best."""
        if self._serving is None or k < 1:
            return NOTHING
        model, items = self._serving
        items.extend()
        latest, weights = self._latest(query)
        numbers = items.numbers(latest)
        known = numbers >= 0
        if not known.any():
            return NOTHING
        vector = model.fold_in(numbers[known], weights[known])
        rows, scores = items.best(query, model.scores(vector), k)
        fitting = scores > 0.0
        return rows[fitting], scores[fitting]

    def _latest(self, query: Query) -> tuple[RowArray, Scores]:
        """The user's latest distinct rows, and the weight of all acts on each, by their age."""
        rows, counts = frequencies(query, self._config.half_life_days, query.past.weight)
        latest = latest_first(query.past.rows)[: self._config.history]
        return latest, counts[np.searchsorted(rows, latest)]
