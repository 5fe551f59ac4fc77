"""The several directions that one history points in."""

import numpy as np

from betimes.domain.profile import Vector
from betimes.ports import Vectors
from betimes.recommend.sources import Scores


def interests(vectors: Vectors, weights: Scores, n: int, alike: float = 0.5) -> list[Vector]:
    """Unit vectors of the heaviest groups of alike vectors, the heaviest first.

    Several vectors in place of one mean, which would lie between the interests and near none (Pal et al.,
    "PinnerSage", KDD 2020), by leader clustering (Hartigan, "Clustering Algorithms", 1975): each vector joins the
    first group whose founder is alike, or founds one.

    Args:
        vectors: unit vectors, the most recent first; zero for an unknown one, which is left out. Shape ``(m, dim)``.
        weights: of the vectors, above 0. Shape ``(m,)``.
        n: how many groups at most.
        alike: the cosine from which a vector belongs to a group.
    """
    known = vectors.any(axis=1)
    vectors, weights = vectors[known], weights[known]
    near = vectors @ vectors.T >= alike
    open_ = np.ones(len(vectors), dtype=bool)
    groups: list[tuple[float, Vector]] = []
    while open_.any():
        founder = int(np.argmax(open_))
        open_[founder] = False
        joins = open_ & near[founder]
        open_ &= ~joins
        members = np.append(np.flatnonzero(joins), founder)
        total = weights[members].astype(np.float32) @ vectors[members]
        groups.append((float(weights[members].sum()), total / max(float(np.linalg.norm(total)), 1e-12)))
    groups.sort(key=lambda group: -group[0])
    return [vector for _, vector in groups[:n]]
