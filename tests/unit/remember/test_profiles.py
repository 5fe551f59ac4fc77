"""Profiles, folded from the log when they are asked for."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta

import pytest

from betimes.domain.event import Acted, ActKind, Erased, Event
from betimes.domain.fold import fold
from betimes.domain.item import Item
from betimes.domain.names import EventId, ItemId, UserId
from betimes.domain.profile import Memory, Profile, Vector
from betimes.remember.profiles import Profiles

START = datetime(2026, 1, 1, tzinfo=UTC)
MEMORY = Memory()


class Shop:
    def item(self, item: ItemId) -> Item | None:
        return Item(item, f"title of {item}", category=f"kind of {item}")

    def item_vector(self, item: ItemId) -> Vector | None:
        return None

    def topic_vector(self, topic: str) -> Vector | None:
        return None


class Log:
    """A log in memory that remembers whose events were read."""

    def __init__(self) -> None:
        self.events: list[Event] = []
        self.asked: list[UserId] = []

    def act(self, user: str, item: str, kind: ActKind = ActKind.CLICK) -> Acted:
        seq = len(self.events) + 1
        at = START + timedelta(minutes=seq)
        act = Acted(id=EventId(f"e{seq}"), user=UserId(user), at=at, seq=seq, item=ItemId(item), kind=kind)
        self.events.append(act)
        return act

    def of_user(self, user: UserId, after: int = 0) -> Iterator[Event]:
        self.asked.append(user)
        return (e for e in self.events if e.user == user and e.seq > after)

    def append(self, events: Sequence[Event]) -> list[Event]:
        self.events.extend(events)
        return list(events)

    def read(self, after: int = 0, *, limit: int | None = None) -> Iterator[Event]:
        return iter([e for e in self.events if e.seq > after][:limit])

    def find(self, event: EventId) -> Event | None:
        return next((e for e in self.events if e.id == event), None)

    def users(self) -> Iterator[UserId]:
        return iter({e.user for e in self.events})

    def head(self) -> int:
        return len(self.events)

    def erase(self, erased: Event) -> Event:
        self.events = [*(e for e in self.events if e.user != erased.user), erased]
        return erased


ANN, BOB, EVE = UserId("ann"), UserId("bob"), UserId("eve")


@pytest.fixture
def log() -> Log:
    log = Log()
    for user in ("ann", "bob", "ann", "eve"):
        log.act(user, f"thing of {user}")
    return log


def of_log(log: Log, user: UserId) -> Profile:
    profile = Profile(user)
    for event in log.events:
        if event.user == user:
            profile = fold(profile, event, Shop(), MEMORY)
    return profile


def test_a_profile_is_what_the_log_folds_to(log: Log) -> None:
    assert Profiles(log, Shop(), MEMORY).get(ANN) == of_log(log, ANN)


def test_a_stranger_has_an_empty_profile(log: Log) -> None:
    assert Profiles(log, Shop(), MEMORY).get(UserId("nobody")) == Profile(UserId("nobody"))


def test_a_profile_in_memory_follows_without_the_log(log: Log) -> None:
    profiles = Profiles(log, Shop(), MEMORY)
    profiles.get(ANN)
    for item in ("x", "y"):
        profiles.fold(log.act("ann", item, ActKind.BUY))
    assert profiles.get(ANN) == of_log(log, ANN)
    assert profiles.get(ANN).seen == {"x", "y"}
    assert log.asked == [ANN]


def test_an_event_folded_from_the_log_already_is_not_folded_again(log: Log) -> None:
    profiles = Profiles(log, Shop(), MEMORY)
    profiles.get(ANN)
    for event in log.events:
        profiles.fold(event)
    assert profiles.get(ANN) == of_log(log, ANN)


def test_events_of_others_and_of_profiles_not_in_memory_cost_nothing(log: Log) -> None:
    profiles = Profiles(log, Shop(), MEMORY)
    profiles.fold(log.act("bob", "x"))
    assert log.asked == []
    assert profiles.get(BOB) == of_log(log, BOB)


def test_the_least_recently_used_profile_is_dropped_and_comes_back_the_same(log: Log) -> None:
    profiles = Profiles(log, Shop(), MEMORY, capacity=2)
    first = profiles.get(ANN)
    for user in (BOB, ANN, EVE):
        profiles.get(user)
    assert log.asked == [ANN, BOB, EVE]
    assert profiles.get(ANN) == first
    assert log.asked == [ANN, BOB, EVE]
    assert profiles.get(BOB) == of_log(log, BOB)
    assert log.asked == [ANN, BOB, EVE, BOB]


def test_folding_counts_as_use(log: Log) -> None:
    profiles = Profiles(log, Shop(), MEMORY, capacity=2)
    profiles.get(ANN)
    profiles.get(BOB)
    profiles.fold(log.act("ann", "x"))
    profiles.get(EVE)
    log.asked.clear()
    profiles.get(ANN)
    assert log.asked == []


def test_an_erased_user_leaves_memory(log: Log) -> None:
    profiles = Profiles(log, Shop(), MEMORY)
    profiles.get(ANN)
    erased = Erased(id=EventId("x"), user=ANN, at=START + timedelta(days=1), seq=9)
    log.erase(erased)
    profiles.fold(erased)
    assert profiles.get(ANN) == Profile(ANN, seq=9, at=erased.at)
    assert log.asked == [ANN, ANN]


def test_what_is_cleared_is_folded_anew(log: Log) -> None:
    profiles = Profiles(log, Shop(), MEMORY)
    before = profiles.get(ANN)
    profiles.clear()
    assert profiles.get(ANN) == before
    assert log.asked == [ANN, ANN]
