"""A peer that predicts each item from all others by ridge regression."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from betimes.evaluate.contender import Items, Scores
from betimes.evaluate.peers.frequency import Popularity
from betimes.evaluate.peers.past import DAY, Past, Together


@dataclass(frozen=True, slots=True)
class EaseConfig:
    """Settings of :class:`Ease`.

    Attributes:
        reg: the ridge, in users.
        refit_days: after so many days the weights are fitted anew.
        history: from how many of a user's latest items the score is made; None: from all.
        most: how many of the most popular items take part in a fit, whose time grows with their cube.
    """

    reg: float = 200.0
    refit_days: float = 1.0
    history: int | None = None
    most: int = 6_000


class Ease:
    """EASE: the linear item-item model with a diagonal of zeros.

    Source: Steck, "Embarrassingly Shallow Autoencoders for Sparse Data", WWW 2019: with ``X`` the users' items as
    zeros and ones, ``P = inv(X'X + reg I)`` and the weights ``-P[i, j] / P[j, j]``. Holds ``items ** 2`` floats
    and three times ``most ** 2``.
    """

    def __init__(self, users: int, items: int, config: EaseConfig | None = None) -> None:
        self._config = config = config or EaseConfig()
        self.name = "ease" if config.history is None else f"ease last {config.history}"
        self._past = Past(users)
        self._together = Together(items)
        self._popularity = Popularity(users, items)
        self._fitted = -np.inf
        # The last fit: its items in order, its P, its weights, and for those who took something since, what they
        # had taken then.
        self._kept: Items = np.zeros(0, np.int64)
        self._inverse: npt.NDArray[np.floating] = np.zeros((0, 0))
        self._weights: npt.NDArray[np.float32] = np.zeros((0, 0), np.float32)
        self._before: dict[int, Items] = {}

    def reveal(self, user: int, items: Items, at: float) -> None:
        """Counts the items beside all that the user took before."""
        before = self._past.latest(user)
        self._before.setdefault(user, before)
        self._together.add(before, items)
        self._past.add(user, items, at)
        self._popularity.reveal(user, items, at)

    def scores(self, user: int, at: float) -> Scores:
        """The sum of the weights from the user's items; shape ``(items,)``, 0 for an item outside the fit."""
        taken = self._past.latest(user, self._config.history)
        if len(taken) and at - self._fitted >= self._config.refit_days * DAY:
            self._fit()
            self._fitted = at
        scores = self._popularity.tiny()
        scores[self._kept] += self._weights[np.isin(self._kept, taken)].sum(axis=0)
        return scores

    def _fit(self) -> None:
        users = self._together.counts.diagonal()
        kept = np.sort(np.argsort(-users, kind="stable")[: self._config.most])
        # An update takes about 3 * users / items of an inversion's time.
        if np.array_equal(kept, self._kept) and 4 * len(self._before) < len(kept):
            self._update()
        else:
            self._kept = kept
            gram = self._together.counts[np.ix_(kept, kept)].astype(np.float64)
            gram[np.diag_indices_from(gram)] += self._config.reg
            self._inverse = np.linalg.inv(gram)
        self._before = {}
        self._weights = (self._inverse / -self._inverse.diagonal()).astype(np.float32)
        np.fill_diagonal(self._weights, 0.0)

    def _update(self) -> None:
        """Renews the inverse for the users who took something: their old rows of ``X`` go and the new ones come.

        Source: Woodbury's identity, ``inv(A + V'SV) = P - P V' inv(S + VPV') V P`` with signs ``S``.
        """
        now = [np.isin(self._kept, self._past.latest(user)) for user in self._before]
        old = [np.isin(self._kept, before) for before in self._before.values()]
        rows = np.array(now + old, np.float64).reshape(-1, len(self._kept))
        signs = np.repeat([1.0, -1.0], len(now))
        projected = rows @ self._inverse
        self._inverse -= projected.T @ np.linalg.solve(np.diag(signs) + projected @ rows.T, projected)
