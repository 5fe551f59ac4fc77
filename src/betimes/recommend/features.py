"""What behaviour says of each candidate: one computation, for training and for serving."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Protocol

import numpy as np
import numpy.typing as npt

from betimes.ports import Vectors
from betimes.recommend.arrays import RowArray
from betimes.recommend.columns import Columns
from betimes.recommend.sources import Found, Past, Query, Scores, latest_first
from betimes.recommend.sources.dense import Dense

Matrix = npt.NDArray[np.float32]

_DAY: Final = 86_400.0
#: Added to shares before their logarithm is taken: about that of an item nobody acts on.
_FLOOR: Final = 1e-5
#: Acts that lie closer together belong to one visit.
_VISIT_SECONDS: Final = 1_800.0
#: How many of the latest items a candidate is compared with in meaning.
_ALIKE: Final = 15

#: The speeds of forgetting, as :class:`Trends` has them by default.
_SPEEDS: Final = ("1d", "3d", "7d", "30d", "120d")

_VALUES: Final[Mapping[str, tuple[str, float]]] = {
    **{f"share_{speed}": ("popular", float(np.log(_FLOOR))) for speed in _SPEEDS},
    "rising": ("popular", 0.0),
    "rising_slowly": ("popular", 0.0),
    "age": ("fresh", 10.0),
    "idle": ("fresh", 10.0),
    "price": ("spend", -10.0),
    "price_gap": ("spend", -1.0),
    "covisit": ("covisit", float(np.log(_FLOOR))),
    "covisit_long": ("covisit", float(np.log(_FLOOR))),
    "covisit_lift": ("covisit", float(np.log(_FLOOR))),
    "adjacent": ("covisit", float(np.log(_FLOOR))),
    "neighbours": ("neighbours", float(np.log(_FLOOR))),
    "sequence": ("sequence", float(np.log(_FLOOR))),
    "factors": ("factors", float(np.log(_FLOOR))),
    "alike_last": ("history", 0.0),
    "alike_most": ("history", 0.0),
    "alike_usually": ("history", 0.0),
    "taken": ("repeat", 0.0),
    "taken_share": ("repeat", 0.0),
    "taken_lately": ("repeat", 0.0),
    "taken_since": ("repeat", 10.0),
    "taken_due": ("repeat", -1.0),
}
#: Features whose place among the candidates counts too: what tells the best from the next best is finer than any
#: step of their values, and keeps its meaning when all values move.
_PLACED: Final = (
    *("share_1d", "share_3d", "share_7d", "share_30d", "covisit", "covisit_long", "covisit_lift"),
    *("adjacent", "neighbours", "sequence", "factors", "alike_last", "alike_usually", "taken_lately"),
)
#: The part of the score that each feature belongs to, and the value that says nothing.
FEATURES: Final[Mapping[str, tuple[str, float]]] = {
    **_VALUES,
    **{f"{name}_place": (_VALUES[name][0], -10.0) for name in _PLACED},
}
NAMES: Final = tuple(FEATURES)

#: Lower bounds of the steps of a gate: how many items a user has acted on, and days since the latest act.
_ACTS: Final = np.array([1, 3, 10, 30, 100])
_SINCE: Final = np.array([1 / 48, 1.0, 7.0, 30.0])

#: How many steps each gate has: items acted on, days since, and whether what was had may come again.
GATES: Final = (len(_ACTS) + 1, len(_SINCE) + 1, 2)


class Trending(Protocol):
    """How much items are acted on, at the speeds of forgetting that the features are named by."""

    def shares(self, rows: RowArray, at: float) -> Scores:
        """Each row's share of all that is acted on; shape ``(len(rows), speeds)``."""

    def since(self, rows: RowArray, at: float) -> tuple[Scores, Scores]:
        """Days since the first and the latest act on each row; infinite where there is none."""


@dataclass(frozen=True, slots=True)
class Measured:
    """The candidates of one request as behaviour sees them.

    Attributes:
        values: shape ``(candidates, len(NAMES))``.
        gate: the step of each of :data:`GATES` that the request stands on.
    """

    values: Matrix
    gate: tuple[int, int, int]


