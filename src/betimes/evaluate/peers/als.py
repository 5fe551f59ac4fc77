"""A peer that factorises the matrix of users and items; needs the library ``implicit``."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from betimes.errors import ModelUnavailable
from betimes.evaluate.contender import Items, Scores
from betimes.evaluate.peers.frequency import Popularity
from betimes.evaluate.peers.past import DAY, Past
from betimes.models.openmp import share_cores

if TYPE_CHECKING:
    from implicit.cpu.als import AlternatingLeastSquares
    from scipy.sparse import csr_matrix


@dataclass(frozen=True, slots=True)
class AlsConfig:
    """Settings of :class:`Als`.

    Attributes:
        factors: the length of a user's and an item's vector.
        regularisation: the weight of their squared lengths.
        alpha: the confidence that each taking adds; 40 in the paper.
        iterations: how often users and items are solved for in a fit.
        refit_days: after so many days the items' vectors are fitted anew.
        seed: settles where a fit begins.
    """

    factors: int = 64
    regularisation: float = 0.01
    alpha: float = 40.0
    iterations: int = 15
    refit_days: float = 1.0
    seed: int = 0


class Als:
    """Implicit alternating least squares; the user's vector is solved for when asked, from all that was taken.

    Source: Hu, Koren and Volinsky, "Collaborative Filtering for Implicit Feedback Datasets", ICDM 2008, as in the
    library ``implicit``, whose confidence is ``alpha`` times the number of takings, without the paper's ``1 +``.

    Raises:
        ModelUnavailable: the library is missing or cannot run on this machine.
    """

    name = "als"

    def __init__(self, users: int, items: int, config: AlsConfig | None = None) -> None:
        share_cores()
        try:
            import implicit.cpu.als  # noqa: F401, PLC0415 - only those who compare with it need it
        except (ImportError, OSError) as error:
            raise ModelUnavailable(
                f"the library implicit cannot be loaded ({error}); install it with `pip install 'betimes[evaluate]'`, "
                "or leave the peer als out"
            ) from error
        self._users, self._items = users, items
        self._config = config or AlsConfig()
        self._past = Past(users)
        self._popularity = Popularity(users, items)
        self._fitted = -np.inf
        self._model: AlternatingLeastSquares | None = None

    def reveal(self, user: int, items: Items, at: float) -> None:
        """Remembers the basket."""
        self._past.add(user, items, at)
        self._popularity.reveal(user, items, at)

    def scores(self, user: int, at: float) -> Scores:
        """The products of the user's vector with the items'; shape ``(items,)``, mostly 0 to 1."""
        scores = self._popularity.tiny()
        taken = self._past.of(user).items
        if len(taken) == 0:
            return scores
        if self._model is None or at - self._fitted >= self._config.refit_days * DAY:
            self._model = self._fit()
            self._fitted = at
        rows = np.zeros(len(taken), np.int64)
        scores += self._model.item_factors @ self._model.recalculate_user(0, self._matrix(rows, taken, 1))
        return scores

    def _fit(self) -> "AlternatingLeastSquares":
        from implicit.cpu.als import AlternatingLeastSquares  # noqa: PLC0415 - see __init__
        from threadpoolctl import threadpool_limits  # noqa: PLC0415 - comes with implicit

        config = self._config
        # implicit has threads of its own and warns where those of the BLAS would hinder them.
        with threadpool_limits(1, "blas"):
            model = AlternatingLeastSquares(
                factors=config.factors,
                regularization=config.regularisation,
                alpha=config.alpha,
                iterations=config.iterations,
                random_state=config.seed,
            )
            model.fit(self._matrix(*self._past.pairs(), self._users), show_progress=False)
        # For one user, as asked from here on, waking other threads takes longer than the work.
        model.num_threads = 1
        return model

    def _matrix(self, rows: Items, items: Items, users: int) -> "csr_matrix":
        """How often each item stands beside each row; shape ``(users, items)``."""
        from scipy.sparse import csr_matrix  # noqa: PLC0415 - comes with implicit

        return csr_matrix((np.ones(len(items), np.float32), (rows, items)), shape=(users, self._items))
