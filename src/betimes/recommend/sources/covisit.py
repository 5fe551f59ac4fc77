"""Items that people act on together with what this person acted on."""

import numpy as np

from betimes.recommend.arrays import RowArray
from betimes.recommend.sources import NOTHING, Query, Scores
from betimes.recommend.sources.companions import decayed, shared_out


class Covisit:
    """Sums, over recent items, of each companion's share of all that item's companions, the recent counting more.

    The windowed co-visitation of session-based recommendation (Ludewig and Jannach, "Evaluation of session-based
    recommendation algorithms", UMUAI 2018), with decay by time.
    """

    def __init__(self, half_life_days: float, name: str = "covisit") -> None:
        self.name = name
        self._half_life_days = half_life_days

    def candidates(self, query: Query, k: int) -> tuple[RowArray, Scores]:
        """Allowed companions of the history."""
        if len(query.companions.rows) == 0:
            return NOTHING
        counts = np.array([counts for _, counts in query.history])
        return shared_out(query, decayed(query, self._half_life_days), counts)
