"""Items near in meaning: vector search restricted to the allowed rows."""

from dataclasses import dataclass

import faiss
import numpy as np

from betimes.domain.profile import Vector
from betimes.ports import Vectors
from betimes.recommend.arrays import Mask, RowArray
from betimes.recommend.sources import NOTHING, Query, Scores

#: Items that each list is learned from; faiss asks for 39 at least.
_LEARN_FROM = 40
#: The lists are learned anew when there are so many times more items than they were learned from.
_RELEARN = 4
#: What the codes can hold beyond the range learned, in parts of it: what comes later may lie further out.
_HEADROOM = 0.25
#: Items filed at once, which bounds the memory that takes.
_BLOCK = 20_000


@dataclass(frozen=True, slots=True)
class DenseConfig:
    """Settings of :class:`Dense`.

    Attributes:
        exact_upto: up to this many items all are compared; beyond, an inverted file of 8-bit codes is used.
        held_upto: up to this many items their vectors are held beside it, since looking up a code takes longer.
        subset_upto: when at most this many rows are allowed, exactly those are compared.
        probes: lists searched of the inverted file; more when few rows are allowed.
        sample: how many items are used to learn the usual similarity of anything with anything.
    """

    exact_upto: int = 4_000
    held_upto: int = 50_000
    subset_upto: int = 2_000
    probes: int = 12
    sample: int = 512


