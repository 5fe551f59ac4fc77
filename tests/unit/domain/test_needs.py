"""How needs, critiques and acts change what holds."""

from datetime import UTC, datetime, timedelta

from betimes.domain.event import Acted, ActKind, Change, Edited, Erased, Event, Understood
from betimes.domain.fold import fold
from betimes.domain.intent import Constraint, Intent, IntentKind, Interest, InterestKind
from betimes.domain.item import Item
from betimes.domain.names import EventId, ItemId, UserId
from betimes.domain.profile import Memory, Profile, Vector

AT = datetime(2026, 5, 1, 12, tzinfo=UTC)
USER = UserId("ann")
MEMORY = Memory()


class OnePhone:
    def item(self, item: ItemId) -> Item | None:
        return Item(item, "Redmi 12C", category="手机 / phone", brand="红米 / Redmi")

    def item_vector(self, item: ItemId) -> Vector | None:
        return None

    def topic_vector(self, topic: str) -> Vector | None:
        return None


def understood(n: int, kind: IntentKind, *parts: Interest | Constraint, at: datetime = AT) -> Understood:
    interests = tuple(p for p in parts if isinstance(p, Interest))
    constraints = tuple(p for p in parts if isinstance(p, Constraint))
    intent = Intent("…", "zh", kind, interests, constraints)
    return Understood(id=EventId(f"u{n}"), user=USER, at=at, seq=n, said=EventId(f"s{n}"), intent=intent)


def acted(n: int, kind: ActKind, at: datetime = AT) -> Acted:
    return Acted(id=EventId(f"a{n}"), user=USER, at=at, seq=n, item=ItemId("r12c"), kind=kind)


def after(*events: Event) -> Profile:
    profile = Profile(USER)
    for event in events:
        profile = fold(profile, event, OnePhone(), MEMORY)
    return profile


PHONE = Interest("手机", InterestKind.NEED)
FILM = Interest("科幻片", InterestKind.NEED)
CHEAP = Constraint("price", "<=", 1000.0)


def test_a_new_need_replaces_the_one_before() -> None:
    profile = after(understood(1, IntentKind.NEED, PHONE, CHEAP), understood(2, IntentKind.NEED, FILM))
    assert profile.active_focus(AT) == (FILM,)
    assert profile.active_constraints(AT) == ()


def test_a_critique_adds_to_the_need_at_hand() -> None:
    cheaper = Constraint("price", "<=", 499.0, hard=False)
    profile = after(understood(1, IntentKind.NEED, PHONE, CHEAP), understood(2, IntentKind.CRITIQUE, cheaper))
    assert profile.active_focus(AT) == (PHONE,)
    assert [(c.value, c.hard) for c in profile.active_constraints(AT)] == [(1000.0, True), (499.0, False)]


def test_a_later_hard_bound_replaces_the_earlier_ones() -> None:
    softer = Constraint("price", "<=", 800.0, hard=False)
    harder = Constraint("price", "<=", 600.0)
    profile = after(
        understood(1, IntentKind.NEED, PHONE, CHEAP),
        understood(2, IntentKind.CRITIQUE, softer),
        understood(3, IntentKind.CRITIQUE, harder),
    )
    assert [c.value for c in profile.active_constraints(AT)] == [600.0]


def test_a_need_lapses_and_a_standing_constraint_does_not() -> None:
    allergy = Constraint("ingredient", "!=", "花生")
    profile = after(understood(1, IntentKind.TASTE, allergy), understood(2, IntentKind.NEED, PHONE, CHEAP))
    later = AT + MEMORY.need_lasts + timedelta(seconds=1)
    assert {c.field for c in profile.active_constraints(AT)} == {"ingredient", "price"}
    assert [c.field for c in profile.active_constraints(later)] == ["ingredient"]
    assert profile.active_focus(later) == ()


def test_buying_the_thing_ends_the_need_for_it() -> None:
    profile = after(understood(1, IntentKind.NEED, PHONE, CHEAP), acted(2, ActKind.BUY))
    assert profile.focus == ()
    assert profile.constraints == ()
    assert profile.seen == {"r12c"}


def test_a_dislike_hides_the_item_and_turns_against_its_kind() -> None:
    profile = after(acted(1, ActKind.DISLIKE))
    assert profile.hidden == {"r12c"}
    assert {p.topic: p.polarity for p in profile.preferences} == {"手机 / phone": -1, "红米 / Redmi": -1}


def test_a_preference_halves_in_its_half_life() -> None:
    profile = after(understood(1, IntentKind.NEED, PHONE))
    [need] = profile.preferences
    half_life = MEMORY.half_life[InterestKind.NEED]
    assert need.now(AT + half_life, MEMORY) == need.weight / 2


def test_small_talk_leaves_no_trace() -> None:
    profile = after(understood(1, IntentKind.NONE, PHONE, CHEAP))
    assert (profile.preferences, profile.constraints, profile.focus) == ((), (), ())


def test_a_paused_profile_obeys_but_does_not_learn() -> None:
    pause = Edited(id=EventId("p"), user=USER, at=AT, seq=1, change=Change(op="pause"))
    profile = after(pause, understood(2, IntentKind.NEED, PHONE, CHEAP), acted(3, ActKind.CLICK))
    assert profile.preferences == ()
    assert profile.recent == ()
    assert profile.active_focus(AT) == (PHONE,)
    assert [c.value for c in profile.active_constraints(AT)] == [1000.0]


def test_what_is_dropped_is_gone_from_focus_and_preferences() -> None:
    drop = Edited(id=EventId("d"), user=USER, at=AT, seq=2, change=Change(op="drop_interest", interest=PHONE))
    profile = after(understood(1, IntentKind.NEED, PHONE), drop)
    assert profile.focus == ()
    assert profile.preferences == ()


def test_erasing_leaves_nothing_but_the_position() -> None:
    erased = Erased(id=EventId("x"), user=USER, at=AT, seq=3)
    profile = after(understood(1, IntentKind.NEED, PHONE), acted(2, ActKind.BUY), erased)
    assert profile == Profile(USER, seq=3, at=AT)


def test_late_news_counts_what_it_would_have_left() -> None:
    long_ago = AT - MEMORY.half_life[InterestKind.TASTE]
    now = after(acted(1, ActKind.BUY))
    late = after(understood(1, IntentKind.NONE), acted(2, ActKind.BUY, at=long_ago))
    weight = {p.topic: p.weight for p in now.preferences}["手机 / phone"]
    weight_late = {p.topic: p.weight for p in late.preferences}["手机 / phone"]
    assert weight_late == weight / 2
