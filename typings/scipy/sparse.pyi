import numpy as np
import numpy.typing as npt

class csr_matrix:  # noqa: N801 - its name
    def __init__(
        self,
        entries: tuple[npt.NDArray[np.float32], tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]],
        shape: tuple[int, int],
    ) -> None: ...
