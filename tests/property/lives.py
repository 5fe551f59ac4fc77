"""What may happen to a user, for the laws of the user model."""

from datetime import UTC, datetime, timedelta
from typing import Any, ClassVar

import numpy as np
from hypothesis import strategies as st

from betimes.domain.event import Acted, ActKind, Change, Edited, Event, Purpose, Said, Understood
from betimes.domain.fold import fold
from betimes.domain.intent import Constraint, Intent, IntentKind, Interest, InterestKind
from betimes.domain.item import Item
from betimes.domain.names import EventId, ItemId, UserId
from betimes.domain.profile import Memory, Profile, Vector

USER = UserId("ann")
START = datetime(2026, 1, 1, tzinfo=UTC)
MEMORY = Memory()
TOPICS = ["手机", "phone", "科幻片", "跑步", "安静"]
#: Where things happen; nothing happens in music.
DOMAINS = ["shop", "video", None]


class Shop:
    """A space of three items in two domains and hashed topic vectors."""

    items: ClassVar[dict[ItemId, Item]] = {
        ItemId(i): Item(ItemId(i), f"item {i}", domain, category=c, brand=b, tags=(t,))
        for i, domain, c, b, t in [
            ("a", "shop", "手机 / phone", "小米", "游戏"),
            ("b", "shop", "耳机", "索尼", "降噪"),
            ("c", "video", "科幻片", "", "烧脑"),
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
                events.append(
                    Understood(said=said, intent=draw(intents), domain=draw(st.sampled_from(DOMAINS)), **head)
                )
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
