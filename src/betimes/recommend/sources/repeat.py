"""What this person acted on before and may want again."""

from betimes.recommend.arrays import RowArray
from betimes.recommend.sources import NOTHING, Query, Scores, frequencies

#: After this long a former act counts half.
_HALF_LIFE_DAYS = 60.0


class Repeat:
    """The user's own items by how often and how lately they were acted on (personal frequency with decay)."""

    name = "repeat"

    def candidates(self, query: Query, k: int) -> tuple[RowArray, Scores]:
        """Allowed rows of the user's own history, by decayed frequency."""
        if len(query.past.rows) == 0:
            return NOTHING
        return query.best(*frequencies(query, _HALF_LIFE_DAYS))
