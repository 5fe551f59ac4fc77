"""Items of the people who act on what this person acts on."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol

import numpy as np
import numpy.typing as npt

from betimes.domain.names import UserId
from betimes.recommend.arrays import RowArray
from betimes.recommend.sources import NOTHING, Query, Scores, latest_first


class Audience(Protocol):
    """Who acted on what, by number."""

    def number(self, user: UserId) -> int:
        """The number audiences know a user by; -1 for one who acted on nothing."""

    def audience(self, row: int) -> npt.NDArray[np.int32]:
        """Numbers of the latest users of a row, the latest last."""

    def acted(self, numbers: Iterable[int]) -> list[npt.NDArray[np.int32]]:
        """What each of these users acted on, oldest first."""


@dataclass(frozen=True, slots=True)
class NeighbourConfig:
    """Settings of :class:`Neighbours`.

    Attributes:
        history: how many of the user's latest items resemblance is judged by.
        users: how many of the most alike users are listened to.
        listened: how many of their latest acts count.
        recency: how much less each older item of the user counts.
    """

    history: int = 40
    users: int = 60
    listened: int = 120
    recency: float = 0.97


class Neighbours:
    """Nearest users by the items they share, rarer items telling more, and what these users acted on.

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
        audiences = [self._audience.audience(int(row)) for row in own]
        sizes = np.array([len(a) for a in audiences], dtype=np.int64)
        if sizes.sum() == 0:
            return NOTHING
        weights = config.recency ** np.arange(len(own)) / np.log2(2.0 + sizes)
        numbers, where = np.unique(np.concatenate(audiences), return_inverse=True)
        alike = np.bincount(where, np.repeat(weights, sizes))
        alike[numbers == self._audience.number(query.ask.user)] = 0.0
        nearest = np.argsort(-alike, kind="stable")[: config.users]
        nearest = nearest[alike[nearest] > 0.0]
        acted = [a[-config.listened :] for a in self._audience.acted(numbers[nearest].tolist())]
        lengths = np.array([len(a) for a in acted], dtype=np.int64)
        if lengths.sum() == 0:
            return NOTHING
        lent = alike[nearest] / alike[nearest].sum() / np.sqrt(lengths)
        rows, place = np.unique(np.concatenate(acted).astype(np.int64), return_inverse=True)
        scores = np.bincount(place, np.repeat(lent, lengths)).astype(np.float64)
        return query.best(rows, scores)
