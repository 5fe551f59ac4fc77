from collections.abc import Callable

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_matrix

class AlternatingLeastSquares:
    item_factors: npt.NDArray[np.float32]
    num_threads: int
    def __init__(
        self,
        *,
        factors: int,
        regularization: float,
        alpha: float,
        iterations: int,
        random_state: int,
        num_threads: int = 0,
    ) -> None: ...
    def fit(
        self,
        user_items: csr_matrix,
        *,
        show_progress: bool,
        callback: Callable[[int, float, float | None], None] | None = None,
    ) -> None: ...
    def recalculate_user(self, userid: int, user_items: csr_matrix) -> npt.NDArray[np.float32]: ...
