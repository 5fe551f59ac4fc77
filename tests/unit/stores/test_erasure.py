"""After an erasure nothing that the person said is left in the files of SQLite."""

import random
from datetime import UTC, datetime
from pathlib import Path

import pytest

from betimes.domain.event import Erased, Said
from betimes.domain.names import EventId, UserId
from betimes.ports import EventLog
from betimes.stores import open_stores

AT = datetime(2026, 3, 1, tzinfo=UTC)


def content(database: Path) -> bytes:
    files = list(database.parent.glob(f"{database.name}*"))
    assert database in files
    return b"".join(file.read_bytes() for file in files)


def say(log: EventLog, chance: random.Random, users: list[str], batches: int) -> dict[str, list[bytes]]:
    """Says sentences of very different lengths, each marked at its start and its end; the marks by user."""
    marks: dict[str, list[bytes]] = {user: [] for user in users}
    for batch in range(batches):
        events = []
        for n in range(chance.randrange(1, 20)):
            user = chance.choice(users)
            mark = f"{user}-{chance.getrandbits(64):016x}"
            marks[user].append(mark.encode())
            text = mark + "x" * chance.randrange(chance.choice([10, 700, 9_000])) + mark
            events.append(Said(id=EventId(f"{batch}-{n}"), user=UserId(user), at=AT, text=text))
        log.append(events)
    return marks


@pytest.mark.parametrize("seed", range(3))
def test_no_byte_of_an_erased_users_words_is_left(tmp_path: Path, seed: int) -> None:
    """Users are erased one by one, so that rows move between pages before it is their turn."""
    chance = random.Random(seed)  # noqa: S311  # not for secrets
    database = tmp_path / "shop.db"
    stores = open_stores(str(database))
    users = [f"user{n}" for n in range(12)]
    marks = say(stores.log, chance, users, batches=30)
    stores.snapshots.save("profiles", stores.log.head(), b"".join(mark for own in marks.values() for mark in own))
    before = content(database)
    assert all(mark in before for own in marks.values() for mark in own)

    chance.shuffle(users)
    for n, user in enumerate(users, start=1):
        stores.log.erase(Erased(id=EventId(f"erase {user}"), user=UserId(user), at=AT))
        after = content(database)
        assert not [mark for gone in users[:n] for mark in marks[gone] if mark in after]
        assert all(mark in after for kept in users[n:] for mark in marks[kept])
    stores.close()
