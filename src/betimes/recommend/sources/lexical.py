"""Items that share words with the need: BM25 over segmented text, Chinese and English."""

from collections.abc import Sequence

import numpy as np
import tantivy

from betimes.domain.item import Item
from betimes.domain.names import has_han
from betimes.recommend.arrays import Growing, Mask, RowArray
from betimes.recommend.sources import NOTHING, Query, Scores
from betimes.text import segment

#: When at most this many rows are allowed, the index itself looks at those alone.
_SUBSET_UPTO = 1_000
#: Otherwise it is asked for so many times more than needed as rows are not allowed, up to a bound.
_OVERFETCH = 4
_DEEPEST = 20_000
_WRITER_BYTES = 30_000_000


class Lexical:
    """A tantivy index in memory. What is put is found by the next search."""

    name = "lexical"

    def __init__(self) -> None:
        schema = tantivy.SchemaBuilder()
        schema.add_unsigned_field("row", indexed=True, fast=True)
        schema.add_text_field("words", tokenizer_name="whitespace", index_option="freq")
        self._schema = schema.build()
        self._index = tantivy.Index(self._schema)
        self._writer = self._index.writer(heap_size=_WRITER_BYTES, num_threads=1)
        self._held = Growing(np.bool_, False)
        self._count = 0

    def put(self, rows: Sequence[int], items: Sequence[Item]) -> None:
        """Adds items or replaces those of the same rows."""
        for row, item in zip(rows, items, strict=True):
            self._delete(row)
            self._held[row] = True
            self._count += 1
            document = tantivy.Document()
            document.add_unsigned("row", row)
            document.add_text("words", " ".join(words_of(item)))
            self._writer.add_document(document)
        self._writer.commit()
        self._index.reload()

    def remove(self, row: int) -> None:
        """Forgets a row."""
        if self._delete(row):
            self._writer.commit()
            self._index.reload()

    def _search(
        self, words: Sequence[str], allowed: Mask, n_allowed: int, k: int
    ) -> tuple[list[tuple[float, tantivy.DocAddress]], tantivy.Searcher]:
        searcher = self._index.searcher()
        terms = [(tantivy.Occur.Should, tantivy.Query.term_query(self._schema, "words", word)) for word in words]
        wanted = tantivy.Query.boolean_query(terms)
        limit = min(_DEEPEST, _OVERFETCH * k * self._count // max(1, n_allowed))
        if n_allowed <= _SUBSET_UPTO:
            rows = np.flatnonzero(allowed).tolist()
            among = tantivy.Query.const_score_query(tantivy.Query.term_set_query(self._schema, "row", rows), 0.0)
            wanted = tantivy.Query.boolean_query([(tantivy.Occur.Must, wanted), (tantivy.Occur.Must, among)])
            limit = k
        return searcher.search(wanted, limit=max(k, limit), count=False).hits, searcher

    def _delete(self, row: int) -> bool:
        """Deletes a row's words, if it has any."""
        if not self._held.upto(row + 1)[row]:
            return False
        self._held[row] = False
        self._count -= 1
        # Deleting by term takes the number for a signed one, which no unsigned field holds.
        self._writer.delete_documents_by_query(tantivy.Query.term_query(self._schema, "row", row))
        return True

    def candidates(self, query: Query, k: int) -> tuple[RowArray, Scores]:
        """Allowed rows that share the most telling words with the need."""
        return self.matching(query.words, query.allowed, query.n_allowed, k)

    def matching(self, words: Sequence[str], allowed: Mask, n_allowed: int, k: int) -> tuple[RowArray, Scores]:
        """Allowed rows that share the most telling of some words, best first; ``n_allowed`` is how many those are."""
        words = list(dict.fromkeys(w for w in words if telling(w)))
        if not words:
            return NOTHING
        hits, searcher = self._search(words[:32], allowed, n_allowed, k)
        if not hits:
            return NOTHING
        found = searcher.fast_field_values("row", [address for _, address in hits])
        rows = np.array(found, dtype=np.int64)
        scores = np.array([score for score, _ in hits], dtype=np.float64)
        inside = rows < len(allowed)
        keep = np.zeros(len(rows), dtype=bool)
        keep[inside] = allowed[rows[inside]]
        return rows[keep][:k], scores[keep][:k]


def telling(word: str) -> bool:
    """Whether a token is worth searching for: not a lone Latin letter, particle or punctuation mark."""
    return word.isalnum() and (has_han(word) or len(word) > 1) and word not in _COMMON


def words_of(item: Item) -> list[str]:
    """The tokens an item is found by; the title and what it is count more than its description."""
    strong = " ".join((item.title, item.category, item.brand))
    facts = " ".join(" ".join(f) for f in item.facts.values() if isinstance(f, tuple))
    return [
        *segment(strong),
        *segment(strong),
        *segment(" ".join(item.tags)),
        *segment(facts),
        *segment(item.text),
    ]


_COMMON = frozenset(
    segment(
        "的 了 和 是 在 我 你 他 有 也 就 都 个 一 不 要 想 吗 呢 吧 啊 给 一个 一款 一些 什么 可以 推荐 "
        "the an of to in for and or is it on with some any want need like me my please"
    )
)
