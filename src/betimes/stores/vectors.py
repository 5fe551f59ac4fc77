"""Embeddings in a database."""

from collections.abc import Mapping, Sequence

import numpy as np
from sqlalchemy import bindparam, select

from betimes.ports import Vectors, batched
from betimes.stores.connection import CHUNK, Database, Lock
from betimes.stores.schema import vectors as table

_BY_HASH = select(table.c.hash, table.c.vector).where(
    table.c.embedder == bindparam("of"), table.c.hash.in_(bindparam("hashes", expanding=True))
)

#: Little-endian 32-bit floats, whatever the machine.
_FLOATS = np.dtype("<f4")


class SqlVectorCache:
    """:class:`betimes.ports.VectorCache` in a database."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._upsert = database.upsert(table)

    def load(self, embedder: str, hashes: Sequence[bytes]) -> dict[bytes, Vectors]:
        """The vectors known, by hash; they cannot be written to."""
        found: dict[bytes, Vectors] = {}
        with self._database.reading() as connection:
            for chunk in batched(hashes, CHUNK):
                for hash_, vector in connection.execute(_BY_HASH, {"of": embedder, "hashes": chunk}):
                    found[hash_] = np.frombuffer(vector, _FLOATS)
        return found

    def save(self, embedder: str, vectors: Mapping[bytes, Vectors]) -> None:
        """Keeps vectors, replacing those with the same hash."""
        rows = [
            {"embedder": embedder, "hash": hash_, "vector": np.asarray(vector, _FLOATS).tobytes()}
            for hash_, vector in vectors.items()
        ]
        if rows:
            with self._database.writing(Lock.VECTORS) as connection:
                connection.execute(self._upsert, rows)
