"""The laws of popularity."""

import math
from collections import defaultdict
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from random import Random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from betimes.domain.event import Acted, ActKind, Event, Said
from betimes.domain.names import EventId, ItemId, UserId
from betimes.remember.acts import weight_of
from betimes.remember.decaying import LANDMARK, ForwardDecay
from betimes.remember.popularity import Popularity, PopularityConfig
from betimes.rows import Rows

START = datetime(2026, 1, 1, tzinfo=UTC)
ITEMS = [ItemId(c) for c in "abcdefgh"]
HEAD = 2


def acted(item: str, kind: ActKind = ActKind.CLICK, hours: float = 0.0, value: float | None = None) -> Acted:
    at = START + timedelta(hours=hours)
    return Acted(id=EventId("e"), user=UserId("ann"), at=at, item=ItemId(item), kind=kind, value=value)


acts = st.builds(
    acted,
    item=st.sampled_from(ITEMS),
    kind=st.sampled_from(ActKind),
    hours=st.sampled_from([0.0, 14 * 24.0, 100.0]),
    value=st.none() | st.floats(0, 5),
)
histories = st.lists(acts, max_size=40)


def fresh(head: int = HEAD) -> Popularity:
    """Popularity over a fixed numbering, so that ties are settled alike."""
    return Popularity(Rows(ITEMS), PopularityConfig(head=head))


def folded(events: Iterable[Event], start: Popularity | None = None, head: int = HEAD) -> Popularity:
    popularity = start or fresh(head)
    for event in events:
        popularity.fold(event)
    return popularity


def totals(events: Iterable[Acted]) -> list[float]:
    """Each item's decayed sum as of the start, from the definition of decay."""
    sums: dict[str, list[float]] = defaultdict(list)
    for event in events:
        sums[event.item].append(weight_of(event) * 2.0 ** ((event.at - START) / timedelta(days=14)))
    return [math.fsum(sums[item]) for item in ITEMS]


@given(histories)
def test_popularity_is_the_decayed_sum_relative_to_the_best(events: list[Acted]) -> None:
    expected = totals(events)
    best = max(expected)
    found = folded(events).of(np.arange(len(ITEMS)))
    if best < 1e-9:
        return
    for value, total in zip(found, expected, strict=True):
        assert value**2 == pytest.approx(max(0.0, total) / best, abs=1e-6)


@given(histories)
def test_the_head_is_the_best_of_all(events: list[Acted]) -> None:
    head = folded(events).head().tolist()
    every = folded(events, head=1000).head().tolist()
    assert head == every[:HEAD]
    relative = folded(events).of(np.array(head, dtype=np.int64))
    assert (np.diff(relative) <= 1e-12).all()


@given(histories, st.randoms())
def test_the_order_of_events_does_not_matter(events: list[Acted], chance: Random) -> None:
    shuffled = list(events)
    chance.shuffle(shuffled)
    rows = np.arange(len(ITEMS))
    best = max(totals(events))
    if best < 1e-6:
        return
    assert folded(shuffled).of(rows) == pytest.approx(folded(events).of(rows), abs=1e-6)


@given(histories, st.data())
def test_a_dump_between_two_halves_changes_nothing(events: list[Acted], data: st.DataObject) -> None:
    cut = data.draw(st.integers(0, len(events)))
    other = fresh()
    other.load(folded(events[:cut]).dump())
    halves, once = folded(events[cut:], other), folded(events)
    rows = np.arange(len(ITEMS))
    assert halves.head().tolist() == once.head().tolist()
    assert halves.of(rows).tolist() == once.of(rows).tolist()
    assert halves.dump() == once.dump()


def test_an_act_counts_half_after_the_half_life() -> None:
    popularity = folded([acted("a"), acted("b", hours=14 * 24)])
    assert popularity.of(np.array([0, 1])).tolist() == [pytest.approx(math.sqrt(0.5)), 1.0]


