"""The laws of the user model."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any, ClassVar

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from betimes.domain.event import Acted, ActKind, Change, Edited, Event, Purpose, Said, Understood
from betimes.domain.fold import fold, merge_constraints
from betimes.domain.intent import Constraint, Intent, IntentKind, Interest, InterestKind
from betimes.domain.item import Item
from betimes.domain.names import EventId, ItemId, UserId
from betimes.domain.profile import Memory, Profile, Vector, decay, ema

USER = UserId("ann")
START = datetime(2026, 1, 1, tzinfo=UTC)
MEMORY = Memory()
TOPICS = ["手机", "phone", "科幻片", "跑步", "安静"]


class Shop:
    """A space of three items and hashed topic vectors."""

    items: ClassVar[dict[ItemId, Item]] = {
        ItemId(i): Item(ItemId(i), f"item {i}", category=c, brand=b, tags=(t,))
        for i, c, b, t in [
            ("a", "手机 / phone", "小米", "游戏"),
            ("b", "耳机", "索尼", "降噪"),
            ("c", "科幻片", "", "烧脑"),
        ]
    }

    def item(self, item: ItemId) -> Item | None:
        return self.items.get(item)

    def item_vector(self, item: ItemId) -> Vector | None:
        return self.topic_vector(item)

    def topic_vector(self, topic: str) -> Vector | None:
        rng = np.random.default_rng(sum(topic.encode()))
        vector = rng.normal(size=8).astype(np.float32)
        unit: Vector = vector / np.linalg.norm(vector)
        return unit


interests = st.builds(
    Interest,
    topic=st.sampled_from(TOPICS),
    kind=st.sampled_from(InterestKind),
    polarity=st.sampled_from([1, -1]),
    strength=st.floats(0.1, 1.0),
    evidence=st.just("words"),
)
constraints = st.builds(
    Constraint,
    field=st.sampled_from(["price", "brand", "screen"]),
    op=st.sampled_from(["<=", ">=", "=", "!="]),
    value=st.one_of(st.sampled_from([1.0, 500.0, 1000.0]), st.sampled_from(["小米", "Apple"])),
    hard=st.booleans(),
)
intents = st.builds(
    Intent,
    text=st.just("…"),
    locale=st.sampled_from(["zh", "en"]),
    kind=st.sampled_from(IntentKind),
    interests=st.lists(interests, max_size=3).map(tuple),
    constraints=st.lists(constraints, max_size=3).map(tuple),
)
changes = st.one_of(
    st.builds(Change, op=st.just("set_interest"), interest=interests),
    st.builds(Change, op=st.just("drop_interest"), interest=interests),
    st.builds(Change, op=st.just("add_constraint"), constraint=constraints),
    st.builds(Change, op=st.just("drop_constraint"), constraint=constraints),
    st.builds(Change, op=st.sampled_from(["hide", "unhide"]), item=st.sampled_from(["a", "b"])),
    st.builds(Change, op=st.sampled_from(["pause", "resume"])),
    st.builds(Change, op=st.sampled_from(["consent", "withdraw"]), purpose=st.sampled_from(Purpose)),
)


@st.composite
def histories(draw: st.DrawFn) -> list[Event]:
    """A user's events in order of seq, with times that mostly but not always advance."""
    events: list[Event] = []
    at = START
    said = EventId("s0")
    for seq in range(1, draw(st.integers(1, 12)) + 1):
        at += timedelta(minutes=draw(st.integers(-600, 3000)))
        head: dict[str, Any] = {"id": EventId(f"e{seq}"), "user": USER, "at": at, "seq": seq}
        match draw(st.sampled_from(["said", "understood", "acted", "edited"])):
            case "said":
                said = EventId(f"e{seq}")
                events.append(Said(text="…", **head))
            case "understood":
                events.append(Understood(said=said, intent=draw(intents), **head))
            case "acted":
                kind = draw(st.sampled_from(ActKind))
                value = draw(st.floats(0, 5)) if kind in (ActKind.RATE, ActKind.DWELL) else None
                item = ItemId(draw(st.sampled_from(["a", "b", "c", "gone"])))
                events.append(Acted(item=item, kind=kind, value=value, **head))
            case _:
                events.append(Edited(change=draw(changes), **head))
    return events


def folded(events: list[Event], start: Profile | None = None) -> Profile:
    profile = start or Profile(USER)
    for event in events:
        profile = fold(profile, event, Shop(), MEMORY)
    return profile


def same(a: Profile, b: Profile) -> bool:
    if (a.vector is None) != (b.vector is None):
        return False
    vectors = a.vector is None or b.vector is None or bool(np.array_equal(a.vector, b.vector))
    return vectors and a == b


@given(histories(), st.data())
def test_folding_in_two_halves_is_folding_once(events: list[Event], data: st.DataObject) -> None:
    cut = data.draw(st.integers(0, len(events)))
    assert same(folded(events), folded(events[cut:], folded(events[:cut])))


@given(histories())
def test_folding_an_event_again_changes_nothing(events: list[Event]) -> None:
    once = folded(events)
    assert same(once, folded(events, once))


@given(histories())
def test_folding_leaves_its_input_alone(events: list[Event]) -> None:
    profile = folded(events[:-1])
    before = replace(profile, vector=None if profile.vector is None else profile.vector.copy())
    fold(profile, events[-1], Shop(), MEMORY)
    assert same(profile, before)


@given(histories())
def test_weights_stay_between_nothing_and_one(events: list[Event]) -> None:
    assert all(0.0 <= p.weight <= 1.0 for p in folded(events).preferences)


@given(histories(), intents, intents)
def test_a_later_reading_of_a_sentence_counts_as_if_it_had_come_at_once(
    acts: list[Event], first: Intent, second: Intent
) -> None:
    acts = [e for e in acts if not isinstance(e, Understood)]
    head: dict[str, Any] = {"id": EventId("u"), "user": USER, "at": START, "said": EventId("s")}
    then = [replace(e, seq=i + 2) for i, e in enumerate(acts)]
    late = Understood(intent=second, seq=len(acts) + 2, **head)
    corrected = folded([Understood(intent=first, seq=1, **head), *then, late])
    at_once = folded([Understood(intent=second, seq=1, **head), *then])
    at_once = replace(at_once, seq=corrected.seq)
    assert same(replace(corrected, before=None, since=()), replace(at_once, before=None, since=()))


@given(st.floats(0, 1), st.floats(-5, 5), st.floats(-5, 5))
def test_ema_lies_between_old_and_new(alpha: float, old: float, new: float) -> None:
    assert min(old, new) - 1e-9 <= ema(old, new, alpha) <= max(old, new) + 1e-9


def test_ema_refuses_an_alpha_outside_its_range() -> None:
    with pytest.raises(ValueError, match="alpha"):
        ema(0.0, 1.0, 1.5)


@given(st.floats(0, 1), st.integers(0, 10_000), st.integers(0, 10_000))
def test_decay_in_two_steps_is_decay_in_one(weight: float, first: int, second: int) -> None:
    half_life = timedelta(days=3)
    a, b = timedelta(minutes=first), timedelta(minutes=second)
    assert decay(decay(weight, a, half_life), b, half_life) == pytest.approx(decay(weight, a + b, half_life))


@given(st.lists(constraints, max_size=4).map(tuple), st.lists(constraints, max_size=4).map(tuple))
def test_what_was_said_last_always_stands(held: tuple[Constraint, ...], said: tuple[Constraint, ...]) -> None:
    merged = merge_constraints(held, said)
    assert set(said) <= set(merged)
    assert len(merged) <= len(held) + len(said)
