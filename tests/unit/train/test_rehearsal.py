"""The past rehearsed: what proposes knows only what lies before, and nothing where that is too little."""

from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest

from betimes.domain.event import Acted, ActKind
from betimes.domain.item import Item
from betimes.domain.names import EventId, ItemId, UserId
from betimes.models.embed import HashEmbedder
from betimes.recommend.features import NAMES
from betimes.train.factors import FactorsConfig
from betimes.train.rehearsal import Rehearsal
from betimes.train.timeline import Timeline

START = datetime(2026, 1, 1, tzinfo=UTC)
VISITS, ITEMS, USERS = 400, 30, 25


@pytest.fixture(scope="module")
def timeline() -> Timeline:
    """Visits an hour apart, each to one item; the last ten items come late."""
    chance = np.random.default_rng(0)
    acts = []
    for visit in range(VISITS):
        item = int(chance.integers(20 if visit < 300 else ITEMS))
        user, at = UserId(f"u{chance.integers(USERS)}"), START + timedelta(hours=visit)
        acts.append(Acted(id=EventId(f"{visit}"), user=user, at=at, item=ItemId(f"i{item}"), kind=ActKind.BUY))
    return Timeline.of("visits", [Item(ItemId(f"i{n}"), f"thing {n}") for n in range(ITEMS)], acts, timedelta(0))


@pytest.fixture
def rehearsal(timeline: Timeline) -> Iterator[Rehearsal]:
    with closing(Rehearsal(timeline, HashEmbedder(), factors=FactorsConfig(dim=4))) as made:
        made.follow(timeline, VISITS - 1)
        yield made


def told(rehearsal: Rehearsal, timeline: Timeline) -> set[str]:
    """Whether factors say anything of the candidates before the last visit."""
    values = rehearsal.judged(timeline.baskets[-1], again=True).measured.values
    return {name for name in ("factors", "factors_place") if len(np.unique(values[:, NAMES.index(name)])) > 1}


def test_factors_propose_once_they_are_learned(rehearsal: Rehearsal, timeline: Timeline) -> None:
    assert told(rehearsal, timeline) == set()
    rehearsal.propose(timeline, 300)
    assert told(rehearsal, timeline) == {"factors", "factors_place"}


def test_what_lies_ahead_is_not_known(rehearsal: Rehearsal, timeline: Timeline) -> None:
    rehearsal.propose(timeline, 300)
    before = rehearsal.judged(timeline.baskets[-1], again=True).measured.values
    rehearsal.propose(replace(timeline, baskets=timeline.baskets[:300]), 300)
    np.testing.assert_array_equal(rehearsal.judged(timeline.baskets[-1], again=True).measured.values, before)


def test_too_little_is_no_error_and_nothing_is_proposed(rehearsal: Rehearsal, timeline: Timeline) -> None:
    rehearsal.propose(timeline, 300)
    rehearsal.propose(timeline, 10)
    assert told(rehearsal, timeline) == set()


def test_who_does_without_factors_has_none(timeline: Timeline) -> None:
    with closing(Rehearsal(timeline, HashEmbedder())) as plain:
        plain.follow(timeline, VISITS - 1)
        plain.propose(timeline, 300)
        assert told(plain, timeline) == set()
