"""The laws of learning from what was shown and done."""

from collections.abc import Iterable
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from betimes.domain.event import Acted, ActKind, Event, Shown
from betimes.domain.names import EventId, ItemId, SlateId, UserId
from betimes.domain.slate import Pick, Slate
from betimes.learn.weights import LearnConfig, Weights

AT = datetime(2026, 1, 1, tzinfo=UTC)
USER = UserId("ann")
PARTS = ["topic", "popular", "taste", "diversity"]


def shown(*parts: dict[str, float], slate: str = "s1") -> Shown:
    picks = tuple(Pick(ItemId(f"i{n}"), sum(p.values()), p) for n, p in enumerate(parts))
    one = Slate(id=SlateId(slate), user=USER, at=AT, as_of=1, locale="zh", picks=picks)
    return Shown(id=EventId(slate), user=USER, at=AT, slate=one)


def acted(n: int, kind: ActKind = ActKind.CLICK, slate: str | None = "s1") -> Acted:
    seen = None if slate is None else SlateId(slate)
    return Acted(id=EventId("a"), user=USER, at=AT, item=ItemId(f"i{n}"), kind=kind, slate=seen)


vectors = st.dictionaries(st.sampled_from(PARTS), st.floats(-2, 2), max_size=4)
slates = st.builds(
    lambda parts, name: shown(*parts, slate=name), st.lists(vectors, max_size=5), st.sampled_from(["s1", "s2", "s3"])
)
acts = st.builds(acted, st.integers(0, 6), st.sampled_from(ActKind), st.sampled_from(["s1", "s2", "s9", None]))
histories = st.lists(slates | acts, max_size=30)


def folded(events: Iterable[Event], config: LearnConfig | None = None, start: Weights | None = None) -> Weights:
    weights = start or Weights(config or LearnConfig())
    for event in events:
        weights.fold(event)
    return weights


@given(vectors, vectors)
def test_a_click_below_a_skipped_item_raises_the_parts_in_which_it_leads(
    skipped: dict[str, float], chosen: dict[str, float]
) -> None:
    scale = folded([shown(skipped, chosen), acted(1)]).scale()
    for part in PARTS:
        lead = chosen.get(part, 0.0) - skipped.get(part, 0.0)
        factor = scale.get(part, 1.0)
        if abs(lead) > 1e-6:
            assert (factor > 1.0) == (lead > 0.0)
            assert factor != 1.0
        else:
            assert factor == pytest.approx(1.0)


@given(vectors, vectors, vectors)
def test_learning_moves_the_scores_of_that_slate_the_right_way(
    skipped: dict[str, float], chosen: dict[str, float], below: dict[str, float]
) -> None:
    scale = folded([shown(skipped, chosen, below), acted(1)]).scale()

    def lead(factors: dict[str, float]) -> float:
        return sum(factors.get(p, 1.0) * (chosen.get(p, 0.0) - skipped.get(p, 0.0)) for p in PARTS)

    assert lead(dict(scale)) >= lead({}) - 1e-12


def test_what_stands_below_teaches_nothing() -> None:
    assert folded([shown({"topic": 1.0}, {"popular": 1.0}), acted(0)]).scale() == {}


def test_items_already_acted_on_were_not_passed_over() -> None:
    weights = folded([shown({"topic": 1.0}, {"popular": 1.0}), acted(0), acted(1)])
    assert weights.scale() == {}


@pytest.mark.parametrize("kind", [ActKind.VIEW, ActKind.SKIP, ActKind.DISLIKE, ActKind.DWELL, ActKind.RATE])
def test_acts_that_are_not_plainly_for_an_item_teach_nothing(kind: ActKind) -> None:
    assert folded([shown({"topic": 1.0}, {"popular": 1.0}), acted(1, kind)]).scale() == {}


def test_buying_teaches_more_than_a_click() -> None:
    events = shown({"topic": 1.0}, {"popular": 1.0})
    click, buy = (folded([events, acted(1, kind)]).scale()["popular"] for kind in (ActKind.CLICK, ActKind.BUY))
    assert buy > click > 1.0


def test_a_surprise_teaches_more_than_what_was_expected() -> None:
    surprise = folded([shown({"topic": 3.0}, {"popular": 1.0}), acted(1)]).scale()["popular"]
    expected = folded([shown({"topic": 0.1}, {"popular": 1.0}), acted(1)]).scale()["popular"]
    assert surprise > expected


@pytest.mark.parametrize("act", [acted(1, slate=None), acted(1, slate="unknown"), acted(9)])
def test_acts_outside_known_slates_teach_nothing(act: Acted) -> None:
    assert folded([shown({"topic": 1.0}, {"popular": 1.0}), act]).scale() == {}


def test_factors_stay_within_their_limit() -> None:
    config = LearnConfig(rate=5.0, limit=0.7)
    events = [
        e for n in range(200) for e in (shown({"topic": 2.0}, {"popular": 2.0}, slate=f"s{n}"), acted(1, slate=f"s{n}"))
    ]
    scale = folded(events, config).scale()
    assert scale["popular"] == pytest.approx(2.718281828**0.7)
    assert scale["topic"] == pytest.approx(2.718281828**-0.7)


@given(histories)
def test_factors_are_positive_and_bounded(events: list[Event]) -> None:
    config = LearnConfig(rate=3.0, limit=1.0)
    assert all(0.367 < factor < 2.719 for factor in folded(events, config).scale().values())


def test_only_recent_slates_are_learned_from() -> None:
    config = LearnConfig(slates=2)
    slates = [shown({"topic": 1.0}, {"popular": 1.0}, slate=f"s{n}") for n in range(3)]
    assert folded([*slates, acted(1, slate="s0")], config).scale() == {}
    assert folded([*slates, acted(1, slate="s1")], config).scale() != {}


def test_a_slate_without_picks_takes_no_place() -> None:
    config = LearnConfig(slates=1)
    events = [shown({"topic": 1.0}, {"popular": 1.0}), shown(slate="empty"), acted(1)]
    assert folded(events, config).scale() != {}


@given(histories, st.data(), st.integers(1, 3))
def test_a_dump_between_two_halves_changes_nothing(events: list[Event], data: st.DataObject, slates: int) -> None:
    config = LearnConfig(slates=slates)
    cut = data.draw(st.integers(0, len(events)))
    other = Weights(config)
    other.load(folded(events[:cut], config).dump())
    assert folded(events[cut:], start=other) == folded(events, config)


def test_what_is_cleared_is_gone() -> None:
    weights = folded([shown({"topic": 1.0}, {"popular": 1.0}), acted(1)])
    weights.clear()
    assert weights == Weights()
    weights.fold(acted(1))
    assert weights.scale() == {}


@given(histories)
def test_learning_leaves_events_alone(events: list[Event]) -> None:
    parts = [dict(p.parts) for e in events if isinstance(e, Shown) for p in e.slate.picks]
    folded(events)
    assert parts == [dict(p.parts) for e in events if isinstance(e, Shown) for p in e.slate.picks]
