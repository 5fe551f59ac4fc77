"""The stores in one database, SQLite or PostgreSQL: one implementation for both."""

from betimes.ports import Catalogue, EventLog, Snapshots, Stores, TrainedModels, VectorCache
from betimes.stores.catalogue import SqlCatalogue
from betimes.stores.connection import Database
from betimes.stores.log import SqlEventLog
from betimes.stores.schema import upgrade
from betimes.stores.snapshots import SqlSnapshots
from betimes.stores.trained import SqlTrainedModels
from betimes.stores.vectors import SqlVectorCache


class SqlStores:
    """:class:`betimes.ports.Stores` in a database whose tables are up to date."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self.log: EventLog = SqlEventLog(database)
        self.catalogue: Catalogue = SqlCatalogue(database)
        self.vectors: VectorCache = SqlVectorCache(database)
        self.snapshots: Snapshots = SqlSnapshots(database)
        self.trained: TrainedModels = SqlTrainedModels(database)

    def close(self) -> None:
        """Releases every connection."""
        self._database.close()


def open_stores(where: str) -> Stores:
    """The stores in a database; its tables are made or brought up to date if need be.

    Args:
        where: a SQLite file, created if it does not exist, or the URL of a database
            (``sqlite:///shop.db``, ``postgresql://user:password@host/name``).

    Raises:
        StoreUnavailable: it cannot be reached, opened or written to, or its driver is not installed.
        StoreCorrupt: the file is damaged, or is not a database.
        StoreTooNew: a later version of Betimes made it.
    """
    database = Database(where)
    try:
        upgrade(database)
        return SqlStores(database)
    except BaseException:
        database.close()
        raise
