"""How the companions of a history are weighed: what others acted on around the same items."""

import numpy as np

from betimes.recommend.arrays import RowArray
from betimes.recommend.sources import Query, Scores

_DAY = 86_400.0
#: After so many days a meeting counts half where it is told which row of the history lends most.
_TOLD_HALF_LIFE_DAYS = 180.0


def lent(query: Query, row: int) -> dict[int, float]:
    """How much each row of the history lends to one row, as what goes together with it."""
    companions = query.companions
    of_each = shares(query, decayed(query, _TOLD_HALF_LIFE_DAYS))
    own = np.flatnonzero(companions.rows[companions.place] == row)
    sums = np.bincount(companions.origin[own], of_each[own], minlength=len(query.history))
    return {past: counts * float(sums[i]) for i, (past, counts) in enumerate(query.history) if sums[i] > 0.0}


def decayed(query: Query, half_life_days: float) -> Scores:
    """The weight of each entry by its age."""
    age = np.maximum(0.0, query.ask.at.timestamp() - query.companions.at)
    weights: Scores = query.companions.weight * np.exp2(age / (-half_life_days * _DAY))
    return weights


def shares(query: Query, weights: Scores) -> Scores:
    """The share of each entry in all that was met around the same row of the history."""
    origin = query.companions.origin
    total = np.bincount(origin, weights, minlength=len(query.history))
    of_each: Scores = weights / np.maximum(total, 1e-300)[origin]
    return of_each


def shared_out(query: Query, weights: Scores, counts: Scores) -> tuple[RowArray, Scores]:
    """The allowed companions by what the history lends to them: of each of its rows, their share times what it counts.

    Args:
        weights: of each entry.
        counts: of each row of the history.
    """
    companions = query.companions
    values = shares(query, weights) * counts[companions.origin]
    scores = np.bincount(companions.place, values, minlength=len(companions.rows)).astype(np.float64)
    return query.best(companions.rows, scores)
