"""Candidate sources, one file each, behind one protocol; the recommender knows them by name."""

from dataclasses import dataclass
from typing import Protocol

import numpy as np
import numpy.typing as npt

from betimes.domain.profile import Vector
from betimes.domain.slate import Ask
from betimes.recommend.arrays import Mask, RowArray

Scores = npt.NDArray[np.float64]


class Past(Protocol):
    """A user's acts in favour of items, oldest first, as parallel arrays."""

    @property
    def rows(self) -> RowArray:
        """What was acted on."""

    @property
    def at(self) -> Scores:
        """When, in seconds since 1970."""

    @property
    def weight(self) -> Scores:
        """How much each says."""


class Companions(Protocol):
    """What others acted on shortly before or after they acted on some rows; one entry for each time they did."""

    @property
    def rows(self) -> RowArray:
        """The distinct rows among the companions, ascending."""

    @property
    def place(self) -> RowArray:
        """Which of the rows each entry is."""

    @property
    def origin(self) -> RowArray:
        """Which of the rows asked about each entry was met around."""

    @property
    def apart(self) -> RowArray:
        """How many acts after that one each came; below 0, before."""

    @property
    def at(self) -> Scores:
        """When the later of the two was, in seconds since 1970."""

    @property
    def weight(self) -> Scores:
        """How much each act says."""


@dataclass(frozen=True, slots=True)
class Visible:
    """As much of a past as may be looked at."""

    rows: RowArray
    at: Scores
    weight: Scores


@dataclass(frozen=True, slots=True)
class _Nobody:
    """The companions of nothing."""

    rows: RowArray
    place: RowArray
    origin: RowArray
    apart: RowArray
    at: Scores
    weight: Scores


_NO_ROWS: RowArray = np.zeros(0, dtype=np.int64)
NO_PAST: Past = Visible(_NO_ROWS, np.zeros(0), np.zeros(0))
NO_COMPANIONS: Companions = _Nobody(_NO_ROWS, _NO_ROWS, _NO_ROWS, _NO_ROWS, np.zeros(0), np.zeros(0))


@dataclass(frozen=True, slots=True)
class Query:
    """A request as sources see it.

    Attributes:
        allowed: rows that pass every hard constraint and are neither hidden nor seen.
        n_allowed: how many rows those are.
        vectors: unit vectors to search near: of the current need first, then of the profile and of the several
            interests in the recent acts.
        words: tokens of the current need, for lexical search.
        history: rows recently acted on and how much each counts, newest first.
        past: all the user's acts in favour of items that are kept.
        companions: what others acted on around the rows of the history, which they are numbered by.
    """

    ask: Ask
    allowed: Mask
    n_allowed: int
    vectors: tuple[Vector, ...]
    words: tuple[str, ...]
    history: tuple[tuple[int, float], ...]
    past: Past = NO_PAST
    companions: Companions = NO_COMPANIONS

    def best(self, rows: RowArray, scores: Scores) -> tuple[RowArray, Scores]:
        """Those of the rows that are allowed, the best first; a row given out after the mask was made is not."""
        kept = np.flatnonzero(rows < len(self.allowed))
        kept = kept[self.allowed[rows[kept]]]
        order = kept[np.lexsort((rows[kept], -scores[kept]))]
        return rows[order], scores[order]


class Source(Protocol):
    """Proposes rows worth ranking."""

    name: str

    def candidates(self, query: Query, k: int) -> tuple[RowArray, Scores]:
        """Allowed rows, best first, and their scores in the source's own scale.

        The first ``k`` are proposed. A source that has scored more than those says so: what it thinks of the
        proposals of others counts too.
        """


@dataclass(frozen=True, slots=True)
class Found:
    """What a source found: rows, the best first, and their scores in the source's own scale."""

    rows: RowArray
    scores: Scores

    def of(self, rows: RowArray) -> Scores:
        """The scores of ascending rows, 0 where the source has not scored one."""
        out = np.zeros(len(rows))
        if len(rows) and len(self.rows):
            place = np.minimum(np.searchsorted(rows, self.rows), len(rows) - 1)
            hit = rows[place] == self.rows
            out[place[hit]] = self.scores[hit]
        return out

    def relative(self, rows: RowArray) -> Scores:
        """The same relative to the best score, 0 to 1."""
        best = float(self.scores[0]) if len(self.scores) else 0.0
        return self.of(rows) / (best if best > 0.0 else 1.0)


NOTHING: tuple[RowArray, Scores] = (np.zeros(0, dtype=np.int64), np.zeros(0))


def latest_first(rows: RowArray) -> RowArray:
    """The distinct rows of a history, the one acted on last first.

    >>> latest_first(np.array([3, 1, 3, 2])).tolist()
    [2, 3, 1]
    """
    backwards = rows[::-1]
    _, first = np.unique(backwards, return_index=True)
    latest: RowArray = backwards[np.sort(first)]
    return latest


def frequencies(query: Query, half_life_days: float, weights: Scores | None = None) -> tuple[RowArray, Scores]:
    """The distinct rows of a user's past, ascending, and how often each was acted on, decayed by age.

    Args:
        weights: what each act counts; 1 without it.
    """
    days = np.maximum(0.0, query.ask.at.timestamp() - query.past.at) / 86_400.0
    faded = np.exp2(-days / half_life_days)
    rows, where = np.unique(query.past.rows, return_inverse=True)
    return rows, np.bincount(where, faded if weights is None else weights * faded).astype(np.float64)


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
