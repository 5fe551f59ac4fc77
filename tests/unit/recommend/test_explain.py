"""Why an item stands where it does, and why a list is empty."""

from dataclasses import replace
from datetime import timedelta
from itertools import combinations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from betimes.domain.event import ActKind
from betimes.domain.intent import Constraint, Interest, InterestKind
from betimes.domain.item import Quantity
from betimes.domain.names import ItemId, has_han
from betimes.domain.profile import Preference
from betimes.domain.slate import Empty, Pick, Reason
from betimes.recommend.columns import Columns
from betimes.recommend.constraints import Checked, Constraints
from betimes.recommend.explain import emptiness, what_would_change
from betimes.recommend.factors import FactorModel
from betimes.recommend.recommender import Ranked
from betimes.recommend.sources.factors import Factors
from betimes.rows import Rows

from .world import NOW, Shop, item, liking, wanting

PHONE = Interest("手机", InterestKind.NEED, evidence="买一款手机")
GAMING = Interest("游戏", InterestKind.TASTE, evidence="打游戏用")
NO_GAMING = replace(GAMING, polarity=-1, evidence="不打游戏")
UNDER = Constraint("price", "<=", 1000.0, currency="CNY")


def reason(ranked: Ranked, item: str, part: str) -> Reason:
    [pick] = [p for p in ranked.picks if p.item == item]
    [found] = [r for r in pick.reasons if r.part == part]
    assert found.weight == pick.parts[part]
    return found


# --- reasons ----------------------------------------------------------------------------------------------


def test_reasons_are_the_weightiest_parts() -> None:
    shop = Shop()
    shop.put(item("a", tags=("游戏",), days=2), item("b"))
    shop.act("bob", "a")
    for pick in shop.ranked(wanting(PHONE, GAMING)).picks:
        weighty = sorted(pick.parts, key=lambda p: -abs(pick.parts[p]))[:3]
        assert [r.part for r in pick.reasons] == weighty


def test_the_topic_is_told_in_the_persons_words() -> None:
    shop = Shop()
    shop.put(item("a"))
    told = reason(shop.ranked(wanting(PHONE)), "a", "topic")
    assert (told.text, told.evidence) == ("就是你要的手机", "手机")


def test_a_wish_is_told_by_what_was_said_of_it_alone() -> None:
    shop = Shop()
    shop.put(item("a", tags=("游戏",)), item("b"))
    told = reason(shop.ranked(wanting(PHONE, GAMING)), "a", "likes")
    assert (told.text, told.evidence) == ("符合你想要的“打游戏用”", "打游戏用")


def test_what_counts_against_an_item_is_not_told_as_a_recommendation() -> None:
    shop = Shop()
    shop.put(item("a", tags=("游戏",)), item("b"))
    told = reason(shop.ranked(wanting(PHONE, NO_GAMING)), "a", "likes")
    assert told.weight < 0.0
    assert told.text == "有你不想要的“不打游戏”"
    taste = Preference("游戏", InterestKind.TASTE, -1, 0.9, NOW, "某游戏本", ActKind.DISLIKE)
    told = reason(shop.ranked(liking(wanting(), taste)), "a", "taste")
    assert told.text == "不太合你的口味：不喜欢 某游戏本"


def test_taste_rests_on_the_act_or_words_it_was_read_from() -> None:
    shop = Shop()
    shop.put(item("a", tags=("游戏",)), item("b"))
    strong = Preference("游戏", InterestKind.TASTE, 1, 0.9, NOW, "游戏机", ActKind.BUY)
    weak = Preference("手机", InterestKind.TASTE, 1, 0.1, NOW, "手机", ActKind.VIEW)
    told = reason(shop.ranked(liking(wanting(), weak, strong)), "a", "taste")
    assert told.evidence == "买过 游戏机"


