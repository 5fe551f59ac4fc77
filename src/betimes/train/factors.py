"""A factor model of who goes for what, learned from acts by implicit alternating least squares.

Source: Hu, Koren and Volinsky, "Collaborative filtering for implicit feedback datasets", ICDM 2008, as in the
library ``implicit``. :mod:`betimes.recommend.factors` serves what is learned here, without that library.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from implicit.cpu.als import AlternatingLeastSquares
from scipy.sparse import csr_matrix
from threadpoolctl import threadpool_limits

from betimes.domain.event import Acted
from betimes.domain.names import ItemId, UserId
from betimes.errors import InvalidInput
from betimes.ports import Progress, no_progress
from betimes.recommend.factors import FactorModel
from betimes.remember.acts import weight_of

#: What it takes for vectors to say more than chance.
_FEWEST_USERS, _FEWEST_ITEMS = 20, 20


@dataclass(frozen=True, slots=True)
class FactorsConfig:
    """Settings of the training.

    Attributes:
        dim: the length of a user's and an item's vector.
        regularisation: the weight of their squared lengths.
        alpha: the confidence that each unit of an act's weight adds.
        iterations: how often users and items are solved for.
        fewest: items gone for by fewer users than this are left out.
        seed: settles where the vectors begin.
    """

    dim: int = 64
    regularisation: float = 1.0
    alpha: float = 1.0
    iterations: int = 15
    fewest: int = 2
    seed: int = 0


def fit_factors(
    acts: Iterable[Acted], config: FactorsConfig | None = None, progress: Progress = no_progress
) -> FactorModel:
    """Learns the vectors of items. The same acts and settings give the same vectors on one machine.

    Args:
        acts: those against an item are left out.
        progress: told after each iteration.

    Raises:
        InvalidInput: there are too few users or items to learn from.
    """
    config = config or FactorsConfig()
    weights, ids = _weights(acts, config.fewest)
    users = {user: number for number, user in enumerate(weights)}
    if len(users) < _FEWEST_USERS or len(ids) < _FEWEST_ITEMS:
        raise InvalidInput(
            f"{len(users)} users and {len(ids)} items that at least {config.fewest} users went for are too few to "
            f"factorise; it takes {_FEWEST_USERS} users and {_FEWEST_ITEMS} items"
        )
    numbers = {item: number for number, item in enumerate(ids)}
    places = [(users[user], numbers[item]) for user, own in weights.items() for item in own]
    rows, columns = np.array(places, dtype=np.int64).T
    added = np.array([weight for own in weights.values() for weight in own.values()])
    # The library multiplies by its alpha but adds no 1, so it is given the confidences themselves.
    confidence = csr_matrix(((1.0 + config.alpha * added).astype(np.float32), (rows, columns)), (len(users), len(ids)))
    items = _solved(confidence, config, progress)
    wide = items.astype(np.float64)
    return FactorModel(ids, items, wide.T @ wide, config.regularisation, config.alpha)


def _solved(confidence: csr_matrix, config: FactorsConfig, progress: Progress) -> npt.NDArray[np.float32]:
    """The vectors of the items; shape ``(items, dim)``."""
    # The library warns of threads of the BLAS beside its own.
    with threadpool_limits(1, "blas"):
        solver = AlternatingLeastSquares(
            factors=config.dim,
            regularization=config.regularisation,
            alpha=1.0,
            iterations=config.iterations,
            random_state=config.seed,
            # Of several threads the order of their sums would be up to chance.
            num_threads=1,
        )
        solver.fit(
            confidence,
            show_progress=False,
            callback=lambda done, seconds, loss: progress(done + 1, config.iterations),
        )
    return solver.item_factors


def _weights(acts: Iterable[Acted], fewest: int) -> tuple[dict[UserId, dict[ItemId, float]], tuple[ItemId, ...]]:
    """How much each user went for each item that enough users went for, and these items, sorted."""
    sums: defaultdict[UserId, defaultdict[ItemId, float]] = defaultdict(lambda: defaultdict(float))
    for act in acts:
        weight = weight_of(act)
        if weight > 0.0:
            sums[act.user][act.item] += weight
    counts: defaultdict[ItemId, int] = defaultdict(int)
    for own in sums.values():
        for item in own:
            counts[item] += 1
    kept = {user: {item: w for item, w in own.items() if counts[item] >= fewest} for user, own in sums.items()}
    return {user: own for user, own in kept.items() if own}, tuple(sorted(i for i, n in counts.items() if n >= fewest))
