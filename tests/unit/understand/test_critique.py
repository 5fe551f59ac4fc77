"""Reactions resolved against the list that was shown."""

import pytest

from betimes.domain.intent import InterestKind
from betimes.domain.item import Item, Money, Quantity
from betimes.domain.names import ItemId

from .reading import constraints, dislikes, likes, read

PHONES = [
    Item(
        ItemId("1"), "小米 14 / Xiaomi 14", price=Money.of(3999, "CNY"), brand="小米 / Xiaomi", category="手机 / phone"
    ),
    Item(ItemId("2"), "iPhone 15", price=Money.of(5999, "CNY"), brand="苹果 / Apple", category="手机 / phone"),
    Item(ItemId("3"), "Galaxy S24", price=Money.of(4999, "CNY"), brand="三星 / Samsung", category="手机 / phone"),
]
FILMS = [
    Item(ItemId("1"), "长片", category="电影", facts={"duration": Quantity(150, "min"), "year": Quantity(2001)}),
    Item(ItemId("2"), "短片", category="电影", facts={"duration": Quantity(2, "小时"), "year": Quantity(2010)}),
]


@pytest.mark.parametrize("text", ["太贵了", "便宜点的", "有没有更便宜的", "cheaper", "too expensive", "超预算了"])
def test_cheaper_is_below_what_was_shown_and_soft(text: str) -> None:
    assert constraints(text, PHONES) == ["price <= 3999 CNY ~"]


def test_a_named_one_gives_its_own_price() -> None:
    assert constraints("cheaper than the iPhone", PHONES) == ["price <= 5999 CNY ~"]
    assert constraints("比第二个便宜点", PHONES) == ["price <= 5999 CNY ~"]
    assert constraints("比第二个再便宜200块", PHONES) == ["price <= 5799 CNY ~"]


def test_a_price_that_is_named_holds() -> None:
    assert constraints("太贵了，三千以内", PHONES) == ["price <= 3000"]


@pytest.mark.parametrize(
    "text", ["换个牌子", "别的品牌呢", "another brand", "a different brand please", "other makers?"]
)
def test_another_brand_refuses_each_shown(text: str) -> None:
    assert constraints(text, PHONES) == ["brand != 小米 / Xiaomi", "brand != 苹果 / Apple", "brand != 三星 / Samsung"]


@pytest.mark.parametrize("text", ["像第二个那样的", "第二个不错", "more like the second one", "I like the second"])
def test_like_the_second_is_an_interest_in_it(text: str) -> None:
    intent = read(text, PHONES)
    assert [(i.topic, i.polarity, i.kind) for i in intent.interests] == [("iPhone 15", 1, InterestKind.TASTE)]
    assert intent.constraints == ()


def test_what_is_pointed_at_and_refused_is_a_dislike() -> None:
    assert dislikes("第三个不要", PHONES) == ["Galaxy S24"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("短一点", ["duration <= 120 min ~"]),
        ("shorter please", ["duration <= 120 min ~"]),
        ("太长了", ["duration <= 120 min ~"]),
        ("longer", ["duration >= 150 min ~"]),
        ("新一点的", ["year >= 2010 ~"]),
        ("something newer", ["year >= 2010 ~"]),
        ("比第一个短", []),
    ],
)
def test_measures_are_relative_to_what_was_shown(text: str, expected: list[str]) -> None:
    assert constraints(text, FILMS) == expected


@pytest.mark.parametrize("text", ["都不喜欢", "好的就这样", "第一个防水吗", "none of these", "为什么这么贵"])
def test_rejection_acceptance_and_questions_bind_nothing(text: str) -> None:
    assert constraints(text, PHONES) == []


def test_what_is_unknown_of_the_items_binds_nothing() -> None:
    bare = [Item(ItemId("1"), "x")]
    assert constraints("太贵了", bare) == []
    assert constraints("短一点", bare) == []
    assert constraints("换个牌子", bare) == []


def test_a_quality_that_is_too_much_is_a_dislike() -> None:
    assert dislikes("颜色太丑了", PHONES) == ["颜色太丑"]
    assert likes("颜色太丑了", PHONES) == []


def test_a_colour_may_be_asked_for_in_a_reaction() -> None:
    assert constraints("i like the second one but in black", PHONES) == ["color = black"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [("三星除外", "三星"), ("不要三星", "三星"), ("anything but Samsung", "Samsung"), ("小米就算了", "小米")],
)
def test_a_brand_shown_and_refused_is_excluded(text: str, expected: str) -> None:
    assert [c for c in constraints(text, PHONES) if c.startswith("brand")] == [f"brand != {expected}"]
    assert dislikes(text, PHONES) == []


def test_another_artist_refuses_each_shown() -> None:
    songs = [Item(ItemId("1"), "Clocks", brand="Coldplay"), Item(ItemId("2"), "Believer", brand="Imagine Dragons")]
    for text in ("换个歌手", "other artists please"):
        assert constraints(text, songs) == ["person != Coldplay", "person != Imagine Dragons"]


def test_what_all_shown_is_made_of_is_refused_where_another_is_asked_for() -> None:
    assert constraints("都是塑料的，换木头的", PHONES) == ["feature != 塑料"]
    assert constraints("都是塑料的吗", PHONES) == []