class Dense:
    """Vectors of all items, each found by its row.

    Small catalogues are compared exactly. Larger ones are searched in a faiss ``IVF,SQ8`` index, 1 byte a
    dimension, under a bitmap of the allowed rows; it is built when ``exact_upto`` is passed, and its lists are
    learned anew each time the catalogue has grown fourfold. The largest live in it alone.
    """

    name = "dense"

    def __init__(self, dim: int, config: DenseConfig | None = None) -> None:
        self.dim = dim
        self._config = config or DenseConfig()
        self._matrix: Vectors = np.zeros((0, dim), dtype=np.float32)
        self._has: Mask = np.zeros(0, dtype=bool)
        self._ivf: faiss.IndexIVFScalarQuantizer | None = None
        self._learned_from = 0
        self._usual: tuple[int, Vectors] | None = None

    def put(self, rows: RowArray, vectors: Vectors) -> None:
        """Adds or replaces the vectors of rows. Shape of ``vectors``: ``(len(rows), dim)``, unit length."""
        if len(rows) == 0:
            return
        self._reserve(int(rows.max()) + 1)
        replaced = rows[self._has[rows]]
        self._has[rows] = True
        if self._ivf is None or len(self._matrix):
            self._grow_matrix(len(self._has))
            self._matrix[rows] = vectors
        if self._ivf is None:
            if int(self._has.sum()) > self._config.exact_upto:
                self._learn()
        else:
            if len(replaced):
                self._ivf.remove_ids(replaced)
            self._ivf.add_with_ids(vectors, rows)
            if self._ivf.ntotal > _RELEARN * self._learned_from:
                self._learn()

    def remove(self, row: int) -> None:
        """Forgets the vector of a row."""
        if row < len(self._has) and self._has[row]:
            self._has[row] = False
            if self._ivf is not None:
                self._ivf.remove_ids(np.array([row], dtype=np.int64))

    def _reserve(self, n: int) -> None:
        if n > len(self._has):
            grown = np.zeros(max(n, 2 * len(self._has)), dtype=bool)
            grown[: len(self._has)] = self._has
            self._has = grown

    def _grow_matrix(self, n: int) -> None:
        if n > len(self._matrix):
            grown = np.zeros((n, self.dim), dtype=np.float32)
            grown[: len(self._matrix)] = self._matrix
            self._matrix = grown

    def _learn(self) -> None:
        """Learns the lists of the inverted file from what is held now, and files everything in them."""
        rows = np.flatnonzero(self._has)
        lists = int(max(1, min(4096, 4 * len(rows) ** 0.5, len(rows) / _LEARN_FROM)))
        quantiser = faiss.IndexFlatIP(self.dim)
        index = faiss.IndexIVFScalarQuantizer(
            quantiser, self.dim, lists, faiss.ScalarQuantizer.QT_8bit_uniform, faiss.METRIC_INNER_PRODUCT
        )
        index.own_fields = True
        # Codes of the vectors themselves: those of residuals clip whatever lies far from every list.
        index.by_residual = False
        index.sq.rangestat_arg = _HEADROOM
        quantiser.this.disown()
        chance = np.random.default_rng(0)
        index.cp.niter = 6
        index.train(self.vectors(rows[chance.permutation(len(rows))[: _LEARN_FROM * lists]]))
        index.set_direct_map_type(faiss.DirectMap.Hashtable)
        for block in np.array_split(rows, len(rows) // _BLOCK + 1):
            index.add_with_ids(self.vectors(block), block)
        self._ivf = index
        self._learned_from = len(rows)
        if len(rows) > self._config.held_upto:
            self._matrix = np.zeros((0, self.dim), dtype=np.float32)

    def vectors(self, rows: RowArray) -> Vectors:
        """The vectors of rows, zero where a row has none. Shape ``(len(rows), dim)``."""
        known = np.zeros(len(rows), dtype=bool)
        inside = rows < len(self._has)
        known[inside] = self._has[rows[inside]]
        out = np.zeros((len(rows), self.dim), dtype=np.float32)
        if known.any():
            wanted = np.ascontiguousarray(rows[known])
            if self._ivf is None or len(self._matrix):
                out[known] = self._matrix[wanted]
            else:
                out[known] = self._ivf.reconstruct_batch(wanted)
        return out

    def candidates(self, query: Query, k: int) -> tuple[RowArray, Scores]:
        """The allowed rows nearest to any of the query's vectors, ``k`` of each."""
        if not query.vectors:
            return NOTHING
        return self.search(np.stack(query.vectors), query.allowed, query.n_allowed, k)

    def search(self, vectors: Vectors, allowed: Mask, n_allowed: int, k: int) -> tuple[RowArray, Scores]:
        """The ``k`` allowed rows nearest to each of the vectors, by inner product; shape of those ``(m, dim)``."""
        if n_allowed == 0 or not len(self._has):
            return NOTHING
        if self._ivf is None or n_allowed <= self._config.subset_upto:
            found = self._compared(vectors, allowed, k)
        else:
            found = self._listed(self._ivf, vectors, allowed, n_allowed, k)
        rows = np.concatenate([r for r, _ in found])
        scores = np.concatenate([s for _, s in found])
        order = np.lexsort((rows, -scores))
        _, first = np.unique(rows[order], return_index=True)
        kept = order[np.sort(first)]
        return rows[kept], scores[kept].astype(np.float64)

    def _compared(self, vectors: Vectors, allowed: Mask, k: int) -> list[tuple[RowArray, Scores]]:
        """The nearest of each vector, by inner product with every allowed row."""
        n = min(len(allowed), len(self._has))
        rows = np.flatnonzero(allowed[:n] & self._has[:n])
        everything = self._ivf is None and len(rows) > len(self._matrix) // 2
        near = (vectors @ self._matrix.T)[:, rows] if everything else vectors @ self.vectors(rows).T
        found = []
        for scores in near:
            best = np.argpartition(-scores, k)[:k] if len(rows) > k else np.arange(len(rows))
            found.append((rows[best], scores[best]))
        return found

    def _listed(
        self, index: faiss.IndexIVFScalarQuantizer, vectors: Vectors, allowed: Mask, n_allowed: int, k: int
    ) -> list[tuple[RowArray, Scores]]:
        """The nearest of each vector in the lists near to it."""
        share = n_allowed / max(1, index.ntotal)
        probes = int(min(index.nlist, max(self._config.probes, 0.25 * self._config.probes / max(share, 1e-3))))
        bits = np.packbits(allowed, bitorder="little")
        selector = faiss.IDSelectorBitmap(bits)
        params = faiss.SearchParametersIVF(sel=selector, nprobe=probes)
        near, ids = index.search(vectors.astype(np.float32), k, params=params)
        return [(row[row >= 0], scores[row >= 0]) for row, scores in zip(ids, near, strict=True)]

    @property
    def lists(self) -> int:
        """The lists of the inverted file; 0 while all items are compared."""
        return 0 if self._ivf is None else int(self._ivf.nlist)

    def contrast(self, vector: Vector, others: Vectors) -> Scores:
        """How much nearer others are to a vector than items usually are: 0 for the usual, about 1 for the nearest.

        The scale is learned from a sample, so that it means the same for every embedder.
        """
        n = int(self._has.sum())
        if self._usual is None or n > 2 * self._usual[0]:
            held = np.flatnonzero(self._has)
            pick = np.random.default_rng(0).permutation(len(held))[: self._config.sample]
            self._usual = (n, self.vectors(held[np.sort(pick)]))
        if n == 0:
            return np.zeros(len(others))
        usual = self._usual[1] @ vector
        spread = 4.0 * float(usual.std()) + 1e-6
        near = (others @ vector).astype(np.float64)
        return np.clip((near - float(usual.mean())) / spread, -0.5, 1.25)
