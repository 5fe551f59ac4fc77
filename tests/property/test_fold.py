"""The laws of the user model."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from betimes.domain.event import Event, Understood
from betimes.domain.fold import fold, merge_constraints
from betimes.domain.intent import Constraint, Intent
from betimes.domain.names import EventId
from betimes.domain.profile import decay, ema

from .lives import MEMORY, START, USER, Shop, constraints, folded, histories, intents, same


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
