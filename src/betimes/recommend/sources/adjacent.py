"""Items that people act on right after or before what this person acted on last."""

import numpy as np

from betimes.recommend.arrays import RowArray
from betimes.recommend.sources import NOTHING, Query, Scores
from betimes.recommend.sources.companions import decayed, shared_out

#: How many of the latest items are looked at, and how much less each older one counts.
_LATEST, _RECENCY = 3, 0.5
#: What a companion that came before counts beside one that came after.
_BEFORE = 0.7


class Adjacent:
    """What people acted on next to what this person acted on last: the nearer in order, the more it counts.

    Sequential rules with reciprocal distance (the same authors' SR), over the last few items, and both ways: what
    comes just before says something too.
    """

    name = "adjacent"

    def __init__(self, half_life_days: float) -> None:
        self._half_life_days = half_life_days

    def candidates(self, query: Query, k: int) -> tuple[RowArray, Scores]:
        """Allowed companions of the latest items."""
        companions = query.companions
        counts = np.zeros(len(query.history))
        counts[:_LATEST] = _RECENCY ** np.arange(len(counts[:_LATEST]))
        if not np.any(companions.origin < _LATEST):
            return NOTHING
        near = np.where(companions.apart > 0, 1.0, _BEFORE) / np.abs(companions.apart)
        return shared_out(query, near * decayed(query, self._half_life_days), counts)
