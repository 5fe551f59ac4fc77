"""The laws of what is acted on at several speeds of forgetting."""

import math
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given
from hypothesis import strategies as st

from betimes.domain.event import Acted, ActKind, Said
from betimes.domain.names import EventId, ItemId, UserId
from betimes.remember.acts import weight_of
from betimes.remember.trends import TrendConfig, Trends
from betimes.rows import Rows

START = datetime(2026, 1, 1, tzinfo=UTC)
NOW = START + timedelta(days=400)
ITEMS = [ItemId(c) for c in "abcd"]
LIVES = (timedelta(days=1), timedelta(days=30))


def acted(item: str, kind: ActKind, hours: float) -> Acted:
    at = START + timedelta(hours=hours)
    return Acted(id=EventId("e"), user=UserId("ann"), at=at, item=ItemId(item), kind=kind)


histories = st.lists(
    st.builds(acted, st.sampled_from(ITEMS), st.sampled_from(ActKind), st.floats(0, 9_000)), max_size=30
)


def folded(events: Iterable[Acted], start: Trends | None = None) -> Trends:
    trends = start or Trends(Rows(ITEMS), TrendConfig(LIVES))
    for event in events:
        trends.fold(event)
    return trends


def by_definition(events: list[Acted]) -> npt.NDArray[np.float64]:
    sums = np.zeros((len(ITEMS), len(LIVES)))
    for event in events:
        for speed, life in enumerate(LIVES):
            sums[ITEMS.index(event.item), speed] += max(0.0, weight_of(event)) * 0.5 ** ((NOW - event.at) / life)
    return np.asarray(sums / np.maximum(sums.sum(axis=0), 1e-12))


ALL = np.arange(len(ITEMS))


@given(histories)
def test_shares_are_those_of_the_decayed_sums_in_whatever_order_acts_arrive(events: list[Acted]) -> None:
    recent = [event for event in events if NOW - event.at < timedelta(days=36)]
    expected = by_definition(recent)
    assert folded(recent).shares(ALL, NOW.timestamp()) == pytest.approx(expected, rel=1e-6, abs=1e-9)
    assert folded(reversed(recent)).shares(ALL, NOW.timestamp()) == pytest.approx(expected, rel=1e-6, abs=1e-9)


@given(histories, st.data())
def test_a_dump_between_two_halves_changes_nothing(events: list[Acted], data: st.DataObject) -> None:
    cut = data.draw(st.integers(0, len(events)))
    other = Trends(Rows(ITEMS), TrendConfig(LIVES))
    other.load(folded(events[:cut]).dump())
    resumed, whole = folded(events[cut:], other), folded(events)
    assert (resumed.shares(ALL, NOW.timestamp()) == whole.shares(ALL, NOW.timestamp())).all()
    assert np.array_equal(resumed.since(ALL, NOW.timestamp()), whole.since(ALL, NOW.timestamp()))


@given(histories)
def test_first_and_latest_are_those_of_the_acts_in_favour(events: list[Acted]) -> None:
    first, last = folded(events).since(ALL, NOW.timestamp())
    for row, item in enumerate(ITEMS):
        days = [(NOW - e.at) / timedelta(days=1) for e in events if e.item == item and weight_of(e) > 0.0]
        assert first[row] == pytest.approx(max(days, default=math.inf))
        assert last[row] == pytest.approx(min(days, default=math.inf))


def test_rows_never_acted_on_have_no_share_and_no_time() -> None:
    trends = folded([acted("a", ActKind.BUY, 1.0)])
    far = np.array([0, 5_000])
    assert trends.shares(far, NOW.timestamp())[1].tolist() == [0.0, 0.0]
    assert np.isinf(trends.since(far, NOW.timestamp())[0][1])


def test_what_is_no_act_changes_nothing() -> None:
    trends = folded([])
    trends.fold(Said(id=EventId("s"), user=UserId("ann"), at=START, text="hello"))
    assert not trends.shares(ALL, NOW.timestamp()).any()


def test_clearing_forgets_everything() -> None:
    trends = folded([acted("a", ActKind.BUY, 1.0)])
    trends.clear()
    assert not trends.shares(ALL, NOW.timestamp()).any()
