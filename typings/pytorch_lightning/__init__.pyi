"""The part of pytorch-lightning that Betimes uses, in another environment."""

from collections.abc import Mapping

from torch import Tensor

class Trainer:
    @property
    def callback_metrics(self) -> Mapping[str, Tensor]: ...

def seed_everything(seed: int) -> int: ...
