"""Amounts as people say them: prices, times, sizes, years, and what only looks like one."""

import pytest

from .reading import constraints


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("台灯，一百二三", ["price >= 120", "price <= 130"]),
        ("手机，两千三四百", ["price >= 2300", "price <= 2400"]),
        ("鼠标，百把块", ["price >= 85 CNY ~", "price <= 115 CNY ~"]),
        ("书包，千把块钱", ["price >= 850 CNY ~", "price <= 1150 CNY ~"]),
        ("围巾三到五百", ["price >= 300", "price <= 500"]),
        ("书包不过百", ["price <= 100"]),
        ("耳机 500±50", ["price >= 450", "price <= 550"]),
        ("雨伞，十块二十块", ["price >= 10 CNY", "price <= 20 CNY"]),
        ("键盘，两百往里", ["price <= 200"]),
        ("键盘，三百五预算", ["price <= 350"]),
        ("键盘，我妈给两百", ["price <= 200"]),
        ("5000的笔记本", ["price <= 5500 ~"]),
        ("8000档的相机", ["price <= 8800 ~"]),
        ("饼干五块一盒", ["price <= 5.5 CNY ~"]),
        ("超过三百我不买，台灯", ["price <= 300"]),
        ("没必要买超过五百的锅", ["price <= 500"]),
        ("a lamp, 70 or 80 bucks", ["price >= 70 USD", "price <= 80 USD"]),
        ("lamp between a hundred and fifty and two hundred dollars", ["price >= 150 USD", "price <= 200 USD"]),
        ("a mug, under a tenner", ["price <= 10 GBP"]),
        ("lamp, i could go to 400", ["price <= 400"]),
        ("lamp in the region of 200", ["price >= 170 ~", "price <= 230 ~"]),
        ("don't wanna pay 25 bucks or more for a lamp", ["price <= 25 USD"]),
        ("a lamp, neither dim nor pricier than £90", ["price >= 90 GBP"]),
        ("lamp from 80 up to 150 dollars", ["price >= 80 USD", "price <= 150 USD"]),
        ("a lamp. i was thinking $50 but make it $65", ["price <= 65 USD"]),
    ],
)
def test_prices(text: str, expected: list[str]) -> None:
    assert constraints(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("电影，一小时四十以内", ["duration <= 100 min"]),
        ("歌，三分半以内", ["duration <= 3.5 min"]),
        ("短片，一刻钟以内", ["duration <= 15 min"]),
        ("电影，一个半钟左右", ["duration >= 76.5 min ~", "duration <= 103.5 min ~"]),
        ("播客，二十多分钟", ["duration >= 20 min", "duration <= 29 min"]),
        ("剧，十几集", ["episodes >= 11", "episodes <= 19"]),
        ("剧，一集二十来分钟", ["duration >= 17 min ~", "duration <= 23 min ~"]),
        ("瑜伽视频，十分钟就够", ["duration <= 10 min"]),
        ("movie, 1h40 max", ["duration <= 100 min"]),
        ("movie, an hour twenty at most", ["duration <= 80 min"]),
        ("songs under 2:30", ["duration <= 2.5 min"]),
        ("sitcom with 20ish minute eps", ["duration >= 17 min ~", "duration <= 23 min ~"]),
        ("movie, two and a quarter hours max", ["duration <= 135 min"]),
        ("series, 5 or 6 episodes", ["episodes >= 5", "episodes <= 6"]),
        ("clips, five minutes each at most", ["duration <= 5 min"]),
        ("葡萄牙，五天四晚的行程", ["days = 5"]),
        ("hiking itinerary, 4 to 6 days", ["days >= 4", "days <= 6"]),
        ("露营地，开车两小时以内", ["travel_time <= 120 min"]),
        ("跑步歌单，步频180左右", ["tempo >= 153 ~", "tempo <= 207 ~"]),
        ("techno, tempo around 120", ["tempo >= 102 ~", "tempo <= 138 ~"]),
        ("sprint playlist faster than 160 bpm", ["tempo >= 160 bpm"]),
        ("电影评分八点五以上", ["rating >= 8.5"]),
        ("documentaries, 8/10 at least", ["rating >= 8"]),
    ],
)
def test_times_and_ratings(text: str, expected: list[str]) -> None:
    assert constraints(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("八九十年代的歌", ["year >= 1980", "year <= 1999"]),
        ("songs of the sixties and seventies", ["year >= 1960", "year <= 1979"]),
        ("七几年的老歌", ["year >= 1970", "year <= 1979"]),
        ("九九年到零九年的电影", ["year >= 1999", "year <= 2009"]),
        ("punk from 1979-83", ["year >= 1979", "year <= 1983"]),
        ("soul from '65 to '75", ["year >= 1965", "year <= 1975"]),
        ("近五年的电影", ["year >= 2021"]),
        ("films of the last five years", ["year >= 2021"]),
        ("romance, 2018+", ["year >= 2018"]),
        ("2008以来的民谣", ["year >= 2008"]),
        ("comedies from 2020 on", ["year >= 2020"]),
        ("films, nothing from before 2000", ["year >= 2000"]),
        ("the 1995 film, not the 2005 one", ["year = 1995", "year != 2005"]),
    ],
)
def test_years(text: str, expected: list[str]) -> None:
    assert constraints(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("凉鞋，黑的，39", ["size = 39"]),
        ("loafers, burgundy leather, 9.5", ["size = 9.5"]),
        ("女儿的公主裙110", ["size = 110"]),
        ("hiking boots, uk 6", ["size = 6"]),
        ("jeans in a 34 waist", ["size = 34"]),
        ("床单，120乘200", ["width = 120 cm", "length = 200 cm"]),
        ("地毯 2米x3米", ["width = 200 cm", "length = 300 cm"]),
        ("花架，80长40宽", ["length = 80 cm", "width = 40 cm"]),
        ("blinds, 120 wide", ["width = 120 cm"]),
        ("不粘锅30cm", ["diameter = 30 cm"]),
        ("cast iron skillet, 10 inch", ["diameter = 25.4 cm"]),
        ("洗衣机，滚筒，十公斤", ["capacity = 10 kg"]),
        ("折叠椅承重150公斤", ["load >= 150 kg"]),
        ("water bottle, 16 oz", ["capacity = 0.473176 L"]),
        ("slow cooker, 6 quarts", ["capacity = 5.67812 L"]),
        ("充电头，功率65w以上", ["power >= 65 W"]),
        ("锅，一点五升", ["capacity = 1.5 L"]),
        ("laptop with 8 gb ram and 256gb", ["memory = 8 GB", "storage = 256 GB"]),
    ],
)
def test_sizes(text: str, expected: list[str]) -> None:
    assert [c for c in constraints(text) if not c.startswith(("color", "brand", "feature"))] == expected


@pytest.mark.parametrize(
    "text",
    [
        "五十多岁的人爱看的剧",
        "送给二十几岁的女生的礼物",
        "hiking groups for people over fifty",
        "board games, ages 6 to 11",
        "pubs that do food after 8",
        "cat sitter, 10 to 20 august",
        "甄嬛传第40集",
        "来一集动画片",
        "路由器，家里120平",
        "带2.5G口的路由器",
        "workouts for people in their sixties",
        "audiobook for a 14 hour drive",
        "跟妈妈一块看的电影",
        "raincoat for a 70 lb dog",
        "cake big enough for 24",
        "身高一五三怎么穿搭",
    ],
)
def test_what_only_looks_like_an_amount_is_none(text: str) -> None:
    assert constraints(text) == []
