from collections.abc import Callable, Mapping, Sequence

import numpy as np
import numpy.typing as npt
from pandas import DataFrame
from pytorch_lightning import Trainer
from rectools.dataset import Dataset
from torch import nn

class _DataPreparator:
    def get_known_item_ids(self) -> npt.NDArray[np.int64]: ...

class SASRecModel:
    train_loss_name: str
    val_loss_name: str
    data_preparator: _DataPreparator
    torch_model: nn.Module
    fit_trainer: Trainer
    def __init__(
        self,
        *,
        deterministic: bool,
        get_val_mask_func: Callable[[DataFrame, Sequence[int]], npt.NDArray[np.bool_]],
        get_val_mask_func_kwargs: Mapping[str, object],
    ) -> None: ...
    def fit_partial(self, dataset: Dataset, min_epochs: int, max_epochs: int) -> SASRecModel: ...
    def recommend(
        self, users: Sequence[int], dataset: Dataset, k: int, *, filter_viewed: bool, add_rank_col: bool
    ) -> DataFrame: ...
