"""The part of pandas that Betimes uses, in another environment."""

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt

class Series:
    def to_numpy(self) -> npt.NDArray[np.generic]: ...

class DataFrame:
    def __init__(self, data: Mapping[str, object]) -> None: ...
    def __getitem__(self, key: str) -> Series: ...
