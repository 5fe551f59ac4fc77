"""Prices and other bounds, in both languages."""

import pytest

from .reading import constraints, read


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("耳机三百以内", ["price <= 300"]),
        ("耳机不超过三百块", ["price <= 300 CNY"]),
        ("耳机，最多三百", ["price <= 300"]),
        ("耳机，三百往上", ["price >= 300"]),
        ("耳机，价格不低于三百", ["price >= 300"]),
        ("耳机 2-3千", ["price >= 2000", "price <= 3000"]),
        ("耳机，两三千", ["price >= 2000", "price <= 3000"]),
        ("耳机，三百左右", ["price >= 255 ~", "price <= 345 ~"]),
        ("耳机，大概一千二", ["price >= 1020 ~", "price <= 1380 ~"]),
        ("耳机，200多", ["price >= 200", "price <= 299"]),
        ("耳机，十几块", ["price >= 11 CNY", "price <= 19 CNY"]),
        ("耳机，三百来块", ["price >= 255 CNY ~", "price <= 345 CNY ~"]),
        ("千元机", ["price >= 1000", "price <= 1999"]),
        ("百元机", ["price >= 100", "price <= 999"]),
        ("手机，预算1.5w", ["price <= 15000"]),
        ("手机，2k5以内", ["price <= 2500"]),
        ("3000块的电视", ["price <= 3300 CNY ~"]),
        ("headphones under $300", ["price <= 300 USD"]),
        ("headphones, at most 300 dollars", ["price <= 300 USD"]),
        ("headphones over 300", ["price >= 300"]),
        ("headphones, no less than 300", ["price >= 300"]),
        ("headphones between $50 and $100", ["price >= 50 USD", "price <= 100 USD"]),
        ("headphones, 50-100 bucks", ["price >= 50 USD", "price <= 100 USD"]),
        ("headphones around 200", ["price >= 170 ~", "price <= 230 ~"]),
        ("headphones, 200ish", ["price >= 170 ~", "price <= 230 ~"]),
        ("headphones, eighty bucks max", ["price <= 80 USD"]),
        ("headphones for less than fifteen hundred", ["price <= 1500"]),
        ("a £20 mug", ["price <= 22 GBP ~"]),
        ("sub-$250 vacuum", ["price <= 250 USD"]),
        ("dinner, a hundred euros tops", ["price <= 100 EUR"]),
        ("three figure watch", ["price >= 100", "price <= 999"]),
        ("ideally under 300 for headphones", ["price <= 300 ~"]),
        ("耳机，最好三百以内", ["price <= 300 ~"]),
    ],
)
def test_prices(text: str, expected: list[str]) -> None:
    assert constraints(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("not looking to spend more than 200 on headphones", ["price <= 200"]),
        ("headphones that don't cost more than 200", ["price <= 200"]),
        ("headphones, no pricier than 200", ["price <= 200"]),
        ("耳机，不能超过两百", ["price <= 200"]),
        ("耳机，别超两百", ["price <= 200"]),
        ("耳机，两百以上的不要", ["price <= 200"]),
        ("movies, nothing older than 2000", ["year >= 2000"]),
    ],
)
def test_a_negation_turns_a_comparison_round(text: str, expected: list[str]) -> None:
    assert constraints(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("耳机本来想三百，算了，五百以内吧", ["price <= 500"]),
        ("耳机三百以内，不对，五百以内", ["price <= 500"]),
        ("headphones under 300, actually make it under 500", ["price <= 500"]),
        ("床垫三百以下，冰箱八百以下", ["price <= 300", "price <= 800"]),
    ],
)
def test_a_correction_leaves_the_last_value(text: str, expected: list[str]) -> None:
    assert constraints(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("电影，90分钟以内", ["duration <= 90 min"]),
        ("电影，一个半小时左右", ["duration >= 76.5 min ~", "duration <= 103.5 min ~"]),
        ("歌，3分30秒以内", ["duration <= 3.5 min"]),
        ("显示器，27寸", ["screen = 27 in"]),
        ("蛋糕，6寸", ["size = 6 in"]),
        ("箱子，不超过3斤", ["weight <= 1.5 kg"]),
        ("手机16+512", ["memory = 16 GB", "storage = 512 GB"]),
        ("手机，内存12g以上", ["memory >= 12 GB"]),
        ("硬盘1TB以上", ["storage >= 1024 GB"]),
        ("充电宝20000毫安以上", ["battery >= 20000 mAh"]),
        ("耳机续航30小时以上", ["battery_life >= 1800 min"]),
        ("外卖，半小时送到", ["delivery_time <= 30 min"]),
        ("路线，十公里以内", ["distance <= 10 km"]),
        ("冰箱，200升以上", ["capacity >= 200 L"]),
        ("柜子，宽60厘米以内", ["width <= 60 cm"]),
        ("书架，一米八高", ["height = 180 cm"]),
        ("豆瓣8分以上的电影", ["rating >= 8"]),
        ("电视剧40集以内", ["episodes <= 40"]),
        ("movie under two hours", ["duration <= 120 min"]),
        ("a tv of at least 55 inches", ["screen >= 55 in"]),
        ("shelf narrower than 20 inches wide", ["width <= 50.8 cm"]),
        ("tent under 2 kg", ["weight <= 2 kg"]),
        ("laptop with 16 GB RAM and a 1 TB SSD", ["memory = 16 GB", "storage = 1024 GB"]),
        ("headphones with 30+ hours of battery", ["battery_life >= 1800 min"]),
        ("restaurants rated no lower than 4.5", ["rating >= 4.5"]),
        ("board games for 6+ players", ["players >= 6"]),
        ("fan quieter than most, below 40 dB", ["noise <= 40 dB"]),
    ],
)
def test_measures(text: str, expected: list[str]) -> None:
    assert constraints(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2015年以后的电影", ["year >= 2015"]),
        ("90年代的歌", ["year >= 1990", "year <= 1999"]),
        ("98年之前的电影", ["year <= 1998"]),
        ("今年上映的电影", ["year = 2026"]),
        ("2010 to 2015 hits", ["year >= 2010", "year <= 2015"]),
        ("movies from the 80s", ["year >= 1980", "year <= 1989"]),
        ("films from the seventies", ["year >= 1970", "year <= 1979"]),
        ("classics pre 1960", ["year <= 1960"]),
        ("songs released after 2018", ["year >= 2018"]),
    ],
)
def test_years(text: str, expected: list[str]) -> None:
    assert constraints(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "给7岁孩子的自行车",
        "身高178，找条裤子",
        "一个人看的电影",
        "能拍4k的相机",
        "第三个耳机",
        "bike for a 7 year old",
        "charger for 3 devices",
        "钱不是问题，推荐个耳机",
        "一百年孤独",
    ],
)
def test_what_is_counted_is_no_bound(text: str) -> None:
    assert constraints(text) == []


def test_a_bound_keeps_its_words() -> None:
    assert [c.evidence for c in read("我想要一款不超过800元的耳机").constraints] == ["不超过800元"]
    assert [c.evidence for c in read("headphones for at most $80 please").constraints] == ["at most $80"]


def test_a_paid_price_is_no_bound() -> None:
    assert constraints("上次买的耳机花了300块，想换个新的，500以内") == ["price <= 500"]
