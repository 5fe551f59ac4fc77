"""A list in which the items are not all alike."""

import numpy as np
import numpy.typing as npt

from betimes.ports import Vectors


def diversified(
    scores: npt.NDArray[np.float64], vectors: Vectors, n: int, weight: float
) -> tuple[list[int], list[float]]:
    """Picks ``n`` of the candidates greedily, each charged for its likeness to the picks before it.

    Maximal marginal relevance (Carbonell and Goldstein, SIGIR 1998). The charge is ``weight * likeness``,
    where likeness is how far the cosine lies above nothing and above that of an average pair of these
    candidates, on a scale where 1 is equality. As a charge only grows with the list, the charged scores
    come out in falling order.

    Args:
        scores: of the candidates, any order. Shape ``(m,)``.
        vectors: unit vectors of the candidates; zero for an unknown one, which is like nothing. ``(m, dim)``.
        n: how many to pick.
        weight: what full likeness costs.

    Returns:
        Positions picked, in order, and the charge of each (zero or below).
    """
    m = len(scores)
    if weight == 0.0:
        best_first = np.argsort(-scores, kind="stable")[:n]
        return best_first.tolist(), [0.0] * len(best_first)
    charge = np.zeros(m)
    likeness = vectors @ vectors.T
    usual = max(0.0, float((likeness.sum() - np.trace(likeness)) / max(1, m * (m - 1))))
    likeness = np.clip((likeness - usual) / max(1e-6, 1.0 - usual), 0.0, 1.0)
    open_ = np.ones(m, dtype=bool)
    picked: list[int] = []
    charges: list[float] = []
    for _ in range(min(n, m)):
        best = int(np.argmax(np.where(open_, scores + charge, -np.inf)))
        picked.append(best)
        charges.append(float(charge[best]))
        open_[best] = False
        charge = np.minimum(charge, -weight * likeness[best])
    return picked, charges
