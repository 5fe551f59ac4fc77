"""A peer that asks what goes with the user's latest items."""

from dataclasses import dataclass

import numpy as np

from betimes.evaluate.contender import Items, Scores
from betimes.evaluate.peers.frequency import Popularity
from betimes.evaluate.peers.past import Decaying, Past


@dataclass(frozen=True, slots=True)
class CovisitsConfig:
    """Settings of :class:`WindowedCovisits`.

    Attributes:
        half_life_days: after so many days a pair counts half.
        paired: with how many of the user's latest items a new one is paired, beside those of its own basket.
        window: of how many of the user's latest items the score is made.
        per_place: what each counts, relative to the one taken after it.
    """

    half_life_days: float = 7.0
    paired: int = 10
    window: int = 10
    per_place: float = 0.9


class WindowedCovisits:
    """The share of each item in what is taken along with the user's latest items. Holds ``items ** 2`` floats."""

    def __init__(self, users: int, items: int, config: CovisitsConfig | None = None) -> None:
        self._config = config = config or CovisitsConfig()
        self.name = "last item covisits" if config.window == 1 else f"covisits {config.half_life_days:g}d"
        self._pairs = Decaying((items, items), config.half_life_days)
        self._past = Past(users)
        self._popularity = Popularity(users, items)

    def reveal(self, user: int, items: Items, at: float) -> None:
        """Pairs the items with each other and with the latest ones before them, both ways."""
        latest = self._past.latest(user, self._config.paired)
        before = latest[~np.isin(latest, items)]
        self._pairs.add(np.ix_(items, items), at)
        self._pairs.sums[items, items] = 0.0
        self._pairs.add(np.ix_(items, before), at)
        self._pairs.add(np.ix_(before, items), at)
        self._past.add(user, items, at)
        self._popularity.reveal(user, items, at)

    def scores(self, user: int, at: float) -> Scores:
        """The sum over the latest items of their pairs, each's adding up to 1, weighted; shape ``(items,)``."""
        latest = self._past.latest(user, self._config.window)
        pairs = self._pairs.sums[latest].astype(np.float64)
        totals = pairs.sum(axis=1)
        weights = self._config.per_place ** np.arange(len(latest))
        weights = np.divide(weights, totals, out=np.zeros(len(latest)), where=totals > 0.0)
        scores: Scores = weights @ pairs
        return scores + self._popularity.tiny()