def test_a_covisit_names_the_item_that_lends_most() -> None:
    shop = Shop()
    shop.put(*(item(i, title=f"title of {i}", category="") for i in ("old", "late", "target", *"vwxyz")))
    shop.act("bob", "old", "target")
    for user in "cdefg":
        shop.act(user, "late", "v", "w", "x", "y", "z")
    shop.act("hal", "late", "target")
    shop.act("ida", "late", "target")
    told = reason(shop.ranked(wanting(recent=["old", "late"]), locale="en"), "target", "covisit")
    assert told.text == 'people who looked at "title of old" also look at it'


def test_what_fits_by_factors_is_told_so() -> None:
    shop = Shop()
    shop.put(item("a"), item("b"), item("c"))
    items = np.array([[1.0, 0.0], [0.9, 0.1], [-0.5, 1.0]], dtype=np.float32)
    model = FactorModel(("a", "b", "c"), items, np.eye(2), 0.1, 1.0)
    shop.extra_sources = [Factors(shop.columns.rows, model)]
    shop.act("ann", "a")
    ranked = shop.ranked(locale="en")
    assert reason(ranked, "b", "factors").text == "goes with what you went for lately, by what people go for"
    assert not any("factors" in pick.parts for pick in ranked.picks if pick.item == "c")


def test_the_price_is_told_as_it_is() -> None:
    shop = Shop()
    shop.put(item("a", 999), item("b", 1299))
    cheap = Interest("便宜", InterestKind.TASTE)
    assert reason(shop.ranked(wanting(PHONE, cheap)), "a", "price").text == "论价格：999 元"


def test_a_missed_wish_is_named() -> None:
    shop = Shop()
    shop.put(item("a", 999), item("b", 1299))
    ranked = shop.ranked(wanting(PHONE, replace(UNDER, hard=False)), locale="en")
    told = reason(ranked, "b", "conditions")
    assert told.text == "not quite what you would prefer: price at most ¥1,000"


def test_english_readers_get_english_reasons() -> None:
    shop = Shop()
    shop.put(item("a", tags=("游戏 / gaming",), days=1), item("b", days=3))
    shop.act("bob", "a")
    focus = wanting(Interest("phone", InterestKind.NEED), Interest("gaming", InterestKind.TASTE))
    for pick in shop.ranked(focus, locale="en").picks:
        assert not any(has_han(r.text) for r in pick.reasons)


# --- emptiness --------------------------------------------------------------------------------------------


def empty(ranked: Ranked) -> Empty:
    assert ranked.picks == ()
    assert ranked.empty is not None
    return ranked.empty


def test_an_empty_list_names_the_bound_and_the_nearest_price() -> None:
    shop = Shop()
    shop.put(item("far", 2999, title="远"), item("near", 1099, title="红米"), item("free", title="无价"))
    shop.put(item("gone", 1001, title="下架"), item("film", 20, category="科幻片"))
    shop.columns.put(replace(item("gone", 1001), available=False))
    found = empty(shop.ranked(wanting(PHONE, UNDER)))
    assert (found.constraints, found.nearest) == ((UNDER,), "near")
    assert found.text == "没有满足“价格不超过 1,000 元”的手机。最接近的是 红米（1,099 元）"


def test_the_nearest_price_is_sought_across_currencies() -> None:
    shop = Shop()
    shop.put(item("yuan", 1500), item("dollars", 160, "USD", title="Pixel"))
    found = empty(shop.ranked(wanting(UNDER), locale="en"))
    assert found.nearest == "dollars"
    assert found.text == "nothing satisfies: price at most ¥1,000. The nearest is Pixel ($160)"


def test_only_what_is_to_blame_is_blamed() -> None:
    shop = Shop()
    shop.put(item("a", 900, brand="小米"), item("b", 1200, brand="小米"), item("c", 700, brand="Apple"))
    brand = Constraint("brand", "=", "Sony")
    found = empty(shop.ranked(wanting(UNDER, brand)))
    assert found.constraints == (brand,)
    assert found.nearest in ("a", "c")


def test_two_are_blamed_when_no_one_is_enough() -> None:
    shop = Shop()
    shop.put(item("a", 2000, brand="小米", screen=Quantity(6.7, "in")))
    brand, screen = Constraint("brand", "=", "Sony"), Constraint("screen", ">=", 6.0)
    found = empty(shop.ranked(wanting(UNDER, screen, brand)))
    assert found.constraints == (UNDER, brand)


