"""The tables as they are now, and bringing a database up to them."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Connection,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    inspect,
    select,
)

from betimes.stores.connection import Database, Lock

#: The newest migration; a test holds it to the folder.
HEAD = "0002"

metadata = MetaData()

#: SQLite numbers its rows by an INTEGER primary key, which is 64 bits wide there.
_Number = BigInteger().with_variant(Integer(), "sqlite")

events = Table(
    "events",
    metadata,
    Column("seq", _Number, primary_key=True, autoincrement=False),
    Column("id", Text, nullable=False, unique=True),
    Column("user", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("at", BigInteger, nullable=False),
    Column("body", Text, nullable=False),
    Index("events_by_user", "user", "seq"),
)

items = Table(
    "items",
    metadata,
    Column("id", Text, primary_key=True),
    Column("revision", BigInteger, nullable=False),
    Column("removed", Boolean, nullable=False),
    Column("body", Text),
    Index("items_by_revision", "revision", "removed"),
)

vectors = Table(
    "vectors",
    metadata,
    Column("embedder", Text, primary_key=True),
    Column("hash", LargeBinary, primary_key=True),
    Column("vector", LargeBinary, nullable=False),
)

snapshots = Table(
    "snapshots",
    metadata,
    Column("name", Text, primary_key=True),
    Column("seq", BigInteger, nullable=False),
    Column("state", LargeBinary, nullable=False),
)

trained = Table(
    "trained",
    metadata,
    Column("kind", Text, primary_key=True),
    Column("name", Text, primary_key=True),
    Column("at", Text, nullable=False),
    Column("used", Boolean, nullable=False),
    Column("body", LargeBinary, nullable=False),
)

#: Where alembic keeps the revision; a name of our own, so that the database may be shared with others.
_VERSION_TABLE = "betimes_version"
_version = Table(_VERSION_TABLE, MetaData(), Column("version_num", String(32), primary_key=True))


def upgrade(database: Database) -> None:
    """Brings the tables up to :data:`HEAD`; does nothing, quickly, when they are there.

    Raises:
        StoreTooNew: a later version of Betimes made them.
    """
    with database.reading() as connection:
        if _revision(connection) == HEAD:
            return
    database.use_wal()
    with database.writing(Lock.SCHEMA) as connection:
        revision = _revision(connection)  # another process may have been faster
        if revision != HEAD:
            from betimes.stores.migrate import migrate  # noqa: PLC0415  # it takes long to import

            migrate(connection, revision, _VERSION_TABLE, database.name)


def _revision(connection: Connection) -> str | None:
    if not inspect(connection).has_table(_VERSION_TABLE):
        return None
    return connection.execute(select(_version.c.version_num)).scalar()
