"""The laws of what one domain may know of another."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from betimes.domain.event import Acted, ActKind, Change, Edited, Erased, Event, Purpose, Understood
from betimes.domain.names import EventId
from betimes.domain.person import Person
from betimes.domain.profile import Profile

from .lives import MEMORY, START, USER, Shop, folded, histories, same

DOMAINS = ["shop", "video", "music"]


def known(events: list[Event], start: Person | None = None) -> Person:
    person = start or Person.stranger(USER)
    for event in events:
        person = person.after(event, Shop(), MEMORY)
    return person


def edit(op: str, seq: int) -> Edited:
    change = Change(op="consent" if op == "consent" else "withdraw", purpose=Purpose.DOMAINS)
    return Edited(id=EventId(f"{op}{seq}"), user=USER, at=START + timedelta(days=90), seq=seq, change=change)


def happened_in(event: Event, domain: str) -> bool:
    """Whether an event counts in a domain without consent."""
    if isinstance(event, Acted):
        item = Shop().item(event.item)
        return item is not None and item.domain == domain
    return not isinstance(event, Understood) or event.domain in (None, domain)


def lasting(profile: Profile) -> Profile:
    """A profile without where in the log it stands and what it keeps for a later reading of the last sentence."""
    return replace(profile, seq=0, said=None, before=None, since=())


@given(histories())
def test_over_all_domains_everything_counts(events: list[Event]) -> None:
    assert same(known(events).seen_from(None), folded(events))


@given(histories(), st.data())
def test_folding_in_two_halves_is_folding_once(events: list[Event], data: st.DataObject) -> None:
    cut = data.draw(st.integers(0, len(events)))
    once, halves = known(events), known(events[cut:], known(events[:cut]))
    assert once == halves
    assert all(same(once.within[d], halves.within[d]) for d in once.within)


@given(histories())
def test_folding_an_event_again_changes_nothing(events: list[Event]) -> None:
    once = known(events)
    assert known(events, once) is once


@given(histories(), st.sampled_from(DOMAINS))
def test_without_consent_a_domain_knows_what_happened_there_or_nowhere(events: list[Event], domain: str) -> None:
    person = known([*events, edit("withdraw", len(events) + 1)])
    here = folded([*(e for e in events if happened_in(e, domain)), edit("withdraw", len(events) + 1)])
    whole = person.whole
    expected = replace(here, seen=whole.seen, hidden=whole.hidden, locale=whole.locale)
    assert same(lasting(person.seen_from(domain)), lasting(expected))


@given(histories(), st.sampled_from(DOMAINS))
def test_with_consent_all_that_lasts_counts_and_the_need_stays(events: list[Event], domain: str) -> None:
    apart = known([*events, edit("withdraw", len(events) + 1)]).seen_from(domain)
    person = known([*events, edit("consent", len(events) + 1)])
    seen, whole = person.seen_from(domain), person.whole
    assert (seen.preferences, seen.recent, seen.acts) == (whole.preferences, whole.recent, whole.acts)
    assert seen.vector is whole.vector
    assert (seen.focus, seen.focus_until) == (apart.focus, apart.focus_until)
    ends = [c for c in seen.constraints if c.until is not None]
    assert ends == [c for c in apart.constraints if c.until is not None]
    assert set(apart.constraints) <= set(seen.constraints)
    assert {c for c in whole.constraints if c.until is None and c not in seen.constraints} <= {
        c for c in whole.constraints if any(c.field == said.field for said in apart.constraints)
    }


@given(histories(), st.sampled_from(DOMAINS))
def test_the_switch_works_both_ways_however_often(events: list[Event], domain: str) -> None:
    seq = len(events)
    once = known([*events, edit("withdraw", seq + 1)])
    given_and_taken = known([edit("consent", seq + 2), edit("withdraw", seq + 3)], once)
    assert same(lasting(once.seen_from(domain)), lasting(given_and_taken.seen_from(domain)))
    shared = known([edit("consent", seq + 2)], once)
    again = known([edit("withdraw", seq + 3), edit("consent", seq + 4)], shared)
    assert same(lasting(shared.seen_from(domain)), lasting(again.seen_from(domain)))


@pytest.mark.parametrize("domain", [None, *DOMAINS])
def test_who_was_erased_is_a_stranger_everywhere(domain: str | None) -> None:
    acted = Acted(id=EventId("a"), user=USER, at=START, seq=1, item=next(iter(Shop.items)), kind=ActKind.BUY)
    erased = Erased(id=EventId("e"), user=USER, at=START, seq=2)
    assert known([acted, erased]).seen_from(domain) == Profile(USER, seq=2, at=START)
