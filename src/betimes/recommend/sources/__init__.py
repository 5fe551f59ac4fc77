"""Candidate sources, one file each, behind one protocol; the recommender knows them by name."""

from dataclasses import dataclass
from typing import Protocol

import numpy as np
import numpy.typing as npt

from betimes.domain.profile import Vector
from betimes.domain.slate import Ask
from betimes.recommend.arrays import Mask, RowArray

Scores = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Query:
    """A request as sources see it.

    Attributes:
        allowed: rows that pass every hard constraint and are neither hidden nor seen.
        n_allowed: how many rows those are.
        vectors: unit vectors to search near: of the current need first, then of the profile.
        words: tokens of the current need, for lexical search.
        history: rows recently acted on and how much each counts, newest first.
    """

    ask: Ask
    allowed: Mask
    n_allowed: int
    vectors: tuple[Vector, ...]
    words: tuple[str, ...]
    history: tuple[tuple[int, float], ...]


class Source(Protocol):
    """Proposes rows worth ranking."""

    name: str

    def candidates(self, query: Query, k: int) -> tuple[RowArray, Scores]:
        """At most about ``k`` allowed rows, best first, and their scores in the source's own scale."""


NOTHING: tuple[RowArray, Scores] = (np.zeros(0, dtype=np.int64), np.zeros(0))


def first_allowed(rows: RowArray, allowed: Mask, k: int) -> RowArray:
    """The first ``k`` of the rows given that are allowed, in their order, looked through in blocks.

    A row beyond the mask, given out after it was made, is not allowed.
    """
    found: list[RowArray] = []
    missing, start, block = k, 0, max(256, 2 * k)
    while missing > 0 and start < len(rows):
        part = rows[start : start + block]
        part = part[part < len(allowed)]
        part = part[allowed[part]][:missing]
        found.append(part)
        missing -= len(part)
        start += block
        block *= 2
    return np.concatenate(found) if found else rows[:0]
