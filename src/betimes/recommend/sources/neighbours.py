"""Items of the people who act on what this person acts on."""

from dataclasses import dataclass
from typing import Protocol

import numpy as np

from betimes.domain.names import UserId
from betimes.recommend.arrays import RowArray
from betimes.recommend.sources import NOTHING, Query, Scores, frequencies, latest_first


class Audience(Protocol):
    """Who acted on what, by number."""

    def number(self, user: UserId) -> int:
        """The number audiences know a user by; -1 for one who acted on nothing."""

    def audience(self, rows: RowArray) -> tuple[RowArray, RowArray]:
        """The numbers of the latest users of each row, once for each time, and which row each is of."""

    def lengths(self, numbers: RowArray) -> RowArray:
        """How many acts are kept of each of these users."""

    def acted(self, numbers: RowArray, most: int) -> tuple[RowArray, RowArray]:
        """The rows of the latest acts of each of these users, and which user each is of."""


@dataclass(frozen=True, slots=True)
class NeighbourConfig:
    """Settings of :class:`Neighbours`.

    Attributes:
        history: how many of the user's latest items resemblance is judged by.
        users: how many of the most alike users are listened to.
        listened: how many of their latest acts count.
        half_life_days: after this long an act of the user counts half.
    """

    history: int = 40
    users: int = 80
    listened: int = 120
    half_life_days: float = 60.0


class Neighbours:
    """Nearest users by the items they share, what was often and lately taken and what few take telling more.

    After the session-based nearest neighbours of Ludewig and Jannach ("Evaluation of session-based
    recommendation algorithms", UMUAI 2018), over users instead of sessions.
    """

    name = "neighbours"

    def __init__(self, audience: Audience, config: NeighbourConfig | None = None) -> None:
        self._audience = audience
        self._config = config or NeighbourConfig()

    def candidates(self, query: Query, k: int) -> tuple[RowArray, Scores]:
        """Allowed rows that the nearest users acted on, each by the likeness of those who did."""
        config = self._config
        own = latest_first(query.past.rows)[: config.history]
        numbers, which = self._audience.audience(own)
        if len(numbers) == 0:
            return NOTHING
        rows, counts = frequencies(query, config.half_life_days)
        weights = counts[np.searchsorted(rows, own)] / np.log2(2.0 + np.bincount(which, minlength=len(own)))
        numbers, where = np.unique(numbers, return_inverse=True)
        alike = np.bincount(where, weights[which]) / np.sqrt(self._audience.lengths(numbers))
        alike[numbers == self._audience.number(query.ask.user)] = 0.0
        nearest = np.argsort(-alike, kind="stable")[: config.users]
        nearest = nearest[alike[nearest] > 0.0]
        acted, which = self._audience.acted(numbers[nearest], config.listened)
        if len(acted) == 0:
            return NOTHING
        lent = alike[nearest] / alike[nearest].sum() / np.sqrt(np.bincount(which))
        rows, place = np.unique(acted, return_inverse=True)
        return query.best(rows, np.bincount(place, lent[which]).astype(np.float64))
