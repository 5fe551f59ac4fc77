"""A peer that adds up how alike an item is to those the user took."""

from dataclasses import dataclass

import numpy as np

from betimes.evaluate.contender import Items, Scores
from betimes.evaluate.peers.frequency import Popularity
from betimes.evaluate.peers.past import DAY, Past, Together

#: Items whose neighbours are sought at once, so that what is sorted stays small beside the counts.
_CHUNK = 512


@dataclass(frozen=True, slots=True)
class ItemKnnConfig:
    """Settings of :class:`ItemKnn`.

    Attributes:
        neighbours: how many are kept per item.
        refit_days: after so many days the neighbours are sought anew.
    """

    neighbours: int = 100
    refit_days: float = 1.0


class ItemKnn:
    """Neighbours of items by the cosine between the sets of users who took them.

    Source: Deshpande and Karypis, "Item-Based Top-N Recommendation Algorithms", TOIS 2004, without the
    normalisation of the neighbours. Holds ``items ** 2`` floats.
    """

    name = "item knn"

    def __init__(self, users: int, items: int, config: ItemKnnConfig | None = None) -> None:
        self._config = config or ItemKnnConfig()
        self._past = Past(users)
        self._together = Together(items)
        self._popularity = Popularity(users, items)
        self._fitted = -np.inf
        n = min(self._config.neighbours, items)
        self._near: Items = np.zeros((items, n), np.int64)
        self._cosines: Scores = np.zeros((items, n))

    def reveal(self, user: int, items: Items, at: float) -> None:
        """Counts the items beside all that the user took before."""
        self._together.add(self._past.latest(user), items)
        self._past.add(user, items, at)
        self._popularity.reveal(user, items, at)

    def scores(self, user: int, at: float) -> Scores:
        """The sum of the cosines with the user's items whose neighbour an item is; shape ``(items,)``."""
        taken = self._past.latest(user)
        if len(taken) and at - self._fitted >= self._config.refit_days * DAY:
            self._fit()
            self._fitted = at
        near, cosines = self._near[taken].ravel(), self._cosines[taken].ravel()
        return np.bincount(near, cosines, len(self._near)) + self._popularity.tiny()

    def _fit(self) -> None:
        counts = self._together.counts
        n = self._near.shape[1]
        inverse = np.sqrt(counts.diagonal())
        np.divide(1.0, inverse, out=inverse, where=inverse > 0.0)
        for start in range(0, len(counts), _CHUNK):
            rows = np.arange(start, min(start + _CHUNK, len(counts)))
            cosines = counts[rows] * inverse * inverse[rows, None]
            cosines[np.arange(len(rows)), rows] = 0.0
            near = np.argpartition(cosines, -n, axis=1)[:, -n:]
            self._near[rows] = near
            self._cosines[rows] = np.take_along_axis(cosines, near, axis=1)
