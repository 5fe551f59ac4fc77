"""A factor model of who goes for what, as it is served: numpy only, a user's vector solved for at each request.

Source of the model: Hu, Koren and Volinsky, "Collaborative filtering for implicit feedback datasets", ICDM 2008.
:mod:`betimes.train.factors` trains it.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from betimes.errors import InvalidInput
from betimes.recommend.archive import UNREADABLE, packed, unpacked

Floats = npt.NDArray[np.float32]
Doubles = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class FactorModel:
    """Says how far items fit what a person goes for. Safe to use from several threads; it holds no user.

    Attributes:
        ids: the items it knows; an item's number is its place among them.
        items: ``Y``, the vector of each item; shape ``(len(ids), dim)``.
        gram: ``YᵀY``; shape ``(dim, dim)``.
        regularisation: ``λ``, the weight of a vector's squared length; above 0.
        alpha: the confidence that each unit of an act's weight adds; 0 or more.
    """

    ids: tuple[str, ...]
    items: Floats
    gram: Doubles
    regularisation: float
    alpha: float

    def fold_in(self, numbers: npt.NDArray[np.int64], weights: Doubles) -> Doubles:
        """The vector of a user, whom training need not have known.

        It is the ``u`` of ``(YᵀY + Yᵀ(C - I)Y + λI) u = YᵀC p``, where ``p`` is 1 for what was gone for and 0 for
        all else, and ``C`` is diagonal with the confidences ``1 + α · weight`` (Hu, Koren and Volinsky, equation 4).

        Args:
            numbers: distinct items.
            weights: how much the user went for each, 0 or more; of the same shape.

        Returns:
            Shape ``(dim,)``; zero where there are no items.
        """
        own = self.items[numbers].astype(np.float64)
        beyond = self.alpha * weights
        left = self.gram + (own.T * beyond) @ own + self.regularisation * np.eye(len(self.gram))
        return np.asarray(np.linalg.solve(left, own.T @ (1.0 + beyond)), dtype=np.float64)

    def scores(self, vector: Doubles) -> Floats:
        """How far each item fits a user's vector, about 0 to 1, by number. Shape ``(len(ids),)``."""
        fit: Floats = self.items @ vector.astype(np.float32)
        return fit

    def dump(self) -> bytes:
        """The model as a file of arrays."""
        settings = np.array([self.regularisation, self.alpha])
        return packed(self.ids, {"items": self.items, "gram": self.gram, "settings": settings})

    @classmethod
    def load(cls, body: bytes) -> "FactorModel":
        """The model of a file.

        Raises:
            InvalidInput: it is no such file, or damaged.
        """
        try:
            ids, arrays = unpacked(body)
            regularisation, alpha = arrays["settings"].astype(np.float64, casting="safe").tolist()
            items = arrays["items"].astype(np.float32, casting="safe", copy=False)
            gram = arrays["gram"].astype(np.float64, casting="safe", copy=False)
            model = cls(ids, items, gram, regularisation, alpha)
            model._check()
        except UNREADABLE as error:
            raise InvalidInput(f"this is no factor model ({error}); make one with `betimes train factors`") from error
        return model

    def _check(self) -> None:
        """Raises ValueError unless the arrays fit each other and every user's equations can be solved."""
        dim = len(self.gram)
        if self.items.shape != (len(self.ids), dim) or self.gram.shape != (dim, dim):
            raise ValueError("its arrays do not fit each other")
        if len(set(self.ids)) < len(self.ids):
            raise ValueError("an item stands in it twice")
        settings_can_be = 0.0 < self.regularisation < np.inf and 0.0 <= self.alpha < np.inf
        if not (settings_can_be and np.isfinite(self.items).all() and np.isfinite(self.gram).all()):
            raise ValueError("it holds what is no number or cannot be")
        # A user's own items only add to this matrix, so what they are solved by is positive definite if this is.
        if not np.array_equal(self.gram, self.gram.T):
            raise ValueError("its matrix of products is not symmetric")
        np.linalg.cholesky(self.gram + self.regularisation * np.eye(dim))
