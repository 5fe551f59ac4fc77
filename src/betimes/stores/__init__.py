"""The log, the catalogue, vectors and snapshots in a database."""

from betimes.stores.sql import open_stores

__all__ = ["open_stores"]
