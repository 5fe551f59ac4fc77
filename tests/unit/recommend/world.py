"""A small shop with every part of the recommender in it, for the tests beside it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

import numpy as np

from betimes.domain.event import Acted, ActKind
from betimes.domain.intent import Constraint, Interest
from betimes.domain.item import Fact, Item, Money
from betimes.domain.names import EventId, ItemId, Locale, UserId
from betimes.domain.profile import Memory, Preference, Profile, Recent, Vector
from betimes.domain.slate import Ask
from betimes.ports import Vectors
from betimes.recommend.columns import Columns
from betimes.recommend.constraints import Constraints
from betimes.recommend.features import Features
from betimes.recommend.rank import Ranker
from betimes.recommend.recommender import Ranked, RecommendConfig, Recommender
from betimes.recommend.sources import Source
from betimes.recommend.sources.covisit import Covisit
from betimes.recommend.sources.dense import Dense
from betimes.recommend.sources.fresh import Fresh
from betimes.recommend.sources.lexical import Lexical
from betimes.recommend.sources.popular import Popular
from betimes.recommend.topics import Topics
from betimes.remember.histories import Histories
from betimes.remember.popularity import Popularity
from betimes.remember.trends import Trends
from betimes.rows import Rows
from betimes.text import segment

NOW = datetime(2026, 5, 1, 12, tzinfo=UTC)
USER = UserId("ann")
MEMORY = Memory()


def meaning(text: str, dim: int = 16) -> Vector:
    """A unit vector in which texts that share words lie near each other."""
    total: Vectors = np.zeros(dim, dtype=np.float32)
    for word in segment(text):
        total += np.random.default_rng(sum(word.encode())).normal(size=dim).astype(np.float32)
    norm = float(np.linalg.norm(total))
    unit: Vector = total / norm if norm else total
    return unit


@dataclass
class Shop:
    """Items and acts in, lists out."""

    config: RecommendConfig = field(default_factory=lambda: RecommendConfig(explore=0.0))
    extra_sources: Sequence[Source] = ()

    def __post_init__(self) -> None:
        rows = Rows()
        self.columns = Columns(rows)
        self.topics = Topics(self.columns)
        self.dense = Dense(16)
        self.lexical = Lexical()
        self.popularity = Popularity(rows)
        self.trends = Trends(rows)
        self.histories = Histories(rows)
        self.constraints = Constraints(self.columns)
        self.ranker = Ranker(self.columns, self.topics, self.dense, self.popularity)
        self._acts = 0

    def put(self, *items: Item) -> None:
        """Adds items."""
        rows = [self.columns.put(item) for item in items]
        texts = [" ".join((i.title, i.category, i.brand, *i.tags)) for i in items]
        self.dense.put(np.array(rows), np.stack([meaning(text) for text in texts]))
        self.lexical.put(rows, items)

    def act(self, user: str, *items: str, kind: ActKind = ActKind.CLICK) -> None:
        """Lets a user act on items, one after the other."""
        for item in items:
            self._acts += 1
            at = NOW - timedelta(days=1)
            act = Acted(id=EventId(f"e{self._acts}"), user=UserId(user), at=at, item=ItemId(item), kind=kind)
            self.popularity.fold(act)
            self.trends.fold(act)
            self.histories.fold(act)

    def ranked(
        self,
        profile: Profile | None = None,
        *,
        n: int = 10,
        locale: Locale = "zh",
        domain: str | None = None,
        seed: int = 0,
        exclude_seen: bool = True,
        learned: Mapping[str, float] | None = None,
    ) -> Ranked:
        """The list for a profile; what is in focus is also searched for."""
        sources: list[Source] = [
            self.dense,
            self.lexical,
            Covisit(180.0),
            Popular(self.popularity),
            Fresh(self.columns),
            *self.extra_sources,
        ]
        recommender = Recommender(
            self.columns,
            self.constraints,
            self.topics,
            self.dense,
            sources,
            self.histories,
            Features(self.columns, self.dense, self.trends),
            self.ranker,
            MEMORY,
            self.config,
        )
        profile = profile or Profile(USER)
        wanted = " ".join(i.topic for i in profile.active_focus(NOW) if i.polarity > 0)
        ask = Ask(USER, NOW, locale, n, domain, exclude_seen, seed)
        return recommender.recommend(ask, profile, meaning(wanted) if wanted else None, segment(wanted), learned or {})


def item(
    name: str,
    price: float | None = None,
    currency: str = "CNY",
    *,
    domain: str = "shop",
    category: str = "手机 / phone",
    brand: str = "",
    tags: tuple[str, ...] = (),
    title: str = "",
    days: float | None = None,
    **facts: Fact,
) -> Item:
    """An item with little to say."""
    return Item(
        ItemId(name),
        title or name,
        domain,
        price=None if price is None else Money.of(price, currency),
        brand=brand,
        category=category,
        tags=tags,
        facts=facts,
        published=None if days is None else NOW - timedelta(days=days),
    )


def wanting(*said: Interest | Constraint, acts: int = 0, recent: Sequence[str] = ()) -> Profile:
    """A profile with a need at hand."""
    return Profile(
        USER,
        focus=tuple(s for s in said if isinstance(s, Interest)),
        focus_until=NOW + timedelta(days=1),
        constraints=tuple(s for s in said if isinstance(s, Constraint)),
        acts=acts,
        recent=tuple(Recent(ItemId(i), ActKind.CLICK, NOW - timedelta(hours=1)) for i in recent),
    )


def liking(profile: Profile, *preferences: Preference) -> Profile:
    """The profile with lasting preferences."""
    return replace(profile, preferences=preferences)
