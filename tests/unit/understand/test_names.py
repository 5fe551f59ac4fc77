"""Names and languages that are wanted, and those that are only mentioned."""

import pytest

from .reading import constraints


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("浅灰的床单", ["color = 浅灰"]),
        ("白T恤一件", ["color = 白"]),
        ("毛衣，杏色", ["color = 杏色"]),
        ("行李箱，太空黑", ["color = 太空黑"]),
        ("scarf in dusty rose", ["color = dusty rose"]),
        ("boots, cherry red", ["color = cherry red"]),
        ("a sweater, tan, wool", ["color = tan"]),
    ],
)
def test_colours_by_their_shade(text: str, expected: list[str]) -> None:
    assert constraints(text) == expected


@pytest.mark.parametrize(
    "text", ["烘焙小白求入门食谱", "口红推荐", "a red wine for fish", "mask for grey hair", "play brown noise"]
)
def test_what_is_no_colour(text: str) -> None:
    assert constraints(text) == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("有没有国语版的千与千寻", ["language = 国语"]),
        ("粤语配音的电影", ["language = 粤语"]),
        ("来个有声书，英文的", ["language = 英文"]),
        ("a cartoon in Spanish for my son", ["language = Spanish"]),
        ("crime series, German audio", ["language = German"]),
    ],
)
def test_the_language_a_thing_is_in(text: str, expected: list[str]) -> None:
    assert constraints(text) == expected


@pytest.mark.parametrize(
    "text", ["学英语的app", "电影要中文字幕", "a French film subtitled in English", "Spanish guitar music"]
)
def test_a_language_that_is_learned_or_written_is_no_constraint(text: str) -> None:
    assert constraints(text) == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a film starring Gillian Anderson", ["person = Gillian Anderson"]),
        ("anything calm with Morgan Freeman", ["person = Morgan Freeman"]),
        ("来点周杰伦2005年的歌", ["year = 2005", "person = 周杰伦"]),
        ("songs by Adele but not Hello", ["person = Adele", "feature != Hello"]),
    ],
)
def test_people(text: str, expected: list[str]) -> None:
    assert sorted(constraints(text)) == sorted(expected)


@pytest.mark.parametrize(
    "text",
    [
        "books by women",
        "knitting tutorials by hand",
        "reachable by train, a quiet town",
        "a present by Friday",
        "playlist like Bon Iver",
        "像周杰伦那种的歌",
        "songs about the Milky Way",
    ],
)
def test_what_is_no_person(text: str) -> None:
    assert not any("person" in c for c in constraints(text))


@pytest.mark.parametrize(
    "text",
    ["ink for a Brother printer", "my old Canon needs a strap", "earpads compatible with Bose", "支持小米的插座"],
)
def test_a_brand_that_a_thing_is_for_is_not_wanted(text: str) -> None:
    assert not any("brand" in c for c in constraints(text))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("phone, not Samsung, Samsung phones are slow", ["brand != Samsung"]),
        ("打印机，惠普墨盒太坑，不要惠普", ["brand != 惠普"]),
        ("笔记本，联想的，不要联想小新", ["feature != 联想小新", "brand = 联想"]),
    ],
)
def test_a_brand_named_twice(text: str, expected: list[str]) -> None:
    assert constraints(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("mattress, queen size", ["size = queen"]),
        ("bed frame, king", ["size = king"]),
        ("wool rug 160x230", ["size = 160x230"]),
        ("hoodie, XL", ["size = XL"]),
        ("dog bed xl", ["size = xl"]),
    ],
)
def test_sizes_in_words(text: str, expected: list[str]) -> None:
    assert constraints(text) == expected
