"""Nearness in meaning, against comparing all."""

import numpy as np
import pytest

from betimes.ports import Vectors
from betimes.recommend.arrays import Mask
from betimes.recommend.sources.dense import Dense, DenseConfig


def clustered(n: int, dim: int, seed: int = 0) -> Vectors:
    """Unit vectors around 60 centres, the same ones for every seed."""
    centres = np.random.default_rng(11).normal(size=(60, dim))
    chance = np.random.default_rng(seed)
    vectors = centres[chance.integers(0, 60, n)] + 0.5 * chance.normal(size=(n, dim))
    unit: Vectors = (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float32)
    return unit


def brute(vectors: Vectors, query: Vectors, allowed: Mask, k: int) -> list[int]:
    rows = np.flatnonzero(allowed)
    scores = vectors[rows] @ query
    return [int(row) for row in rows[np.lexsort((rows, -scores))][:k]]


def test_a_small_catalogue_is_compared_exactly() -> None:
    vectors = clustered(900, 32)
    dense = Dense(32)
    dense.put(np.arange(900), vectors)
    chance = np.random.default_rng(1)
    for query in clustered(20, 32, seed=2):
        allowed = chance.random(900) < chance.choice([0.02, 0.4, 1.0])
        rows, scores = dense.search(query[None], allowed, int(allowed.sum()), 25)
        assert rows.tolist() == brute(vectors, query, allowed, 25)
        assert scores == pytest.approx(vectors[rows] @ query, abs=1e-6)


@pytest.fixture(scope="module")
def large() -> tuple[Dense, Vectors]:
    """Vectors in lists, put in batches before and after the lists were learned, some replaced, some removed."""
    dense = Dense(32, DenseConfig(exact_upto=4_000, held_upto=0, subset_upto=200))
    vectors = clustered(8_000, 32)
    for start in range(0, 8_000, 1_000):
        dense.put(np.arange(start, start + 1_000), vectors[start : start + 1_000])
    moved = np.arange(0, 8_000, 5)
    vectors[moved] = clustered(len(moved), 32, seed=7)
    dense.put(moved, vectors[moved])
    return dense, vectors


def recall(large: tuple[Dense, Vectors], allowed: Mask) -> float:
    dense, vectors = large
    found = wanted = 0
    for query in clustered(40, 32, seed=5):
        near = set(brute(vectors, query, allowed, 20))
        rows, _ = dense.search(query[None], allowed, int(allowed.sum()), 20)
        assert allowed[rows].all()
        assert len(set(rows.tolist())) == len(rows)
        found += len(near & set(rows.tolist()))
        wanted += len(near)
    return found / wanted


@pytest.mark.parametrize("share", [1.0, 0.3, 0.05, 0.02])
def test_a_large_catalogue_is_searched_almost_exactly(large: tuple[Dense, Vectors], share: float) -> None:
    allowed = np.random.default_rng(9).random(8_000) < share
    assert recall(large, allowed) >= 0.9


def test_one_cluster_allowed_far_from_the_query_is_still_found(large: tuple[Dense, Vectors]) -> None:
    _, vectors = large
    allowed = vectors @ vectors[17] > 0.55
    assert 20 <= allowed.sum() <= 1_000
    assert recall(large, allowed) >= 0.9


def test_vectors_come_back_as_they_were_put(large: tuple[Dense, Vectors]) -> None:
    dense, vectors = large
    rows = np.array([0, 5, 7_999, 123])
    assert dense.vectors(rows) == pytest.approx(vectors[rows], abs=0.02)
    assert not dense.vectors(np.array([8_000, 90_000])).any()


def test_a_removed_row_is_gone_from_a_large_catalogue(large: tuple[Dense, Vectors]) -> None:
    dense, vectors = large
    row, everything = 4_321, np.ones(8_000, dtype=bool)
    assert dense.search(vectors[[row]], everything, 8_000, 1)[0].tolist() == [row]
    dense.remove(row)
    dense.remove(row)
    assert row not in dense.search(vectors[[row]], everything, 8_000, 50)[0]
    assert not dense.vectors(np.array([row])).any()
    dense.put(np.array([row]), vectors[[row]])
    assert dense.search(vectors[[row]], everything, 8_000, 1)[0].tolist() == [row]


def test_lists_are_learned_anew_for_what_came_later() -> None:
    """The first thousand are of one kind; what comes later lies everywhere."""
    vectors = clustered(8_000, 32)
    vectors[:1_000] = 2.0 * vectors[0] + vectors[:1_000]
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    dense = Dense(32, DenseConfig(exact_upto=500, subset_upto=200, probes=4))
    for start in range(0, 8_000, 1_000):
        dense.put(np.arange(start, start + 1_000), vectors[start : start + 1_000])
        if start == 0:
            first = dense.lists
    assert 0 < first < dense.lists
    assert recall((dense, vectors), np.arange(8_000) >= 1_000) >= 0.9


def test_contrast_is_about_one_for_the_nearest_and_nothing_for_the_usual() -> None:
    vectors = clustered(900, 32)
    dense = Dense(32)
    dense.put(np.arange(900), vectors)
    contrast = dense.contrast(vectors[3], vectors)
    assert contrast.argmax() == 3
    assert contrast.max() > 0.8
    assert abs(float(np.median(contrast))) < 0.1
    assert (np.diff(contrast[np.argsort(vectors @ vectors[3])]) >= -1e-6).all()


def test_contrast_with_nothing_known_is_nothing() -> None:
    assert Dense(4).contrast(np.ones(4, dtype=np.float32), np.eye(3, 4, dtype=np.float32)).tolist() == [0.0, 0.0, 0.0]
