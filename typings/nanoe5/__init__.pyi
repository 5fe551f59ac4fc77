from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

__version__: str

class E5:
    dim: int
    def __init__(self) -> None: ...
    def query(self, texts: Sequence[str]) -> npt.NDArray[np.float32]: ...
    def passage(self, texts: Sequence[str]) -> npt.NDArray[np.float32]: ...
