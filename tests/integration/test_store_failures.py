"""Databases in SQLite files that cannot be used: each says what is wrong, where, and how to mend it."""

import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest

from betimes.domain.event import Erased, Said
from betimes.domain.item import Item
from betimes.domain.names import EventId, ItemId, UserId
from betimes.errors import InvalidInput, StoreCorrupt, StoreTooNew, StoreUnavailable
from betimes.stores import open_stores

AT = datetime(2026, 3, 1, tzinfo=UTC)
NOBODY = 65534


def said(id: str) -> Said:
    return Said(id=EventId(id), user=UserId("ann"), at=AT, text="手机 " * 200)


@pytest.fixture
def database() -> Iterator[Path]:
    """A database with a few hundred events and items, in a folder that every user of the machine may enter."""
    folder = Path(tempfile.mkdtemp(prefix="betimes-"))
    folder.chmod(0o777)
    stores = open_stores(str(folder / "shop.db"))
    stores.log.append([said(f"e{n}") for n in range(300)])
    stores.catalogue.put([Item(ItemId(f"i{n}"), "t" * 500) for n in range(300)])
    stores.close()
    yield folder / "shop.db"
    folder.chmod(0o777)
    shutil.rmtree(folder)


@contextmanager
def unprivileged() -> Iterator[None]:
    """Root may write anywhere, so what is forbidden is tried as nobody."""
    if os.geteuid() != 0:
        yield
        return
    os.seteuid(NOBODY)
    try:
        yield
    finally:
        os.seteuid(0)


def test_a_read_only_file_can_be_read_and_says_so_when_written_to(database: Path) -> None:
    database.chmod(0o444)
    with unprivileged():
        stores = open_stores(str(database))
        assert stores.log.head() == 300
        with pytest.raises(StoreUnavailable, match=rf"{database} is read-only; allow writing"):
            stores.log.append([said("new")])
        with pytest.raises(StoreUnavailable, match="read-only"):
            stores.catalogue.put([Item(ItemId("new"), "t")])
        assert stores.log.head() == 300
        stores.close()


def test_a_new_file_in_a_folder_that_may_not_be_written_to(database: Path) -> None:
    database.parent.chmod(0o555)
    with unprivileged(), pytest.raises(StoreUnavailable, match=r"other\.db cannot be opened; check that its folder"):
        open_stores(str(database.with_name("other.db")))


def test_a_folder_that_does_not_exist(tmp_path: Path) -> None:
    with pytest.raises(StoreUnavailable, match=r"nowhere/shop\.db cannot be opened; check that its folder exists"):
        open_stores(str(tmp_path / "nowhere" / "shop.db"))


def test_a_folder_in_place_of_a_file(tmp_path: Path) -> None:
    with pytest.raises(StoreUnavailable, match="cannot be opened"):
        open_stores(str(tmp_path))


def test_a_file_locked_by_another_process_can_be_read_and_says_so_when_written_to(database: Path) -> None:
    holding = (
        "import sqlite3, sys; c = sqlite3.connect(sys.argv[1], isolation_level=None);"
        "c.execute('BEGIN IMMEDIATE'); print('held', flush=True); sys.stdin.read()"
    )
    stores = open_stores(f"sqlite:///{database}?timeout=0.1")
    with subprocess.Popen(
        [sys.executable, "-c", holding, str(database)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "held\n"
        assert len(list(stores.log.read())) == 300
        for write in (
            lambda: stores.log.append([said("new")]),
            lambda: stores.log.erase(Erased(id=EventId("x"), user=UserId("ann"), at=AT)),
            stores.snapshots.drop,
        ):
            with pytest.raises(StoreUnavailable, match="is locked by another process"):
                write()
        holder.communicate()
    assert stores.log.append([said("new")])[0].seq == 301
    stores.close()


def test_an_erasure_that_a_reader_hinders_says_so_and_can_be_finished(database: Path) -> None:
    erased = Erased(id=EventId("x"), user=UserId("ann"), at=AT)
    stores = open_stores(f"sqlite:///{database}?timeout=0.1")
    with closing(sqlite3.connect(database, isolation_level=None)) as reader:
        reader.execute("BEGIN")
        reader.execute("SELECT count(*) FROM events").fetchone()
        with pytest.raises(StoreUnavailable, match="repeat the same erasure"):
            stores.log.erase(erased)
        assert [e.id for e in stores.log.read()] == ["x"]
        reader.execute("COMMIT")
    assert stores.log.erase(erased).seq == 301
    assert "手机 手机".encode() not in database.read_bytes()
    assert database.with_name("shop.db-wal").stat().st_size == 0
    stores.close()


@pytest.mark.parametrize("keep", [0.9, 0.5, 0.1, 0.01])
def test_a_truncated_file(database: Path, keep: float) -> None:
    os.truncate(database, int(database.stat().st_size * keep))
    with pytest.raises(StoreCorrupt, match=rf"{database} is .*damaged"):
        open_stores(str(database))


def test_damage_found_only_when_it_is_read(database: Path) -> None:
    size = database.stat().st_size
    with database.open("r+b") as file:
        for page in range(8, size // 4096):
            file.seek(page * 4096)
            file.write(b"\xff" * 4096)
    stores = open_stores(str(database))
    with pytest.raises(StoreCorrupt, match="is damaged or cut short; restore it from a backup"):
        list(stores.log.read())
    stores.close()


@pytest.mark.parametrize("content", [b"id,title\n1,phone\n" * 100, b"\0" * 5000, b"short"])
def test_a_file_that_is_no_database(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "items.csv").write_bytes(content)
    with pytest.raises(StoreCorrupt, match=r"items\.csv is not a SQLite database"):
        open_stores(str(tmp_path / "items.csv"))
    assert (tmp_path / "items.csv").read_bytes() == content


def test_a_database_from_a_newer_version_is_left_as_it_is(database: Path) -> None:
    with closing(sqlite3.connect(database)) as newer, newer:
        newer.execute("UPDATE betimes_version SET version_num = '0042'")
    before = database.read_bytes()
    with pytest.raises(StoreTooNew, match=r"shop\.db has schema 0042, and this Betimes knows up to \d{4}: upgrade"):
        open_stores(str(database))
    assert database.read_bytes() == before


@pytest.mark.parametrize(
    ("where", "says"),
    [
        (":memory:", "give a file"),
        ("sqlite://", "give a file"),
        ("sqlite:///:memory:", "give a file"),
        ("mysql://root@localhost/shop", "mysql is not a database that Betimes runs on"),
        ("postgresql://host:port/x", "is not a database URL"),
        ("://", "is not a database URL"),
    ],
)
def test_places_where_no_database_can_be(where: str, says: str) -> None:
    with pytest.raises(StoreUnavailable, match=says):
        open_stores(where)


def test_names_that_no_database_can_hold_are_bad_input(database: Path) -> None:
    stores = open_stores(str(database))
    with pytest.raises(InvalidInput, match="surrogates not allowed"):
        stores.log.find(EventId("\ud800"))
    with pytest.raises(InvalidInput):
        stores.catalogue.get([ItemId("\ud800")])
    stores.close()
