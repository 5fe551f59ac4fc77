"""What every event log does."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from betimes.domain.event import Acted, ActKind, Erased, Event, Said
from betimes.domain.names import EventId, ItemId, UserId
from betimes.errors import Conflict, InvalidEvent
from betimes.ports import Stores
from betimes.stores import open_stores

AT = datetime(2026, 3, 1, 12, 0, 0, 123456, tzinfo=UTC)


def said(id: str, user: str = "ann", text: str = "手机", at: datetime = AT) -> Said:
    return Said(id=EventId(id), user=UserId(user), at=at, text=text)


def acted(id: str, user: str = "ann", value: float | None = None) -> Acted:
    return Acted(id=EventId(id), user=UserId(user), at=AT, item=ItemId("i"), kind=ActKind.RATE, value=value)


def erased(id: str, user: str = "ann") -> Erased:
    return Erased(id=EventId(id), user=UserId(user), at=AT)


def test_an_empty_log(stores: Stores) -> None:
    assert stores.log.head() == 0
    assert list(stores.log.read()) == []
    assert list(stores.log.users()) == []
    assert list(stores.log.of_user(UserId("ann"))) == []
    assert stores.log.find(EventId("e")) is None
    assert stores.log.append([]) == []


def test_events_come_back_as_they_were_given_with_their_place(stores: Stores) -> None:
    given_ = [said("a"), acted("b", "bob", 4.5), said("c", at=AT.astimezone(timezone(timedelta(hours=8))))]
    stored = stores.log.append(given_)
    assert [e.seq for e in stored] == [1, 2, 3]
    assert list(stores.log.read()) == stored
    assert [(e.id, e.at) for e in stored] == [(e.id, e.at) for e in given_]
    assert stores.log.find(EventId("b")) == stored[1]
    assert stores.log.head() == 3


def test_times_keep_their_microseconds_and_come_back_in_utc(stores: Stores) -> None:
    stores.log.append([said("a", at=AT.astimezone(timezone(timedelta(hours=8)))), said("b", at=AT.replace(year=1912))])
    times = [e.at for e in stores.log.read()]
    assert times == [AT, AT.replace(year=1912)]
    assert all(t.utcoffset() == timedelta(0) for t in times)


def test_read_goes_on_after_a_position_up_to_a_limit(stores: Stores) -> None:
    stores.log.append([said(f"e{n}") for n in range(2_500)])
    assert [e.seq for e in stores.log.read()] == list(range(1, 2_501))
    assert [e.seq for e in stores.log.read(2_498)] == [2_499, 2_500]
    assert [e.seq for e in stores.log.read(10, limit=3)] == [11, 12, 13]
    assert [e.seq for e in stores.log.read(limit=1_500)] == list(range(1, 1_501))
    assert list(stores.log.read(limit=0)) == []
    assert list(stores.log.read(2_500)) == []


def test_the_log_may_be_appended_to_while_it_is_read(stores: Stores) -> None:
    stores.log.append([said(f"e{n}") for n in range(1_000)])
    seen = 0
    for event in stores.log.read():
        seen += 1
        if event.seq == 1:
            stores.log.append([said("late")])
    assert seen == 1_001


def test_events_of_one_user(stores: Stores) -> None:
    stores.log.append([said(f"e{n}", "ann" if n % 3 else "bob") for n in range(9)])
    assert [e.seq for e in stores.log.of_user(UserId("bob"))] == [1, 4, 7]
    assert [e.seq for e in stores.log.of_user(UserId("bob"), after=1)] == [4, 7]


def test_every_user_once(stores: Stores) -> None:
    names = [f"u{n}" for n in range(1_500)]
    stores.log.append([said(f"{name}-{n}", name) for n in range(2) for name in names])
    assert sorted(stores.log.users()) == sorted(names)


def test_the_same_event_again_is_stored_once(stores: Stores) -> None:
    first = stores.log.append([said("a"), said("b")])
    again = stores.log.append([said("b"), said("c"), said("a"), said("c")])
    assert [e.seq for e in again] == [2, 3, 1, 3]
    assert again[0] == first[1]
    assert stores.log.head() == 3


def test_the_same_id_with_another_content_is_a_conflict_and_stores_nothing(stores: Stores) -> None:
    stores.log.append([said("a", text="cheap")])
    for other in (said("a", text="dear"), said("a", user="bob", text="cheap"), acted("a")):
        with pytest.raises(Conflict, match="'a'"):
            stores.log.append([said("fresh"), other])
    with pytest.raises(Conflict):
        stores.log.append([said("twice", text="one"), said("twice", text="two")])
    assert [e.id for e in stores.log.read()] == ["a"]


@pytest.mark.parametrize(
    "event",
    [
        acted("nan", value=float("nan")),
        said("surrogate", text="\ud800"),
        said("surrogate\ud800"),
        said("nul\0"),
        said("user", user="nul\0"),
        said("naive", at=datetime(2026, 1, 1)),
    ],
    ids=lambda event: ascii(event.id),
)
def test_what_would_not_read_back_is_refused_and_nothing_of_its_batch_is_stored(stores: Stores, event: Event) -> None:
    with pytest.raises(InvalidEvent):
        stores.log.append([said("good"), event])
    assert stores.log.head() == 0


@pytest.mark.parametrize("text", ["a\0b", "'; DROP TABLE events; --", "\u202e\x1b[31m", "🙂" * 10_000, ""])
def test_any_text_is_kept_word_for_word(stores: Stores, text: str) -> None:
    stores.log.append([said("a", text=text)])
    event = stores.log.find(EventId("a"))
    assert isinstance(event, Said)
    assert event.text == text


def test_erasing_a_user_leaves_only_the_tombstone(stores: Stores) -> None:
    stores.log.append([said("a"), said("b", "bob"), acted("c"), said("d", "bob")])
    stores.snapshots.save("profiles", 4, b"what ann said")
    tombstone = stores.log.erase(erased("x"))
    assert tombstone == Erased(id=EventId("x"), user=UserId("ann"), at=AT, seq=5)
    assert [e.id for e in stores.log.read()] == ["b", "d", "x"]
    assert list(stores.log.of_user(UserId("ann"))) == [tombstone]
    assert stores.snapshots.load("profiles") is None


def test_erasing_again_with_the_same_id_changes_nothing(stores: Stores) -> None:
    stores.log.append([said("a")])
    tombstone = stores.log.erase(erased("x"))
    back = stores.log.append([said("back")])
    assert stores.log.erase(erased("x")) == tombstone
    assert list(stores.log.of_user(UserId("ann"))) == [tombstone, *back]


def test_erasing_with_the_id_of_another_event_is_a_conflict_and_erases_nothing(stores: Stores) -> None:
    stores.log.append([said("a"), said("b", "bob")])
    for taken in ("a", "b"):
        with pytest.raises(Conflict):
            stores.log.erase(erased(taken))
    assert stores.log.head() == 2
    assert len(list(stores.log.read())) == 2


def test_positions_are_not_used_again_after_an_erasure(stores: Stores) -> None:
    stores.log.append([said("a"), said("b")])
    assert stores.log.erase(erased("x")).seq == 3
    assert stores.log.append([said("c")])[0].seq == 4


def test_a_snapshot_from_before_an_erasure_is_not_kept(stores: Stores) -> None:
    stores.log.append([said("a")])
    stores.log.erase(erased("x"))
    stores.snapshots.save("profiles", 1, b"what ann said")
    assert stores.snapshots.load("profiles") is None
    stores.snapshots.save("profiles", 2, b"nothing of ann")
    assert stores.snapshots.load("profiles") == (2, b"nothing of ann")


@settings(max_examples=25, deadline=None)
@given(
    ids=st.lists(st.integers(0, 30), max_size=60),
    cuts=st.lists(st.integers(0, 60), max_size=5),
)
def test_however_events_are_cut_into_batches_the_log_is_the_same(
    fresh: Callable[[], str], ids: list[int], cuts: list[int]
) -> None:
    """Also when ids repeat within and between batches: the first one counts."""
    events = [said(str(n), user=f"u{n % 4}", text=f"text {n}") for n in ids]
    expected = [said(str(n), user=f"u{n % 4}", text=f"text {n}") for n in dict.fromkeys(ids)]
    stores = open_stores(fresh())
    try:
        edges = sorted({0, len(events), *(min(cut, len(events)) for cut in cuts)})
        returned = [e for a, b in pairwise(edges) for e in stores.log.append(events[a:b])]
        stored = list(stores.log.read())
        assert [(e.id, e.user) for e in stored] == [(e.id, e.user) for e in expected]
        assert [e.seq for e in stored] == list(range(1, len(expected) + 1))
        by_id = {e.id: e for e in stored}
        assert returned == [by_id[e.id] for e in events]
    finally:
        stores.close()
