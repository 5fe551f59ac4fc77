"""What this person acted on before and may want again."""

import numpy as np

from betimes.recommend.arrays import RowArray
from betimes.recommend.sources import NOTHING, Query, Scores

#: After this long a former act counts half.
_HALF_LIFE_DAYS = 60.0


class Repeat:
    """The user's own items by how often and how lately they were acted on (personal frequency with decay)."""

    name = "repeat"

    def candidates(self, query: Query, k: int) -> tuple[RowArray, Scores]:
        """Allowed rows of the user's own history, by decayed frequency."""
        if len(query.past.rows) == 0:
            return NOTHING
        rows, where = np.unique(query.past.rows, return_inverse=True)
        days = np.maximum(0.0, query.ask.at.timestamp() - query.past.at) / 86_400.0
        return query.best(rows, np.bincount(where, np.exp2(-days / _HALF_LIFE_DAYS)).astype(np.float64))
