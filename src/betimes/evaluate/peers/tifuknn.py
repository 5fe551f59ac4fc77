"""A peer that blends how often the user took each item with how often users alike did."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from betimes.evaluate.contender import Items, Scores
from betimes.evaluate.peers.frequency import Popularity
from betimes.evaluate.peers.past import Past


@dataclass(frozen=True, slots=True)
class TifuKnnConfig:
    """Settings of :class:`TifuKnn`; the defaults are what the paper found for Ta-Feng, the sparsest of its shops.

    Attributes:
        group: how many baskets make a group.
        within: what a basket counts, relative to the next one of its group.
        between: what a group counts, relative to the next one.
        neighbours: how many users alike are averaged.
        own: the part of the user's own vector in the score; the neighbours' mean has the rest.
    """

    group: int = 7
    within: float = 0.9
    between: float = 0.7
    neighbours: int = 300
    own: float = 0.7


class TifuKnn:
    """TIFU-KNN: temporal item frequency, and the nearest users by the Euclidean distance between theirs.

    Source: Hu, He, Gao and Zhang, "Modeling Personalized Item Frequency Information for Next-basket
    Recommendation", SIGIR 2020. Groups are filled from the first basket on, so that a new basket never moves an
    earlier one to another group; the last group may be short, and its mean is over the baskets it has. Holds
    ``items * users`` floats.
    """

    name = "tifu knn"

    def __init__(self, users: int, items: int, config: TifuKnnConfig | None = None) -> None:
        self._config = config or TifuKnnConfig()
        self._past = Past(users)
        self._popularity = Popularity(users, items)
        self._vectors: list[tuple[Items, npt.NDArray[np.float32]]] = [
            (np.zeros(0, np.int64), np.zeros(0, np.float32))
        ] * users
        # The same, users beside each other, for the distances from one to all.
        self._dense: npt.NDArray[np.float32] = np.zeros((items, users), np.float32)
        self._squares: npt.NDArray[np.float32] = np.zeros(users, np.float32)

    def reveal(self, user: int, items: Items, at: float) -> None:
        """Renews the user's vector."""
        self._past.add(user, items, at)
        self._popularity.reveal(user, items, at)
        self._vectors[user] = taken, values = self._vector(user)
        self._dense[taken, user] = values
        self._squares[user] = values @ values

    def scores(self, user: int, at: float) -> Scores:
        """The blend of the user's vector and the mean of the nearest users'; shape ``(items,)``."""
        scores = self._popularity.tiny()
        items, values = self._vectors[user]
        if len(items) == 0:
            return scores
        scores[items] += self._config.own * values
        near = self._nearest(user)
        if len(near):
            vectors = [self._vectors[other] for other in near.tolist()]
            theirs = np.concatenate([items for items, _ in vectors])
            weights = np.concatenate([values for _, values in vectors])
            scores += (1.0 - self._config.own) / len(near) * np.bincount(theirs, weights, len(scores))
        return scores

    def _vector(self, user: int) -> tuple[Items, npt.NDArray[np.float32]]:
        """The user's distinct items and the decayed mean of each over groups and their baskets."""
        config, taken = self._config, self._past.of(user)
        group, place = np.divmod(taken.baskets, config.group)
        groups = group[-1] + 1
        size = np.where(group == group[-1], place[-1] + 1, config.group)
        weights = config.within ** (size - 1 - place) / size * config.between ** (groups - 1 - group) / groups
        items, which = np.unique(taken.items, return_inverse=True)
        return items, np.bincount(which, weights).astype(np.float32)

    def _nearest(self, user: int) -> Items:
        """The users with the nearest vectors, in no order, without the user and those without a past."""
        items, values = self._vectors[user]
        # The user's own square is the same in every distance and changes no order.
        distances = self._squares - 2.0 * (values @ self._dense[items])
        distances[user] = np.inf
        distances[self._squares == 0.0] = np.inf
        n = min(self._config.neighbours, int(np.isfinite(distances).sum()))
        return np.argpartition(distances, n - 1)[:n] if n else np.zeros(0, np.int64)
