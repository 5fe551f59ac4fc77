from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
from pandas import DataFrame

def leave_one_out_mask(interactions: DataFrame, val_users: Sequence[int]) -> npt.NDArray[np.bool_]: ...
