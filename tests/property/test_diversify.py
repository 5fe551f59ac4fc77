"""The laws of a diversified list."""

from itertools import pairwise

import numpy as np
import numpy.typing as npt
from hypothesis import given
from hypothesis import strategies as st

from betimes.ports import Vectors
from betimes.recommend.diversify import diversified

Case = tuple[npt.NDArray[np.float64], Vectors]


@st.composite
def cases(draw: st.DrawFn) -> Case:
    """Scores and unit vectors, some of them equal and some unknown."""
    m = draw(st.integers(0, 12))
    scores = np.array(draw(st.lists(st.floats(-5, 5), min_size=m, max_size=m)))
    kinds = draw(st.lists(st.integers(0, 4), min_size=m, max_size=m))
    space = np.random.default_rng(3).normal(size=(5, 6)).astype(np.float32)
    space /= np.linalg.norm(space, axis=1, keepdims=True)
    space[4] = 0.0
    return scores.reshape(m), space[np.array(kinds, dtype=int)].reshape(m, 6)


@given(cases(), st.integers(0, 15), st.floats(0, 2))
def test_picks_are_distinct_and_their_charged_scores_fall(case: Case, n: int, weight: float) -> None:
    scores, vectors = case
    picked, charges = diversified(scores, vectors, n, weight)
    assert len(picked) == len(charges) == min(n, len(scores))
    assert len(set(picked)) == len(picked)
    assert all(-weight - 1e-6 <= charge <= 0.0 for charge in charges)
    charged = [scores[p] + c for p, c in zip(picked, charges, strict=True)]
    assert all(a >= b for a, b in pairwise(charged))


@given(cases(), st.integers(1, 12))
def test_without_weight_the_order_is_that_of_the_scores(case: Case, n: int) -> None:
    scores, vectors = case
    picked, charges = diversified(scores, vectors, n, 0.0)
    assert picked == np.argsort(-scores, kind="stable")[:n].tolist()
    assert not any(charges)


@given(cases(), st.floats(0, 2))
def test_the_first_pick_is_the_best_and_free(case: Case, weight: float) -> None:
    scores, vectors = case
    picked, charges = diversified(scores, vectors, 1, weight)
    assert [scores[p] for p in picked] == ([scores.max()] if len(scores) else [])
    assert not any(charges)


@given(cases())
def test_an_unknown_item_is_like_nothing(case: Case) -> None:
    scores, vectors = case
    picked, charges = diversified(scores, vectors, len(scores), 1.0)
    assert all(charge == 0.0 for p, charge in zip(picked, charges, strict=True) if not vectors[p].any())


def test_a_double_of_the_first_gives_way_to_another_kind() -> None:
    vectors = np.array([[1, 0], [1, 0], [0, 1]], dtype=np.float32)
    picked, charges = diversified(np.array([1.0, 0.9, 0.8]), vectors, 3, 0.25)
    assert picked == [0, 2, 1]
    assert charges == [0.0, 0.0, -0.25]
