"""Parts, factors and the gate between what is said and what is done."""

from dataclasses import replace
from datetime import timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from betimes.domain.intent import Interest, InterestKind
from betimes.domain.profile import Preference, Profile
from betimes.recommend.rank import BEHAVIOUR, LANGUAGE, PARTS, RankConfig
from betimes.recommend.recommender import Ranked

from .world import MEMORY, NOW, USER, Shop, item, meaning, wanting

PHONE = Interest("手机", InterestKind.NEED)
CHEAP = Interest("便宜", InterestKind.TASTE)
GAMING = Interest("游戏", InterestKind.TASTE, strength=0.7)


def parts(ranked: Ranked, part: str) -> dict[str, float]:
    return {p.item: p.parts[part] for p in ranked.picks if part in p.parts}


def order(ranked: Ranked) -> list[str]:
    return [p.item for p in ranked.picks]


@given(st.integers(0, 10_000), st.integers(0, 10_000))
def test_history_moves_weight_from_what_is_said_to_what_is_done(few: int, many: int) -> None:
    factors = Shop().ranker.factors
    if few > many:
        few, many = many, few
    new, known = factors(few, {}), factors(many, {})
    assert all(new[p] >= known[p] for p in LANGUAGE)
    assert all(new[p] <= known[p] for p in BEHAVIOUR)
    assert {p for p in PARTS if p not in LANGUAGE + BEHAVIOUR and new[p] != known[p]} == set()


def test_the_gate_starts_and_ends_where_it_is_set_to() -> None:
    config = RankConfig()
    factors = Shop().ranker.factors
    new, half, known = factors(0, {}), factors(10, {}), factors(10**9, {})
    assert new["topic"] == config.factor["topic"]
    assert new["taste"] == pytest.approx(config.behaviour_from * config.factor["taste"])
    assert half["taste"] == pytest.approx((1 + config.behaviour_from) / 2 * config.factor["taste"])
    assert known["topic"] == pytest.approx(config.language_to * config.factor["topic"])
    assert known["taste"] == pytest.approx(config.factor["taste"])
    assert new["conditions"] == known["conditions"]


def test_learned_factors_multiply() -> None:
    ranker = Shop().ranker
    assert ranker.factors(3, {"popular": 2.0})["popular"] == 2.0 * ranker.factors(3, {})["popular"]


def test_the_said_carries_a_new_user_and_the_done_a_known_one() -> None:
    shop = Shop()
    shop.put(item("said", tags=("游戏",)), item("done", tags=("轻薄",)), item("first", category=""))
    shop.act("bob", "first", "done")
    new = wanting(GAMING, recent=["first"])
    assert order(shop.ranked(new, n=2))[0] == "said"
    lead = [dict(zip(order(r), r.picks, strict=True)) for r in (shop.ranked(new), shop.ranked(replace(new, acts=500)))]
    gaps = [picks["said"].score - picks["done"].score for picks in lead]
    assert gaps[0] > gaps[1]


def test_cheap_means_a_low_price_whatever_the_currency() -> None:
    shop = Shop()
    shop.put(item("a", 999), item("b", 200, "USD"), item("c", 1299), item("d", 999), item("e"))
    cheap = parts(shop.ranked(wanting(PHONE, CHEAP)), "price")
    assert cheap["a"] == cheap["d"] > cheap["c"] > 0.0
    assert "b" not in cheap
    assert "e" not in cheap


def test_nobody_who_does_not_ask_for_cheap_gets_a_word_about_prices() -> None:
    shop = Shop()
    shop.put(item("a", 999), item("b", 1299))
    assert parts(shop.ranked(wanting(PHONE)), "price") == {}


def test_equal_prices_are_equally_cheap() -> None:
    shop = Shop()
    shop.put(item("a", 999), item("b", 999))
    assert parts(shop.ranked(wanting(PHONE, CHEAP)), "price") == {}


