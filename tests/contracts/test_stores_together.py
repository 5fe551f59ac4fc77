"""The log and the catalogue under several threads and processes, one of which dies."""

import signal
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

from betimes.domain.event import Event, Said
from betimes.domain.item import Item
from betimes.domain.names import EventId, ItemId, UserId
from betimes.ports import Stores
from betimes.stores import open_stores

AT = datetime(2026, 3, 1, tzinfo=UTC)

#: Appends events one after another and says so after each: ``where name how-many``.
WRITER = """
import sys
from datetime import datetime, timezone
from betimes.domain.event import Said
from betimes.stores import open_stores

where, name, count = sys.argv[1], sys.argv[2], int(sys.argv[3])
log = open_stores(where).log
for n in range(count):
    [event] = log.append([Said(id=f"{name}-{n}", user=name, at=datetime.now(timezone.utc), text=f"{name} {n}")])
    print(event.id, event.seq, flush=True)
"""


def start_writer(where: str, name: str, count: int) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", WRITER, where, name, str(count)], stdout=subprocess.PIPE, stderr=None, text=True
    )


def said(name: str, n: int) -> Said:
    return Said(id=EventId(f"{name}-{n}"), user=UserId(name), at=AT, text=f"{name} {n}")


def follow(stores: Stores, until: int) -> list[Event]:
    """What one sees who asks again and again for what is new."""
    seen: list[Event] = []
    while len(seen) < until:
        seen.extend(stores.log.read(seen[-1].seq if seen else 0))
        time.sleep(0.001)
    return seen


def assert_one_order(events: Sequence[Event], per_writer: int, writers: Sequence[str]) -> None:
    """Gapless, nothing lost, and each writer's events in the order it wrote them."""
    assert [e.seq for e in events] == list(range(1, per_writer * len(writers) + 1))
    for name in writers:
        own = [e.id for e in events if e.user == name]
        assert own == [f"{name}-{n}" for n in range(per_writer)]


def test_threads_write_one_order_and_a_follower_misses_nothing(stores: Stores) -> None:
    names = ["t0", "t1", "t2", "t3"]

    def write(name: str) -> None:
        for n in range(0, 150, 3):
            stores.log.append([said(name, n), said(name, n + 1), said(name, n + 2)])

    with ThreadPoolExecutor() as pool:
        following = pool.submit(follow, stores, 600)
        for future in [pool.submit(write, name) for name in names]:
            future.result()
        seen = following.result()
    assert_one_order(seen, 150, names)
    assert list(stores.log.read()) == seen


def test_processes_write_one_order_and_a_follower_misses_nothing(stores: Stores, where: str) -> None:
    names = ["p0", "p1", "p2"]
    writers = [start_writer(where, name, 120) for name in names]
    outputs: list[str] = []
    readers = [threading.Thread(target=lambda w=w: outputs.append(w.communicate()[0])) for w in writers]
    for reader in readers:
        reader.start()
    seen = follow(stores, 360)
    for reader in readers:
        reader.join()
    assert [w.returncode for w in writers] == [0, 0, 0]
    assert_one_order(seen, 120, names)
    acknowledged = {id_: int(seq) for id_, seq in (line.split() for out in outputs for line in out.splitlines())}
    assert acknowledged == {e.id: e.seq for e in seen}


def test_the_same_events_from_several_threads_are_stored_once(stores: Stores) -> None:
    events = [said("u", n) for n in range(50)]

    def write(turn: int) -> list[int]:
        order = events[turn:] + events[:turn]
        by_id = {e.id: e.seq for event in order for e in stores.log.append([event])}
        return [by_id[e.id] for e in events]

    with ThreadPoolExecutor(4) as pool:
        placed = list(pool.map(write, (0, 10, 20, 30)))
    assert placed[0] == placed[1] == placed[2] == placed[3]
    assert sorted(placed[0]) == list(range(1, 51))
    assert stores.log.head() == 50


def test_nothing_acknowledged_is_lost_when_the_writer_is_killed(where: str) -> None:
    open_stores(where).close()
    for name in ("first", "second"):
        writer = start_writer(where, name, 1_000_000)
        assert writer.stdout is not None
        lines = [writer.stdout.readline() for _ in range(100)]
        writer.send_signal(signal.SIGKILL)
        rest, _ = writer.communicate()
        assert writer.returncode == -signal.SIGKILL
        # The last line may have been cut short by the death.
        lines += [line for line in rest.splitlines(keepends=True) if line.endswith("\n")]

        stores = open_stores(where)
        stored = {e.id: e.seq for e in stores.log.read()}
        acknowledged = {id_: int(seq) for id_, seq in (line.split() for line in lines)}
        assert len(acknowledged) >= 100
        assert acknowledged.items() <= stored.items()
        assert sorted(stored.values()) == list(range(1, len(stored) + 1))
        assert stores.log.append([said(f"after {name}", 0)])[0].seq == len(stored) + 1
        stores.close()


def test_a_follower_of_the_catalogue_misses_nothing(stores: Stores) -> None:
    def write(name: str) -> None:
        for n in range(60):
            stores.catalogue.put([Item(ItemId(f"{name}-{n}"), "t"), Item(ItemId(f"{name}-last"), str(n))])

    with ThreadPoolExecutor() as pool:
        writing = [pool.submit(write, name) for name in ("a", "b", "c")]
        followed: dict[ItemId, Item | None] = {}
        seen = 0
        while len(followed) < 183 or seen < stores.catalogue.revision():
            for change in stores.catalogue.changes(seen):
                assert change.revision > seen
                seen, followed[change.id] = change.revision, change.item
            time.sleep(0.001)
        for future in writing:
            future.result()
        for change in stores.catalogue.changes(seen):
            followed[change.id] = change.item
    assert followed == stores.catalogue.get(list(followed))
    assert len(followed) == stores.catalogue.count() == 183
    assert stores.catalogue.revision() == 360


def test_a_new_database_may_be_opened_by_several_processes_at_once(where: str) -> None:
    opening = "import sys; from betimes.stores import open_stores; open_stores(sys.argv[1]).close()"
    openers = [subprocess.Popen([sys.executable, "-c", opening, where]) for _ in range(4)]
    assert [opener.wait() for opener in openers] == [0, 0, 0, 0]
    stores = open_stores(where)
    assert stores.log.append([said("u", 0)])[0].seq == 1
    stores.close()
