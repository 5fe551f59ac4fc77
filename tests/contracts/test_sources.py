"""What every candidate source promises."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest

from betimes.domain.event import Acted, ActKind
from betimes.domain.item import Item
from betimes.domain.names import EventId, ItemId, UserId
from betimes.domain.slate import Ask
from betimes.ports import Vectors
from betimes.recommend.arrays import Mask
from betimes.recommend.columns import Columns
from betimes.recommend.factors import FactorModel
from betimes.recommend.sequence import Block, Floats, SequenceModel, SequenceWeights
from betimes.recommend.sources import Query, Source
from betimes.recommend.sources.adjacent import Adjacent
from betimes.recommend.sources.companions import lent
from betimes.recommend.sources.covisit import Covisit
from betimes.recommend.sources.dense import Dense, DenseConfig
from betimes.recommend.sources.factors import Factors
from betimes.recommend.sources.fresh import Fresh
from betimes.recommend.sources.lexical import Lexical
from betimes.recommend.sources.neighbours import Neighbours
from betimes.recommend.sources.popular import Popular
from betimes.recommend.sources.repeat import Repeat
from betimes.recommend.sources.sequence import Sequence
from betimes.remember.histories import Histories, History, HistoryConfig
from betimes.remember.popularity import Popularity, PopularityConfig
from betimes.rows import Rows
from betimes.text import segment

NOW = datetime(2026, 5, 1, tzinfo=UTC)
DIM = 16
HISTORY = 40
#: What trained models know.
KNOWN = tuple(f"i{n}" for n in range(100))


@dataclass
class World:
    """A catalogue that every source can find its way in."""

    dense: Dense
    rows: Rows = field(default_factory=Rows)
    lexical: Lexical = field(default_factory=Lexical)

    def __post_init__(self) -> None:
        self.columns = Columns(self.rows)
        self.popularity = Popularity(self.rows, PopularityConfig(head=20))
        self.histories = Histories(self.rows, HistoryConfig(per_item=200, met=200))
        self._acts = 0

    def put(self, *numbers: int, age_days: float | None = None) -> list[int]:
        """Adds items, embeds them, and lets users act on each together with the item of the history."""
        items = [
            Item(
                ItemId(f"i{n}"),
                f"手机 phone number{n}" if n % 2 else "耳机 headphones",
                published=NOW - timedelta(days=n if age_days is None else age_days),
            )
            for n in numbers
        ]
        rows = [self.columns.put(item) for item in items]
        self.dense.put(np.array(rows), np.stack([embedded(n) for n in numbers]))
        self.lexical.put(rows, items)
        for n in numbers:
            if n != HISTORY:
                for _ in range(1 + n % 3):
                    self.act(f"i{HISTORY}", f"u{n}")
                    self.act(f"i{n}", f"u{n}")
        return rows

    def remove(self, row: int) -> Mask:
        """Takes an item out of everything that holds items."""
        self.columns.remove(row)
        self.dense.remove(row)
        self.lexical.remove(row)
        return self.columns.listed(None)

    def act(self, item: str, user: str) -> None:
        self._acts += 1
        act = Acted(id=EventId(f"a{self._acts}"), user=UserId(user), at=NOW, item=ItemId(item), kind=ActKind.CLICK)
        self.popularity.fold(act)
        self.histories.fold(act)

    def query(self, allowed: Mask | None = None) -> Query:
        mask = self.columns.listed(None) if allowed is None else allowed
        history = self.rows.find(ItemId(f"i{HISTORY}"))
        found = np.array([] if history is None else [history], dtype=np.int64)
        return Query(
            ask=Ask(UserId("ann"), NOW, "zh"),
            allowed=mask,
            n_allowed=int(mask.sum()),
            vectors=(embedded(1), embedded(2)),
            words=tuple(segment("手机 phone 耳机")),
            history=((history, 1.0),) if history is not None else (),
            past=self.past(),
            companions=self.histories.companions(UserId("ann"), found),
        )

    def past(self) -> History:
        """What the asking user acted on: every item once, none of it known to audiences."""
        n = len(self.rows)
        ago = 60.0 * np.arange(n, 0.0, -1.0)
        return History(np.arange(n), np.asarray(NOW.timestamp() - ago, dtype=np.float64), np.ones(n))


def embedded(n: int) -> Vectors:
    vector = np.random.default_rng(n).normal(size=DIM).astype(np.float32)
    unit: Vectors = vector / np.linalg.norm(vector)
    return unit


def likely(world: World) -> Sequence:
    """The source of what is next, by a model of chance that knows every item."""
    chance = np.random.default_rng(0)

    def some(*shape: int) -> Floats:
        return chance.normal(0.0, 0.3, shape).astype(np.float32)

    block = Block(some(8), some(8, 24), some(8, 8), some(8), some(8, 8), some(8, 8))
    return Sequence(world.rows, SequenceModel(SequenceWeights(KNOWN, 2, some(101, 8), some(50, 8), (block,), some(8))))


def fitting(world: World) -> Factors:
    """The source of what fits, by a model in which every item fits every other."""
    items = np.random.default_rng(0).uniform(0.5, 1.0, (len(KNOWN), 4)).astype(np.float32)
    # So a user's vector is the sum of their items', and all products are above 0.
    return Factors(world.rows, FactorModel(KNOWN, items, np.zeros((4, 4)), regularisation=1.0, alpha=0.0))


SOURCES: dict[str, Callable[[World], Source]] = {
    "dense": lambda w: w.dense,
    "dense by lists": lambda w: w.dense,
    "lexical": lambda w: w.lexical,
    "covisit": lambda w: Covisit(7.0),
    "covisit, long": lambda w: Covisit(180.0, "covisit_long"),
    "adjacent": lambda w: Adjacent(180.0),
    "neighbours": lambda w: Neighbours(w.histories),
    "repeat": lambda w: Repeat(),
    "sequence": likely,
    "factors": fitting,
    "popular": lambda w: Popular(w.popularity),
    "fresh": lambda w: Fresh(w.columns),
}


@pytest.fixture(params=SOURCES)
def world(request: pytest.FixtureRequest) -> tuple[World, Source]:
    lists = request.param == "dense by lists"
    dense = Dense(DIM, DenseConfig(exact_upto=30, subset_upto=5, probes=64) if lists else None)
    world = World(dense)
    world.put(*range(60))
    return world, SOURCES[request.param](world)


def test_only_allowed_rows_come_best_first_each_once(world: tuple[World, Source]) -> None:
    made, source = world
    allowed = made.columns.listed(None)
    allowed[::3] = False
    rows, scores = source.candidates(made.query(allowed), 10)
    assert len(rows) >= 10
    assert allowed[rows].all()
    assert len(set(rows.tolist())) == len(rows) == len(scores)
    assert (np.diff(scores) <= 0).all()
    assert np.isfinite(scores).all()


def test_more_is_not_given_than_there_is(world: tuple[World, Source]) -> None:
    made, source = world
    allowed = np.zeros(60, dtype=bool)
    allowed[[3, 7, 12]] = True
    rows, _ = source.candidates(made.query(allowed), 100)
    assert sorted(rows.tolist()) == [3, 7, 12]


def test_equal_queries_get_equal_answers(world: tuple[World, Source]) -> None:
    made, source = world
    first, again = (source.candidates(made.query(), 15) for _ in range(2))
    assert first[0].tolist() == again[0].tolist()
    assert first[1].tolist() == again[1].tolist()


def test_nothing_is_found_where_nothing_is_allowed(world: tuple[World, Source]) -> None:
    made, source = world
    rows, scores = source.candidates(made.query(np.zeros(60, dtype=bool)), 10)
    assert len(rows) == len(scores) == 0


def test_a_query_that_says_nothing_is_answered(world: tuple[World, Source]) -> None:
    made, source = world
    allowed = made.columns.listed(None)
    rows, _ = source.candidates(Query(made.query().ask, allowed, int(allowed.sum()), (), (), ()), 10)
    assert allowed[rows].all()


def test_what_was_just_put_is_found_and_what_was_just_removed_is_not(world: tuple[World, Source]) -> None:
    made, source = world
    source.candidates(made.query(), 10)
    [row] = made.put(99, age_days=0.5)
    rows, _ = source.candidates(made.query(), 100)
    assert row in rows
    allowed = made.remove(row)
    rows, _ = source.candidates(made.query(allowed), 100)
    assert row not in rows
    assert made.put(99) == [row]
    rows, _ = source.candidates(made.query(), 100)
    assert row in rows


def test_a_mask_from_before_the_last_row_still_serves(world: tuple[World, Source]) -> None:
    made, source = world
    before = made.columns.listed(None)
    made.put(98, age_days=0.1)
    rows, _ = source.candidates(made.query(before), 100)
    assert before[rows].all()


@pytest.mark.parametrize("name", SOURCES)
def test_an_empty_world_has_no_candidates(name: str) -> None:
    world = World(Dense(DIM))
    rows, scores = SOURCES[name](world).candidates(world.query(), 10)
    assert len(rows) == len(scores) == 0


def test_fresh_is_the_newest_first_and_nothing_from_the_future() -> None:
    world = World(Dense(DIM))
    for n, age in enumerate([3.0, 1.0, -1.0, 2.0]):
        world.put(n, age_days=age)
    rows, _ = Fresh(world.columns).candidates(world.query(), 10)
    assert [world.rows.id(int(row)) for row in rows] == ["i1", "i3", "i0"]


def test_lexical_prefers_what_shares_more_words_and_knows_both_languages() -> None:
    lexical = Lexical()
    items = [
        Item(ItemId("a"), "降噪耳机", category="耳机 / headphones"),
        Item(ItemId("b"), "Wireless headphones", tags=("降噪 / noise cancelling",)),
        Item(ItemId("c"), "手机壳"),
    ]
    lexical.put([0, 1, 2], items)
    allowed = np.ones(3, dtype=bool)

    def found(text: str) -> list[int]:
        query = Query(Ask(UserId("u"), NOW, "zh"), allowed, 3, (), tuple(segment(text)), ())
        return [int(row) for row in lexical.candidates(query, 5)[0]]

    assert found("降噪耳机")[0] == 0
    assert set(found("headphones")) == {0, 1}
    assert found("noise cancelling") == [1]
    assert found("我想要的") == []


def test_lexical_looks_past_the_best_when_they_are_not_allowed() -> None:
    lexical = Lexical()
    items = [Item(ItemId(f"i{n}"), "手机 手机 手机") for n in range(500)]
    items.append(Item(ItemId("last"), "手机", text="一个很长的说明 " * 20))
    lexical.put(range(len(items)), items)
    allowed = np.zeros(len(items), dtype=bool)
    allowed[500] = True
    query = Query(Ask(UserId("u"), NOW, "zh"), allowed, 1, (), ("手机",), ())
    assert lexical.candidates(query, 10)[0].tolist() == [500]


def test_lexical_forgets_the_words_of_an_item_that_changed() -> None:
    lexical = Lexical()
    lexical.put([0], [Item(ItemId("a"), "手机")])
    lexical.put([0], [Item(ItemId("a"), "耳机")])
    query = Query(Ask(UserId("u"), NOW, "zh"), np.ones(1, dtype=bool), 1, (), ("手机",), ())
    assert len(lexical.candidates(query, 5)[0]) == 0


def test_lexical_finds_an_item_once_however_often_it_was_put() -> None:
    lexical = Lexical()
    for _ in range(3):
        lexical.put([0, 1], [Item(ItemId("a"), "手机"), Item(ItemId("b"), "手机 手机壳")])
    query = Query(Ask(UserId("u"), NOW, "zh"), np.ones(2_000, dtype=bool), 2_000, (), ("手机",), ())
    assert sorted(lexical.candidates(query, 5)[0].tolist()) == [0, 1]


def test_covisit_scores_are_what_each_row_of_the_history_lends() -> None:
    world = World(Dense(DIM))
    world.put(*range(60))
    made = world.query()
    companions = world.histories.companions(UserId("ann"), np.array([40, 3, 59]))
    history = ((40, 1.0), (3, 0.5), (59, 0.2))
    query = Query(made.ask, made.allowed, made.n_allowed, (), (), history, companions=companions)
    rows, scores = Covisit(180.0).candidates(query, 100)
    assert len(rows) > 50
    for row, score in zip(rows, scores, strict=True):
        assert sum(lent(query, int(row)).values()) == pytest.approx(score)


def test_adjacent_puts_first_what_others_did_right_after_the_latest_item() -> None:
    world = World(Dense(DIM))
    world.put(*range(6))
    for user in ("bob", "eve"):
        for number in (0, 1, 2, 3):
            world.act(f"i{number}", user)
    made = world.query()
    companions = world.histories.companions(UserId("ann"), np.array([1]))
    query = Query(made.ask, made.allowed, made.n_allowed, (), (), ((1, 1.0),), companions=companions)
    rows, _ = Adjacent(180.0).candidates(query, 10)
    assert rows.tolist()[:2] == [2, 0]


def test_popular_reaches_past_its_head() -> None:
    world = World(Dense(DIM))
    world.put(*range(60))
    unpopular = np.ones(60, dtype=bool)
    unpopular[world.popularity.head()] = False
    rows, _ = Popular(world.popularity).candidates(world.query(unpopular), 100)
    assert sorted(rows.tolist()) == np.flatnonzero(unpopular).tolist()
