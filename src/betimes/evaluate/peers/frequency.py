"""Peers that count: what everybody takes, and what the user took before."""

from dataclasses import dataclass

import numpy as np

from betimes.evaluate.contender import Items, Scores
from betimes.evaluate.peers.past import DAY, TINY, Decaying, Past


@dataclass(frozen=True, slots=True)
class PopularityConfig:
    """Settings of :class:`Popularity`.

    Attributes:
        half_life_days: after so many days a taking counts half.
    """

    half_life_days: float = 3.0


class Popularity:
    """How often each item was taken, decayed; the same for every user."""

    def __init__(self, users: int, items: int, config: PopularityConfig | None = None) -> None:
        config = config or PopularityConfig()
        self.name = f"popularity {config.half_life_days:g}d"
        self._taken = Decaying((items,), config.half_life_days)

    def reveal(self, user: int, items: Items, at: float) -> None:
        """Counts the items."""
        self._taken.add((items,), at)

    def scores(self, user: int, at: float) -> Scores:
        """The decayed number of times each item was taken; shape ``(items,)``."""
        return self._taken.sums.astype(np.float64) * self._taken.scale(at)

    def tiny(self) -> Scores:
        """A share of it that settles ties only: 0 to :data:`TINY`, of which the most popular item has all."""
        sums = self._taken.sums.astype(np.float64)
        most = sums.max(initial=0.0)
        return sums * (TINY / most) if most > 0.0 else sums


@dataclass(frozen=True, slots=True)
class PersonalFrequencyConfig:
    """Settings of :class:`PersonalFrequency`.

    Attributes:
        half_life_days: after so many days a taking counts half.
    """

    half_life_days: float = 30.0


class PersonalFrequency:
    """How often the user took each item, decayed."""

    name = "personal frequency"

    def __init__(self, users: int, items: int, config: PersonalFrequencyConfig | None = None) -> None:
        self._items = items
        self._half_life = (config or PersonalFrequencyConfig()).half_life_days * DAY
        self._past = Past(users)
        self._popularity = Popularity(users, items)

    def reveal(self, user: int, items: Items, at: float) -> None:
        """Remembers the basket."""
        self._past.add(user, items, at)
        self._popularity.reveal(user, items, at)

    def scores(self, user: int, at: float) -> Scores:
        """The decayed number of times the user took each item; shape ``(items,)``."""
        taken = self._past.of(user)
        weights = 2.0 ** ((taken.moments - at) / self._half_life)
        return np.bincount(taken.items, weights, self._items) + self._popularity.tiny()