def test_likes_count_for_and_dislikes_against() -> None:
    shop = Shop()
    shop.put(item("game", tags=("游戏",)), item("light", tags=("轻薄",)))
    for_it = shop.ranked(wanting(PHONE, GAMING))
    against = shop.ranked(wanting(PHONE, replace(GAMING, polarity=-1)))
    assert order(for_it)[0] == "game"
    assert order(against)[0] == "light"
    assert parts(for_it, "likes")["game"] == pytest.approx(-parts(against, "likes")["game"])


def test_taste_read_from_acts_is_found_in_bilingual_names() -> None:
    shop = Shop()
    shop.put(item("redmi", brand="红米 / Redmi"), item("other", brand="三星 / Samsung"))
    brand = Preference("红米 / Redmi", InterestKind.TASTE, 1, 0.8, NOW, "redmi")
    assert set(parts(shop.ranked(Profile(USER, preferences=(brand,))), "taste")) == {"redmi"}


def test_a_taste_weighs_half_after_its_half_life() -> None:
    shop = Shop()
    shop.put(item("game", tags=("游戏",)), item("light", tags=("轻薄",)))
    old = Preference("游戏", InterestKind.TASTE, 1, 0.8, NOW - MEMORY.half_life[InterestKind.TASTE])
    new = Preference("轻薄", InterestKind.TASTE, 1, 0.4, NOW)
    taste = parts(shop.ranked(Profile(USER, preferences=(old, new))), "taste")
    assert taste["game"] == pytest.approx(taste["light"])


def test_a_present_need_makes_earlier_needs_and_named_topics_count_for_nothing_more() -> None:
    shop = Shop()
    shop.put(*(item(tag, tags=(tag,)) for tag in ("耳机", "轻薄", "游戏", "复古")))
    preferences = (
        Preference("耳机", InterestKind.NEED, 1, 0.9, NOW),
        Preference("轻薄", InterestKind.TASTE, 1, 0.5, NOW),
        Preference("游戏", InterestKind.TASTE, 1, 0.6, NOW),
        Preference("复古", InterestKind.TASTE, 1, 0.005, NOW),
    )
    idle = Profile(USER, preferences=preferences)
    needing = replace(wanting(PHONE, GAMING), preferences=preferences)
    assert set(parts(shop.ranked(idle), "taste")) == {"耳机", "轻薄", "游戏"}
    assert set(parts(shop.ranked(needing), "taste")) == {"轻薄"}


def test_a_new_need_is_ranked_as_if_the_old_one_had_not_been() -> None:
    shop = Shop()
    shop.put(item("a", tags=("降噪",)), item("b", category="耳机", tags=("降噪",)))
    film = wanting(PHONE)
    after = replace(film, preferences=(Preference("降噪", InterestKind.NEED, 1, 0.9, NOW),))
    assert shop.ranked(film).picks == shop.ranked(after).picks


def test_freshness_halves_in_its_half_life_and_the_future_is_not_fresh() -> None:
    shop = Shop()
    shop.put(item("new", days=0), item("month", days=30), item("tomorrow", days=-1), item("unknown"))
    fresh = parts(shop.ranked(), "fresh")
    assert fresh["month"] == pytest.approx(fresh["new"] / 2)
    assert set(fresh) == {"new", "month"}


def test_history_draws_towards_what_one_looks_at() -> None:
    shop = Shop()
    shop.put(*(item(f"i{n}", title=t) for n, t in enumerate(["游戏 手机", "轻薄 手机", "老人 手机", "拍照 手机"])))
    profile = replace(wanting(acts=50), vector=meaning("轻薄 手机"))
    assert order(shop.ranked(profile))[0] == "i1"


def test_a_need_that_lapsed_is_no_need() -> None:
    shop = Shop()
    shop.put(item("phone"), item("film", category="科幻片"))
    lapsed = replace(wanting(PHONE), focus_until=NOW - timedelta(seconds=1))
    assert len(shop.ranked(lapsed).picks) == 2


def test_parts_that_say_nothing_are_left_out() -> None:
    shop = Shop()
    shop.put(item("a"), item("b"))
    for pick in shop.ranked().picks:
        assert all(value != 0.0 for value in pick.parts.values())
        assert np.isfinite(list(pick.parts.values())).all()