def test_other_events_and_acts_that_say_nothing_leave_no_trace() -> None:
    silent = [acted("a", ActKind.RATE), acted("a", ActKind.DWELL), acted("a", ActKind.RATE, value=2.5)]
    popularity = folded([Said(id=EventId("s"), user=UserId("ann"), at=START, text="a"), *silent])
    assert popularity.dump() == fresh().dump()


def test_what_is_disliked_is_not_popular_and_what_it_outdid_comes_back() -> None:
    events = [acted("a", ActKind.BUY)] * 3 + [acted("b", ActKind.BUY)] * 2 + [acted("c", ActKind.LIKE), acted("d")]
    popularity = folded([*events, acted("e")])
    assert popularity.head().tolist() == [0, 1]
    folded([acted("a", ActKind.DISLIKE)] * 10, popularity)
    assert popularity.head().tolist() == [1, 2]
    assert popularity.of(np.array([0]))[0] == 0.0


def test_rows_given_out_later_are_simply_not_popular() -> None:
    popularity = folded([acted("a")])
    assert popularity.of(np.array([0, 5_000_000])).tolist() == [1.0, 0.0]


def test_scores_are_kept_through_growth() -> None:
    rows = Rows()
    popularity = Popularity(rows, PopularityConfig(head=10))
    for n in range(3_000):
        for _ in range(1 + (n == 2_999)):
            popularity.fold(acted(f"i{n}"))
    assert popularity.head()[0] == 2_999
    assert len(popularity.head()) == 10
    assert popularity.of(np.arange(3_000)).min() == pytest.approx(math.sqrt(0.5))


def test_what_is_cleared_is_gone() -> None:
    popularity = folded([acted("a")])
    popularity.clear()
    assert popularity.head().tolist() == []
    assert popularity.of(np.array([0])).tolist() == [0.0]


# --- what the sums rest on --------------------------------------------------------------------------------


@given(st.integers(-6_000, 6_000), st.integers(0, 1_000), st.integers(7, 400))
def test_forward_decay_keeps_the_ratio_of_decay(start: int, more: int, half_life: int) -> None:
    decay = ForwardDecay(timedelta(days=half_life))
    first = LANDMARK + timedelta(days=start)
    later = first + timedelta(days=more)
    assert decay.factor(later) / decay.factor(first) == pytest.approx(2.0 ** (more / half_life), rel=1e-9)


def test_forward_decay_holds_at_its_edges_and_refuses_what_would_overflow() -> None:
    decay = ForwardDecay(timedelta(days=7))
    assert math.isfinite(1e6 * decay.factor(datetime(9999, 1, 1, tzinfo=UTC)))
    assert decay.factor(datetime(1, 1, 1, tzinfo=UTC)) > 0.0
    with pytest.raises(ValueError, match="half_life"):
        ForwardDecay(timedelta(days=1))


@pytest.mark.parametrize(
    ("act", "weight"),
    [
        (acted("a", ActKind.RATE, value=0.0), -2.0),
        (acted("a", ActKind.RATE, value=2.5), 0.0),
        (acted("a", ActKind.RATE, value=5.0), 2.0),
        (acted("a", ActKind.RATE), 0.0),
        (acted("a", ActKind.DWELL, value=30.0), 0.5),
        (acted("a", ActKind.DWELL), 0.0),
    ],
)
def test_ratings_and_stays_count_by_their_value(act: Acted, weight: float) -> None:
    assert weight_of(act) == pytest.approx(weight)


def test_acts_for_and_against_an_item_are_told_apart() -> None:
    order = [ActKind.DISLIKE, ActKind.SKIP, ActKind.VIEW, ActKind.CLICK, ActKind.LIKE, ActKind.BUY]
    weights = [weight_of(acted("a", kind)) for kind in order]
    assert weights == sorted(weights)
    assert weights[1] < 0.0 < weights[2]