class Features:
    """Computes what behaviour says of candidates, from states and sources alone."""

    def __init__(self, columns: Columns, dense: Dense, trends: Trending) -> None:
        self._columns = columns
        self._dense = dense
        self._trends = trends

    def measure(
        self, query: Query, found: Mapping[str, Found], rows: RowArray, vectors: Vectors, rates: Mapping[str, float]
    ) -> Measured:
        """The features of the rows.

        Args:
            found: what each source found.
            vectors: unit vectors of the rows.
            rates: what one unit of each currency is worth, in any one measure.
        """
        at = query.ask.at.timestamp()
        own = latest_first(query.past.rows)
        log_shares = np.log(self._trends.shares(rows, at) + _FLOOR)
        first, last = self._trends.since(rows, at)
        by_name: dict[str, Scores] = {f"share_{speed}": log_shares[:, i] for i, speed in enumerate(_SPEEDS)}
        by_name["rising"] = log_shares[:, 0] - log_shares[:, 2]
        by_name["rising_slowly"] = log_shares[:, 2] - log_shares[:, 3]
        by_name["age"] = np.minimum(np.log1p(first), 10.0)
        by_name["idle"] = np.minimum(np.log1p(24.0 * last), 10.0)
        for name in ("covisit", "covisit_long", "adjacent", "neighbours", "sequence", "factors"):
            scores = found[name].of(rows) if name in found else np.zeros(len(rows))
            by_name[name] = np.log(scores + _FLOOR)
        by_name["covisit_lift"] = _lift(by_name["covisit_long"], by_name["share_120d"])
        by_name |= self._spending(rows, own, rates)
        by_name |= self._likeness(vectors, own)
        by_name |= _repetition(query.past, rows, at)
        by_name |= {f"{name}_place": _place(by_name[name], FEATURES[name][1]) for name in _PLACED}
        values = np.stack([by_name[name] for name in NAMES], axis=1).astype(np.float32)
        since = (at - float(query.past.at[-1])) / _DAY if len(own) else np.inf
        gate = (
            int(np.searchsorted(_ACTS, len(own), side="right")),
            int(np.searchsorted(_SINCE, since, side="right")),
            int(not query.ask.exclude_seen),
        )
        return Measured(values, gate)

    def _spending(self, rows: RowArray, own: RowArray, rates: Mapping[str, float]) -> dict[str, Scores]:
        prices = self._columns.worth(rates, rows)
        spent = self._columns.worth(rates, own[:50]) if len(own) else np.zeros(0)
        spent = spent[spent > 0.0]
        known = prices > 0.0
        log_price, gap = np.full(len(rows), -10.0), np.full(len(rows), -1.0)
        log_price[known] = np.log(prices[known])
        if len(spent):
            gap[known] = np.abs(log_price[known] - float(np.log(spent).mean()))
        return {"price": log_price, "price_gap": gap}

    def _likeness(self, vectors: Vectors, own: RowArray) -> dict[str, Scores]:
        if len(own) == 0:
            return dict.fromkeys(("alike_last", "alike_most", "alike_usually"), np.zeros(len(vectors)))
        alike = vectors @ self._dense.vectors(own[:_ALIKE]).T
        return {"alike_last": alike[:, 0], "alike_most": alike.max(axis=1), "alike_usually": alike.mean(axis=1)}


def _lift(log_scores: Scores, log_shares: Scores) -> Scores:
    """What is acted on together, less half of how much it is acted on at all: the cosine of co-occurrence."""
    neutral = float(np.log(_FLOOR))
    return np.where(log_scores <= neutral, neutral, log_scores - 0.5 * log_shares)


def _place(values: Scores, neutral: float) -> Scores:
    """Minus the binary logarithm of each value's place, the largest first, equals sharing the better one.

    0 for the best, -1 for the second, -2 for the fourth; -10 for values that say nothing.
    """
    better = len(values) - np.searchsorted(np.sort(values), values, side="right")
    return np.where(values <= neutral, -10.0, np.maximum(-np.log2(1.0 + better), -10.0))


def _repetition(past: Past, rows: RowArray, at: float) -> dict[str, Scores]:
    """How often, how lately and how regularly the user acted on each row."""
    out = {name: np.full(len(rows), neutral) for name, (part, neutral) in _VALUES.items() if part == "repeat"}
    if len(past.rows) == 0:
        return out
    had, where = np.unique(past.rows, return_inverse=True)
    place = np.searchsorted(had, rows)
    place[place == len(had)] = 0
    hit = np.flatnonzero(had[place] == rows)
    place = place[hit]
    visit = np.concatenate([[0], np.cumsum(np.diff(past.at) > _VISIT_SECONDS)])
    n_visits = int(visit[-1]) + 1
    visits = np.bincount(np.unique(where * n_visits + visit) // n_visits, minlength=len(had))
    days = np.maximum(0.0, at - past.at) / _DAY
    last = np.full(len(had), np.inf)
    np.minimum.at(last, where, days)
    first = np.zeros(len(had))
    np.maximum.at(first, where, days)
    interval = (first - last) / np.maximum(visits - 1, 1)
    out["taken"][hit] = visits[place]
    out["taken_share"][hit] = visits[place] / n_visits
    out["taken_lately"][hit] = np.bincount(where, np.exp2(-days / 30.0))[place]
    out["taken_since"][hit] = np.minimum(np.log1p(last[place]), 10.0)
    often = visits[place] > 1
    due = last[place] / np.maximum(interval[place], 1.0)
    out["taken_due"][hit] = np.where(often, np.log1p(due), -1.0)
    return out
