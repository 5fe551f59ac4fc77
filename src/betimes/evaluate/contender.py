"""What is judged in a replay."""

from typing import Protocol

import numpy as np
import numpy.typing as npt

Items = npt.NDArray[np.int64]
Scores = npt.NDArray[np.float64]


class Contender(Protocol):
    """Sees baskets as they happen and is asked before each; it never sees what lies ahead."""

    name: str

    def reveal(self, user: int, items: Items, at: float) -> None:
        """Takes in what a user took together at a moment (seconds since 1970), distinct items, numbered from 0."""

    def scores(self, user: int, at: float) -> Scores:
        """How much each item suits the user at a moment; shape ``(items,)``, higher is better. Finite."""
