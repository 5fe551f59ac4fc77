"""Items that people act on together with what this person acted on."""

from collections.abc import Mapping, Sequence
from typing import Protocol

import numpy as np

from betimes.recommend.arrays import RowArray
from betimes.recommend.sources import NOTHING, Query, Scores


class Neighbourhood(Protocol):
    """What is acted on together, by row."""

    def near(self, row: int) -> Mapping[int, float]:
        """The neighbours of a row and their weights, comparable with each other only."""


class Covisit:
    """Sums, over recent items, of each neighbour's share of that item's neighbourhood."""

    def __init__(self, neighbourhood: Neighbourhood, name: str = "covisit") -> None:
        self.name = name
        self._neighbourhood = neighbourhood

    def candidates(self, query: Query, k: int) -> tuple[RowArray, Scores]:
        """Allowed neighbours of the history."""
        total: dict[int, float] = {}
        for row, counts in query.history:
            near = self._neighbourhood.near(row)
            share = counts / sum(near.values()) if near else 0.0
            for other, weight in near.items():
                total[other] = total.get(other, 0.0) + share * weight
        if not total:
            return NOTHING
        rows = np.fromiter(total, dtype=np.int64, count=len(total))
        scores = np.fromiter(total.values(), dtype=np.float64, count=len(total))
        return query.best(rows, scores)


def lent(neighbourhood: Neighbourhood, history: Sequence[tuple[int, float]], row: int) -> dict[int, float]:
    """How much each row of a history lends to the score of one row."""
    found = {}
    for past, counts in history:
        near = neighbourhood.near(past)
        if row in near:
            found[past] = counts * near[row] / sum(near.values())
    return found
