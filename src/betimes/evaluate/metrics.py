"""What lists are worth, with intervals over users."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from betimes.evaluate.replay import Outcomes

Floats = npt.NDArray[np.float64]

#: The groups of history length that figures are given for: name, fewest and most items gone for before.
GROUPS: Mapping[str, tuple[int, float]] = {
    "0": (0, 0),
    "1-9": (1, 9),
    "10-49": (10, 49),
    "50+": (50, np.inf),
}


def hit_rate(outcomes: Outcomes) -> Floats:
    """Whether each list held something right."""
    return np.asarray(outcomes.hits.any(axis=1), dtype=np.float64)


def ndcg(outcomes: Outcomes) -> Floats:
    """Normalised discounted cumulative gain of each list, binary gains, ideal at as many as fit (Järvelin 2002)."""
    discount = 1.0 / np.log2(np.arange(2, outcomes.hits.shape[1] + 2))
    ideal = np.cumsum(discount)[np.minimum(outcomes.wanted, len(discount)) - 1]
    return np.asarray(outcomes.hits @ discount / ideal)


def reciprocal_rank(outcomes: Outcomes) -> Floats:
    """One over the first right place of each list, 0 where there is none."""
    place = outcomes.hits.argmax(axis=1) + 1
    return np.where(outcomes.hits.any(axis=1), 1.0 / place, 0.0)


@dataclass(frozen=True, slots=True)
class Interval:
    """A mean over requests and where it lies with 95 % confidence, users resampled."""

    mean: float
    low: float
    high: float


def interval(values: Floats, users: npt.NDArray[np.int64], draws: int = 1_000, seed: int = 0) -> Interval:
    """The bootstrap over users: requests of one user stay together (Efron and Tibshirani 1993, percentiles)."""
    groups, where = np.unique(users, return_inverse=True)
    sums = np.bincount(where, values)
    counts = np.bincount(where)
    drawn = np.random.default_rng(seed).integers(0, len(groups), (draws, len(groups)))
    means = sums[drawn].sum(axis=1) / counts[drawn].sum(axis=1)
    low, high = np.quantile(means, [0.025, 0.975])
    return Interval(float(values.mean()), float(low), float(high))


def summary(outcomes: Outcomes, popularity: Floats, vectors: npt.NDArray[np.float32]) -> dict[str, float]:
    """The figures of a replay by name.

    Args:
        popularity: each item's share of all acts before the test.
        vectors: a unit vector for each item, for how unlike those of a list are.
    """
    shown = outcomes.shown[outcomes.shown >= 0]
    rows = {
        "requests": float(len(outcomes.users)),
        "HR": float(hit_rate(outcomes).mean()),
        "NDCG": float(ndcg(outcomes).mean()),
        "MRR": float(reciprocal_rank(outcomes).mean()),
        "coverage": len(np.unique(shown)) / len(popularity),
        "novelty": float(-np.log2(popularity[shown] + 1e-6).mean()),
        "diversity": float(np.mean([_unlike(vectors[row[row >= 0]]) for row in outcomes.shown])),
        "repeats": float(outcomes.had.sum() / max(1, len(shown))),
    }
    for name, (fewest, most) in GROUPS.items():
        group = (outcomes.history >= fewest) & (outcomes.history <= most)
        if group.any():
            rows[f"HR {name}"] = float(hit_rate(outcomes)[group].mean())
            rows[f"NDCG {name}"] = float(ndcg(outcomes)[group].mean())
    fresh = outcomes.new.sum()
    rows["new items wanted"] = float(fresh / outcomes.wanted.sum())
    rows["new items found"] = float(outcomes.new_hits.sum() / fresh) if fresh else 0.0
    return rows


def _unlike(vectors: npt.NDArray[np.float32]) -> float:
    """One less the mean likeness of two items of a list."""
    n = len(vectors)
    if n < 2:
        return 0.0
    alike = vectors @ vectors.T
    return float(1.0 - (alike.sum() - np.trace(alike)) / (n * (n - 1)))
