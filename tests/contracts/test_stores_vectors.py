"""What every cache of vectors and every keeper of snapshots does."""

import numpy as np

from betimes.ports import Stores
from betimes.stores import open_stores


def test_vectors_come_back_bit_for_bit(stores: Stores) -> None:
    rng = np.random.default_rng(1)
    vectors = {bytes([n]) * 16: rng.standard_normal(384).astype(np.float32) for n in range(20)}
    stores.vectors.save("e5", vectors)
    loaded = stores.vectors.load("e5", [*vectors, b"unknown"])
    assert loaded.keys() == vectors.keys()
    for hash_, vector in vectors.items():
        assert loaded[hash_].dtype == np.float32
        np.testing.assert_array_equal(loaded[hash_], vector)


def test_each_embedder_has_its_own_vectors(stores: Stores) -> None:
    stores.vectors.save("a", {b"h": np.zeros(2, np.float32)})
    stores.vectors.save("b", {b"h": np.ones(3, np.float32)})
    assert stores.vectors.load("a", [b"h"])[b"h"].tolist() == [0.0, 0.0]
    assert stores.vectors.load("b", [b"h"])[b"h"].tolist() == [1.0, 1.0, 1.0]
    assert stores.vectors.load("c", [b"h"]) == {}


def test_a_vector_saved_again_replaces_the_first(stores: Stores) -> None:
    for value in (1.0, 2.0):
        stores.vectors.save("a", {b"h": np.full(2, value, np.float32)})
    assert stores.vectors.load("a", [b"h"])[b"h"].tolist() == [2.0, 2.0]


def test_no_vectors(stores: Stores) -> None:
    stores.vectors.save("a", {})
    assert stores.vectors.load("a", []) == {}


def test_more_vectors_than_one_statement_takes(stores: Stores) -> None:
    hashes = [n.to_bytes(4, "big") for n in range(6_000)]
    stores.vectors.save("a", dict.fromkeys(hashes, np.ones(4, np.float32)))
    assert len(stores.vectors.load("a", hashes)) == 6_000


def test_the_last_snapshot_of_each_name_is_kept(stores: Stores) -> None:
    assert stores.snapshots.load("profiles") is None
    stores.snapshots.save("profiles", 3, b"three")
    stores.snapshots.save("covisits", 3, b"")
    stores.snapshots.save("profiles", 5, bytes(range(256)) * 1_000)
    assert stores.snapshots.load("profiles") == (5, bytes(range(256)) * 1_000)
    assert stores.snapshots.load("covisits") == (3, b"")


def test_snapshots_can_be_forgotten(stores: Stores) -> None:
    stores.snapshots.save("profiles", 3, b"three")
    stores.snapshots.drop()
    assert stores.snapshots.load("profiles") is None


def test_everything_is_there_when_the_database_is_opened_again(stores: Stores, where: str) -> None:
    stores.vectors.save("a", {b"h": np.ones(2, np.float32)})
    stores.snapshots.save("profiles", 3, b"three")
    stores.close()
    again = open_stores(where)
    assert again.vectors.load("a", [b"h"])[b"h"].tolist() == [1.0, 1.0]
    assert again.snapshots.load("profiles") == (3, b"three")
    again.close()