def test_the_nearest_number_is_named_with_its_value() -> None:
    shop = Shop()
    shop.put(item("a", screen=Quantity(6.1, "in")), item("b", screen=Quantity(5.0, "in")), item("c"))
    found = empty(shop.ranked(wanting(Constraint("screen", ">=", 7.0, unit="in")), locale="en"))
    assert found.nearest == "a"
    assert "6.1 in" in found.text


def test_an_empty_catalogue_blames_nobody() -> None:
    found = empty(Shop().ranked(wanting(PHONE, UNDER)))
    assert (found.constraints, found.nearest) == ((), None)
    assert found.text == "目录里没有可推荐的手机"


def test_hidden_items_are_not_blamed_on_constraints() -> None:
    shop = Shop()
    shop.put(item("a", 10))
    profile = replace(wanting(UNDER), hidden=frozenset([ItemId("a")]))
    assert empty(shop.ranked(profile, locale="en")) == Empty((), None, "there is nothing to recommend")


def test_many_constraints_are_sorted_out_at_once() -> None:
    shop = Shop()
    shop.put(item("a", 10, brand="小米"))
    many = [Constraint("brand", "=", f"b{n}") for n in range(30)] + [
        Constraint("color", "!=", f"c{n}") for n in range(9)
    ]
    assert empty(shop.ranked(wanting(*many))).constraints == tuple(many[:30])


@given(st.data())
def test_the_blamed_are_the_smallest_set_and_the_first_said(data: st.DataObject) -> None:
    rows, n = data.draw(st.integers(1, 6)), data.draw(st.integers(1, 5))
    masks = np.array(data.draw(st.lists(st.lists(st.booleans(), min_size=rows, max_size=rows), min_size=n, max_size=n)))
    columns = Columns(Rows())
    for row in range(rows):
        columns.put(item(f"i{row}"))
    base = np.array(data.draw(st.lists(st.booleans(), min_size=rows, max_size=rows)))
    hard = [Checked(Constraint(f"f{c}", "=", "x"), masks[c]) for c in range(n)]
    if not base.any() or (base & masks.all(axis=0)).any():
        return
    found = emptiness(base, hard, columns, Constraints(columns), "zh", "")
    for size in range(1, n + 1):
        for blamed in combinations(range(n), size):
            kept = [masks[c] for c in range(n) if c not in blamed]
            if (base & np.logical_and.reduce([base, *kept])).any():
                assert found.constraints == tuple(hard[c].constraint for c in blamed)
                assert found.nearest is not None
                nearest = columns.rows.of(found.nearest)
                assert base[nearest]
                assert all(mask[nearest] for mask in kept)
                return
    pytest.fail("no set of constraints can be blamed")


# --- what would change ------------------------------------------------------------------------------------


def test_what_would_change_names_the_gap_and_the_parts_behind() -> None:
    above = Pick(ItemId("a"), 2.0, {"topic": 1.5, "popular": 0.5})
    pick = Pick(ItemId("b"), 1.25, {"topic": 1.0, "fresh": 0.25})
    assert what_would_change(pick, above, "en") == (
        "0.750 below the one above, mostly by: popular 0.5 / 0; topic 1.5 / 1 (the one above / this)"
    )
    assert what_would_change(pick, above, "zh").startswith("比前一名低 0.750 分")
    assert what_would_change(above, None, "en") == "it already stands first"
    assert what_would_change(above, None, "zh") == "它已经排在第一位"


def test_a_standing_constraint_is_blamed_after_the_need_has_lapsed() -> None:
    shop = Shop()
    shop.put(item("a", brand="小米"))
    standing = Constraint("brand", "!=", "小米")
    lapsed = replace(wanting(PHONE, standing), focus_until=NOW - timedelta(1))
    assert empty(shop.ranked(lapsed)).constraints == (standing,)
