import numpy as np
import pytest

from betimes.recommend.interests import interests

SHOES = np.array([[1.0, 0.0, 0.0], [0.8, 0.6, 0.0]])
BOOKS = np.array([[0.0, 0.0, 1.0], [0.0, 0.6, 0.8], [0.0, 0.0, 1.0]])


def test_two_interests_stay_apart_and_the_heavier_comes_first() -> None:
    vectors = np.concatenate([SHOES, BOOKS]).astype(np.float32)
    books, shoes = interests(vectors, np.ones(5), 5)
    assert books == pytest.approx(BOOKS.sum(axis=0) / np.linalg.norm(BOOKS.sum(axis=0)), abs=1e-6)
    assert shoes == pytest.approx(SHOES.sum(axis=0) / np.linalg.norm(SHOES.sum(axis=0)), abs=1e-6)
    heavier = interests(vectors, np.array([9.0, 1.0, 1.0, 1.0, 1.0]), 1)
    assert len(heavier) == 1
    assert heavier[0][0] > 0.9


def test_what_has_no_vector_founds_nothing() -> None:
    assert interests(np.zeros((3, 4), dtype=np.float32), np.ones(3), 2) == []
    assert interests(np.zeros((0, 4), dtype=np.float32), np.zeros(0), 2) == []
    [one] = interests(np.array([[0.0, 0.0], [0.0, 1.0]], dtype=np.float32), np.ones(2), 2)
    assert one.tolist() == [0.0, 1.0]
