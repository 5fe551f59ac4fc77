"""The laws of what is acted on together."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from betimes.domain.event import Acted, ActKind, Event, Said
from betimes.domain.names import EventId, ItemId, UserId
from betimes.remember.covisits import CovisitConfig, Covisits
from betimes.rows import Rows

START = datetime(2026, 1, 1, tzinfo=UTC)
SMALL = CovisitConfig(window=4, neighbours=3)


def acted(item: str, user: str = "ann", kind: ActKind = ActKind.CLICK, minutes: int = 0) -> Acted:
    at = START + timedelta(minutes=minutes)
    return Acted(id=EventId("e"), user=UserId(user), at=at, item=ItemId(item), kind=kind)


acts = st.builds(
    acted,
    item=st.sampled_from("abcdefghij"),
    user=st.sampled_from(["ann", "bob"]),
    kind=st.sampled_from(ActKind),
    minutes=st.integers(0, 100_000),
)
histories = st.lists(acts, max_size=40)


class Named(Covisits):
    """Covisits that can be asked by item id."""

    def __init__(self, config: CovisitConfig = SMALL, rows: Rows | None = None) -> None:
        self.rows = rows or Rows()
        super().__init__(self.rows, config)

    def by_id(self) -> dict[str, dict[str, float]]:
        found = {self.rows.id(row): self.near(row) for row in range(len(self.rows))}
        return {i: {self.rows.id(o): w for o, w in near.items()} for i, near in found.items() if near}


def folded(events: Iterable[Event], config: CovisitConfig = SMALL, start: Named | None = None) -> Named:
    covisits = start or Named(config)
    for event in events:
        covisits.fold(event)
    return covisits


@given(histories, st.data())
def test_a_dump_between_two_halves_changes_nothing(events: list[Acted], data: st.DataObject) -> None:
    cut = data.draw(st.integers(0, len(events)))
    other = Named()
    other.load(folded(events[:cut]).dump())
    assert folded(events[cut:], start=other).by_id() == folded(events).by_id()


@given(histories)
def test_a_dump_is_loaded_into_a_process_that_numbers_items_otherwise(events: list[Acted]) -> None:
    whole = folded(events)
    other = Named(rows=Rows([ItemId("x"), ItemId("j"), ItemId("a")]))
    other.load(whole.dump())
    assert other.by_id() == whole.by_id()
    more = [acted("a"), acted("b")]
    assert folded(more, start=other).by_id() == folded(more, start=whole).by_id()


@given(histories)
def test_memory_is_bounded_and_nothing_is_its_own_neighbour(events: list[Acted]) -> None:
    for item, others in folded(events).by_id().items():
        assert 0 < len(others) <= 2 * SMALL.neighbours
        assert item not in others
        assert all(weight > 0.0 for weight in others.values())


@given(st.lists(acts, max_size=8))
def test_what_is_together_is_together_both_ways(events: list[Acted]) -> None:
    found = folded(events, CovisitConfig()).by_id()
    assert found == {i: {o: found[o][i] for o in others} for i, others in found.items()}


@given(st.integers(0, 5_000), st.integers(1, 5_000))
def test_the_later_of_two_equal_contributions_weighs_more_by_what_the_earlier_lost(first: int, more: int) -> None:
    config = CovisitConfig(half_life=timedelta(days=30))
    days = 24 * 60
    events = [acted("a", "ann", minutes=first * days), acted("b", "ann", minutes=first * days)]
    later = [
        replace(e, user=UserId("bob"), at=e.at + timedelta(days=more))
        for e in (events[0], acted("c", minutes=first * days))
    ]
    a = folded([*events, *later], config).by_id()["a"]
    assert a["c"] / a["b"] == pytest.approx(2.0 ** (more / 30), rel=1e-9)


def test_only_acts_in_favour_make_neighbours() -> None:
    events = [
        acted("a"),
        acted("b", kind=ActKind.DISLIKE),
        acted("c", kind=ActKind.SKIP),
        acted("d", kind=ActKind.RATE),
    ]
    assert folded(events).by_id() == {}
    assert set(folded([*events, replace(events[3], value=5.0)]).by_id()["a"]) == {"d"}
    assert folded([acted("a"), Said(id=EventId("s"), user=UserId("ann"), at=START, text="b")]).by_id() == {}


def test_a_stronger_act_ties_more_firmly() -> None:
    events: Sequence[Acted] = [acted("a"), acted("b"), acted("a", "bob"), acted("c", "bob", ActKind.BUY)]
    assert folded(events).by_id()["a"]["c"] == 3.0 * folded(events).by_id()["a"]["b"]


def test_strangers_and_what_lies_far_apart_are_not_together() -> None:
    month = 30 * 24 * 60
    assert folded([acted("a", "ann"), acted("b", "bob")]).by_id() == {}
    assert folded([acted("a"), acted("b", minutes=month + 1)]).by_id() == {}
    assert set(folded([acted("a"), acted("b", minutes=month)]).by_id()) == {"a", "b"}


def test_only_the_latest_items_are_paired() -> None:
    assert set(folded([acted(i) for i in "abcdef"]).by_id()["f"]) == {"b", "c", "d", "e"}


def test_pruning_keeps_the_strongest() -> None:
    strong = [acted(i, f"{i}{n}", ActKind.BUY) for i in "bcd" for n in range(2)]
    events = [e for s in strong for e in (acted("a", s.user), s)]
    weak = [e for i in "efgh" for e in (acted("a", i), acted(i, i))]
    assert set(folded([*events, *weak]).by_id()["a"]) >= {"b", "c", "d"}


def test_what_is_cleared_is_gone() -> None:
    covisits = folded([acted("a"), acted("b")])
    covisits.clear()
    assert covisits.by_id() == {}
    assert folded([acted("c")], start=covisits).by_id() == {}
