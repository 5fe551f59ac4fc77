"""What every list keeps to, whatever the world."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from betimes.domain.event import Purpose
from betimes.domain.intent import Constraint, Interest, InterestKind
from betimes.domain.item import Item, Quantity
from betimes.domain.names import ItemId, variants
from betimes.domain.profile import Profile
from betimes.recommend.arrays import RowArray
from betimes.recommend.recommender import RecommendConfig
from betimes.recommend.sources import NOTHING, Query, Scores

from .world import NOW, USER, Shop, item, meaning, wanting

PHONE = Interest("手机", InterestKind.NEED, evidence="买手机")
FILM = Interest("科幻片", InterestKind.NEED, evidence="看科幻片")
CHEAP = Interest("便宜", InterestKind.TASTE, evidence="便宜的")
GAMING = Interest("游戏", InterestKind.TASTE, evidence="打游戏")
NOT_GAMING = Interest("游戏", InterestKind.TASTE, -1, evidence="不打游戏")

IDS = [ItemId(f"i{n}") for n in range(14)]
interests = st.lists(st.sampled_from([PHONE, FILM, CHEAP, GAMING, NOT_GAMING]), max_size=3, unique=True)
constraints = st.lists(
    st.one_of(
        st.builds(Constraint, st.just("price"), st.sampled_from(["<=", ">="]), st.sampled_from([500.0, 1500.0])),
        st.builds(Constraint, st.just("brand"), st.sampled_from(["=", "!="]), st.sampled_from(["小米", "Apple"])),
        st.builds(Constraint, st.just("screen"), st.just(">="), st.just(6.0)),
    ),
    max_size=3,
)
items = st.builds(
    item,
    name=st.just(""),
    price=st.none() | st.sampled_from([99, 480, 1500, 3999]),
    domain=st.sampled_from(["shop", "shop", "video"]),
    category=st.sampled_from(["手机 / phone", "科幻片 / sci-fi film", "耳机 / headphones"]),
    brand=st.sampled_from(["", "小米 / Xiaomi", "苹果 / Apple"]),
    tags=st.sampled_from([(), ("游戏 / gaming",), ("轻 / light", "游戏 / gaming")]),
    days=st.none() | st.integers(-3, 400),
    screen=st.builds(Quantity, st.sampled_from([5.5, 6.1, 6.7]), st.just("in")),
)


@dataclass(frozen=True)
class Case:
    items: list[Item]
    profile: Profile
    acts: list[tuple[str, list[ItemId]]]
    n: int
    seed: int


@st.composite
def cases(draw: st.DrawFn) -> Case:
    found = draw(st.lists(items, min_size=1, max_size=len(IDS)))
    soft = [replace(c, hard=draw(st.booleans())) for c in draw(constraints)]
    profile = replace(
        wanting(*draw(interests), *soft, acts=draw(st.integers(0, 50)), recent=draw(st.lists(st.sampled_from(IDS)))),
        hidden=draw(st.frozensets(st.sampled_from(IDS), max_size=3)),
        seen=draw(st.frozensets(st.sampled_from(IDS), max_size=3)),
        vector=draw(st.none() | st.just(meaning("手机 游戏"))),
    )
    acts = draw(st.lists(st.tuples(st.sampled_from("xyz"), st.lists(st.sampled_from(IDS), max_size=4)), max_size=6))
    named = [replace(i, id=IDS[n], title=f"{i.title} {n}") for n, i in enumerate(found)]
    return Case(named, profile, acts, draw(st.integers(1, 6)), draw(st.integers(0, 3)))


def shop_of(case: Case, config: RecommendConfig | None = None) -> Shop:
    shop = Shop(config or RecommendConfig(explore=0.5))
    shop.put(*case.items)
    for user, acted in case.acts:
        shop.act(user, *acted)
    return shop


def satisfies(one: Item, said: Sequence[Constraint]) -> bool:
    brands = [c.value for c in said if c.field == "brand" and c.op == "="]
    own = variants(one.brand)
    for c in said:
        price = float(one.price.major) if one.price else None
        screen = one.facts["screen"]
        assert isinstance(screen, Quantity)
        match c:
            case Constraint("price", "<=", float() as bound):
                ok = price is not None and price <= bound
            case Constraint("price", ">=", float() as bound):
                ok = price is not None and price >= bound
            case Constraint("brand", "="):
                ok = any(b in own for b in brands)
            case Constraint("brand", "!="):
                ok = c.value not in own
            case _:
                ok = screen.value >= 6.0
        if not ok:
            return False
    return True


@settings(max_examples=60, deadline=None)
@given(cases(), st.sampled_from([None, "shop", "video"]))
def test_a_list_obeys_accounts_for_itself_and_falls(case: Case, domain: str | None) -> None:
    shop = shop_of(case)
    ranked = shop.ranked(case.profile, n=case.n, seed=case.seed, domain=domain)
    by_id = {i.id: i for i in case.items}
    said = case.profile.active_constraints(NOW)
    told = [
        c.constraint for c in shop.constraints.check(said, "zh", domain) if c.constraint.hard and c.mask is not None
    ]

    assert len(ranked.picks) <= case.n
    assert len({p.item for p in ranked.picks}) == len(ranked.picks)
    assert (ranked.empty is None) == bool(ranked.picks)
    for pick in ranked.picks:
        assert satisfies(by_id[pick.item], told)
        assert pick.item not in case.profile.hidden | case.profile.seen
        assert domain in (None, by_id[pick.item].domain)
        assert sum(pick.parts.values()) == pytest.approx(pick.score, abs=1e-9)
        assert 0.0 < pick.propensity <= 1.0
        assert len(pick.reasons) <= 3
        for reason in pick.reasons:
            assert pick.parts[reason.part] == reason.weight
            assert "{" not in reason.text
    assert all(a.score >= b.score - 1e-9 for a, b in pairwise(ranked.picks))


@settings(max_examples=25, deadline=None)
@given(cases())
def test_equal_worlds_give_equal_lists(case: Case) -> None:
    first, again = (shop_of(case).ranked(case.profile, n=case.n, seed=case.seed) for _ in range(2))
    assert first.picks == again.picks
    assert (first.empty, first.notes) == (again.empty, again.notes)


@settings(max_examples=25, deadline=None)
@given(cases())
def test_a_list_is_as_full_as_it_can_be(case: Case) -> None:
    shop = shop_of(case)
    every = shop.ranked(case.profile, n=50)
    assert len(shop.ranked(case.profile, n=case.n).picks) == min(case.n, len(every.picks))


def test_what_was_bought_comes_back_when_asked_for() -> None:
    shop = Shop()
    shop.put(item("a"), item("b"))
    profile = Profile(wanting().user, seen=frozenset([ItemId("a")]))
    assert [p.item for p in shop.ranked(profile).picks] == ["b"]
    assert {p.item for p in shop.ranked(profile, exclude_seen=False).picks} == {"a", "b"}


def test_what_was_refused_never_comes_back() -> None:
    shop = Shop()
    shop.put(item("a"), item("b"))
    profile = Profile(wanting().user, hidden=frozenset([ItemId("a"), ItemId("not in the catalogue")]))
    assert [p.item for p in shop.ranked(profile, exclude_seen=False).picks] == ["b"]


def test_acts_on_items_that_the_catalogue_lacks_do_no_harm() -> None:
    shop = Shop()
    shop.put(item("a", 900), item("b", 800))
    under = wanting(PHONE, Constraint("price", "<=", 1000.0), recent=["gone"])
    assert len(shop.ranked(under).picks) == 2
    shop.act("bob", "gone", "a", "gone too")
    assert len(shop.ranked(under).picks) == 2


def test_the_thing_asked_for_is_all_there_is() -> None:
    shop = Shop()
    shop.put(
        item("phone"), item("case", category="手机壳 / phone case"), item("film", category="科幻片", domain="video")
    )
    assert [p.item for p in shop.ranked(wanting(PHONE)).picks] == ["phone"]
    assert {p.item for p in shop.ranked(wanting(PHONE, FILM)).picks} == {"phone", "film"}


def test_a_thing_without_a_word_in_the_catalogue_restricts_nothing() -> None:
    shop = Shop()
    shop.put(item("a"), item("b", category="耳机"))
    assert len(shop.ranked(wanting(Interest("宇宙飞船", InterestKind.NEED))).picks) == 2


@pytest.mark.parametrize("word", ["电影", "movie", "Films"])
def test_a_word_for_a_domain_stands_for_all_of_it(word: str) -> None:
    shop = Shop()
    shop.put(item("phone"), item("x", category="科幻片", domain="video"), item("y", category="爱情片", domain="video"))
    assert {p.item for p in shop.ranked(wanting(Interest(word, InterestKind.NEED))).picks} == {"x", "y"}


def test_what_misses_a_soft_wish_ranks_below_what_meets_it() -> None:
    shop = Shop()
    shop.put(*(item(f"i{n}", price=100 * n, tags=("热门",)) for n in range(1, 9)))
    soft = Constraint("price", "<=", 450.0, hard=False)
    picks = shop.ranked(wanting(PHONE, soft)).picks
    assert {p.item for p in picks[:4]} == {"i1", "i2", "i3", "i4"}
    assert all("conditions" in p.parts for p in picks[4:])
    assert len(picks) == 8


def test_one_of_several_soft_brands_is_one_condition() -> None:
    shop = Shop()
    shop.put(item("x", brand="小米"), item("y", brand="Apple"), item("z", brand="Sony"))
    brands = [Constraint("brand", "=", b, hard=False) for b in ("小米", "Apple")]
    factor = shop.ranker.factors(0, {})["conditions"]
    missed = {p.item: p.parts.get("conditions", 0.0) for p in shop.ranked(wanting(PHONE, *brands)).picks}
    assert missed == {"x": 0.0, "y": 0.0, "z": -factor}


class Slow:
    """A source that is never reached in time, and says so if it is asked."""

    name = "slow"

    def candidates(self, query: Query, k: int) -> tuple[RowArray, Scores]:
        raise AssertionError("asked after the deadline")


def test_sources_past_the_deadline_are_dropped_and_said_to_be_late() -> None:
    shop = Shop(RecommendConfig(explore=0.0, deadline_ms=-1.0), [Slow()])
    shop.put(item("a"), item("b"))
    ranked = shop.ranked(wanting(PHONE))
    late = {step.name for step in ranked.trace if step.outcome == "late"}
    assert late == {"dense", "lexical", "covisit", "popular", "fresh", "slow"}
    assert len(ranked.picks) == 2


def test_the_trace_names_each_step_once() -> None:
    shop = Shop()
    shop.put(item("a"))
    names = [step.name for step in shop.ranked(wanting(PHONE)).trace]
    sources = ["dense", "lexical", "covisit", "popular", "fresh"]
    assert names == ["mask", "history", *sources, "features", "rank", "diversify", "explain"]
    assert all(step.ms >= 0.0 for step in shop.ranked(wanting(PHONE)).trace)


def test_notes_tell_of_what_could_not_be_checked_and_what_was_converted() -> None:
    shop = Shop()
    shop.put(item("a", 900), item("b", 100, "USD"))
    ranked = shop.ranked(wanting(Constraint("price", "<=", 1000.0), Constraint("storage", ">=", 256.0)))
    assert ranked.notes == ("其他币种的价格已换算成 CNY", "这里没有可核对“存储不低于 256”的信息")
    assert len(ranked.picks) == 2


def test_a_conversion_is_told_of_only_where_it_is_seen() -> None:
    shop = Shop()
    shop.put(item("a", 900), item("b", 100, "USD"))
    ranked = shop.ranked(wanting(Constraint("price", "<=", 300.0), Constraint("brand", "!=", "索尼")))
    assert (ranked.empty is not None, ranked.notes) == (True, ())
    shop.put(item("c", 200))
    ranked = shop.ranked(wanting(Constraint("price", "<=", 300.0)))
    assert ([p.item for p in ranked.picks], ranked.notes) == (["c"], ())


# --- exploration ------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def shelf() -> Shop:
    shop = Shop()
    shop.put(*(item(f"i{n}", tags=("游戏",) if n % 3 else ()) for n in range(12)))
    for n in range(12):
        shop.act(f"u{n}", *[f"i{n}"] * (12 - n))
    return shop


def test_the_last_place_is_explored_as_often_as_it_should_be(shelf: Shop) -> None:
    shelf.config = RecommendConfig(explore=0.3, diversity=0.0)
    tried = [shelf.ranked(wanting(PHONE, GAMING), n=3, seed=seed).picks[-1] for seed in range(600)]
    share = sum("explore" in pick.parts for pick in tried) / len(tried)
    assert share == pytest.approx(0.3, abs=0.06)


def test_propensities_are_the_chances_by_which_the_list_was_drawn(shelf: Shop) -> None:
    shelf.config = RecommendConfig(explore=0.0, diversity=0.0)
    profile = wanting(PHONE, GAMING)
    order = shelf.ranked(profile, n=12).picks
    shown, outside = order[:3], order[3:]
    acts = np.array([12 - int(p.item.removeprefix("i")) for p in outside])
    weights = np.exp([p.score for p in outside]) / np.sqrt(1.0 + acts)
    chance = {p.item: 0.3 * w / weights.sum() for p, w in zip(outside, weights, strict=True)}
    chance[shown[-1].item] = 0.7
    assert sum(chance.values()) == pytest.approx(1.0)
    shelf.config = RecommendConfig(explore=0.3, diversity=0.0)
    met = set()
    for seed in range(300):
        picks = shelf.ranked(profile, n=3, seed=seed).picks
        assert [p.item for p in picks[:2]] == [p.item for p in shown[:2]]
        assert [p.propensity for p in picks[:2]] == [1.0, 1.0]
        assert picks[-1].propensity == pytest.approx(chance[picks[-1].item])
        met.add(picks[-1].item)
    assert len(met) > 5


def test_what_nobody_acted_on_is_tried_though_it_scores_low() -> None:
    shop = Shop(RecommendConfig(explore=1.0, diversity=0.0, per_source=200))
    shop.put(*(item(f"i{n}", tags=("游戏",)) for n in range(60)), item("unknown"))
    for n in range(60):
        shop.act("bob", *[f"i{n}"] * 4)
    lists = [shop.ranked(wanting(PHONE, GAMING), n=3, seed=seed).picks for seed in range(400)]
    met = [picks[-1] for picks in lists if picks[-1].item == "unknown"]
    assert met
    assert {round(pick.propensity, 9) for pick in met} == {round(met[0].propensity, 9)}
    assert len(met) / 400 == pytest.approx(met[0].propensity, abs=0.04)


def test_a_list_that_holds_everything_is_certain(shelf: Shop) -> None:
    shelf.config = RecommendConfig(explore=0.9)
    assert {p.propensity for p in shelf.ranked(n=12).picks} == {1.0}
    assert {p.propensity for p in shelf.ranked(n=2).picks} == {1.0}


@dataclass
class Watching:
    """A source that proposes nothing and keeps what it was asked by."""

    name: str = "watching"
    query: Query | None = None

    def candidates(self, query: Query, k: int) -> tuple[RowArray, Scores]:
        self.query = query
        return NOTHING


@pytest.mark.parametrize(
    ("domain", "consents", "visible"),
    [
        ("shop", frozenset(), ["a"]),
        ("video", frozenset(), ["b"]),
        ("music", frozenset(), []),
        ("music", {Purpose.DOMAINS}, ["a", "b"]),
        ("music", {Purpose.TRAINING}, []),
        (None, frozenset(), ["a", "b"]),
    ],
)
def test_acts_of_other_domains_speak_with_consent_alone(
    domain: str | None, consents: frozenset[Purpose], visible: list[str]
) -> None:
    watching = Watching()
    shop = Shop(extra_sources=[watching])
    shop.put(item("a"), item("b", domain="video"), item("c", domain="music"))
    shop.act("ann", "a", "b")
    shop.ranked(Profile(USER, consents=frozenset(consents)), domain=domain)
    assert watching.query is not None
    assert [shop.columns.rows.id(row) for row in watching.query.past.rows] == visible
