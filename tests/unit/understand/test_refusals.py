"""What is refused: exclusions, dislikes, and turns of phrase that refuse nothing."""

import pytest

from .reading import constraints, dislikes, likes


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("手机，不要苹果", ["brand != 苹果"]),
        ("不要美的的电饭煲", ["brand != 美的"]),
        ("手机，除了华为小米都行", ["brand != 华为", "brand != 小米"]),
        ("手机，别给我推三星", ["brand != 三星"]),
        ("手机，荣耀和OPPO不考虑", ["brand != 荣耀", "brand != OPPO"]),
        ("蓝牙音箱，JBL除外", ["brand != JBL"]),
        ("只要不是苹果的手机都可以", ["brand != 苹果"]),
        ("裙子不要红色，也不要黑色", ["color != 红色", "color != 黑色"]),
        ("麻辣烫不要香菜不要葱", ["feature != 香菜", "feature != 葱"]),
        ("无糖的酸奶", ["feature != 糖"]),
        ("情歌，除了周杰伦谁的都行", ["person != 周杰伦"]),
        ("相亲的不要，来个综艺", ["feature != 相亲"]),
        ("phone, not Apple", ["brand != Apple"]),
        ("phone, no Samsung or Huawei", ["brand != Samsung", "brand != Huawei"]),
        ("dress in anything but red", ["color != red"]),
        ("a backpack that isn't black", ["color != black"]),
        ("jazz without Miles Davis", ["person != Miles Davis"]),
        ("pizza with no olives or mushrooms", ["feature != olives", "feature != mushrooms"]),
        ("comedy series, minus the laugh track", ["feature != laugh track"]),
        ("nut-free snacks", ["feature != nut"]),
    ],
)
def test_exclusions(text: str, expected: list[str]) -> None:
    assert constraints(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("蓝牙耳机，漫步者就别提了", ["brand != 漫步者"]),
        ("想买锅，苏泊尔以外都行", ["brand != 苏泊尔"]),
        ("手机，vivo免谈", ["brand != vivo"]),
        ("耳机，索尼拜拜", ["brand != 索尼"]),
        ("T恤，没有任何图案没有任何字母", ["feature != 图案", "feature != 字母"]),
        ("旅行攻略，不跟团", ["feature != 跟团"]),
        ("零甲醛的衣柜", ["feature != 甲醛"]),
        ("有没有无酒精的漱口水", ["feature != 酒精"]),
        ("水壶，不要塑料盖", ["feature != 塑料"]),
        ("袜子，别船袜", ["feature != 船袜"]),
        ("想听民谣，不要赵雷《成都》", ["title != 成都"]),
        ("求悬疑剧，隐秘的角落看过", ["title != 隐秘的角落"]),
        ("看过《霸王别姬》，求同类型电影", ["title != 霸王别姬"]),
        ("情歌听腻了，来点摇滚", ["title != 情歌"]),
        ("lamp, any colour but white", ["color != white"]),
        ("kettle that must not contain plastic", ["feature != plastic"]),
        ("symphonies, Mahler excluded", ["person != Mahler"]),
        ("jazz playlist, nothing by Coltrane", ["person != Coltrane"]),
        ("songs for driving, not Zubrowski", ["person != Zubrowski"]),
        ("audiobook, not in English", ["language != English"]),
        ("gel pens, no blue ink", ["color != blue"]),
        ("workout mix, no Enya whatsoever", ["person != Enya"]),
        ("oat bars, nut free", ["feature != nut"]),
    ],
)
def test_exclusions_in_other_words(text: str, expected: list[str]) -> None:
    assert [c for c in constraints(text) if "!=" in c] == expected


def test_exclusions_are_hard() -> None:
    assert all("~" not in c for c in constraints("手机，不要苹果，不要曲面屏"))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("歌，别太吵", ["太吵"]),
        ("裙子，不要太长的", ["太长"]),
        ("我讨厌皮革味", ["皮革味"]),
        ("I can't stand autotune", ["autotune"]),
        ("我从来不吃香菜", ["香菜"]),
        ("鞋，别磨脚", ["磨脚"]),
        ("耳饰，不要花里胡哨的", ["花里胡哨"]),
        ("双肩包，不要logo巨大的", ["logo巨大"]),
        ("a comedy, nothing cheesy", ["cheesy"]),
        ("comedy that isn't gross", ["gross"]),
        ("I don't eat pork or shellfish", ["pork", "shellfish"]),
    ],
)
def test_degrees_feelings_and_tastes_are_dislikes(text: str, expected: list[str]) -> None:
    assert dislikes(text) == expected
    assert not any("!=" in c for c in constraints(text))


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("我对花生过敏", "花生"),
        ("咱家娃乳糖不耐受", "乳糖"),
        ("I'm allergic to shellfish", "shellfish"),
        ("lactose intolerant here", "lactose"),
        ("latex gives me a rash", "latex"),
        ("I can't eat dairy", "dairy"),
        ("我老伴小麦过敏", "小麦"),
    ],
)
def test_an_allergy_is_an_exclusion_even_in_a_taste(text: str, what: str) -> None:
    assert constraints(text) == [f"ingredient != {what}"]


@pytest.mark.parametrize(
    "text",
    [
        "这个耳机要不要买",
        "不知道买什么耳机好",
        "有没有别的耳机",
        "无线耳机",
        "不锈钢锅",
        "headphones, no rush",
        "not sure which phone",
        "headphones, price isn't the point",
        "推荐几部看完让人开心的电影",
        "有没有两小时能看完的电影",
        "在找电影《别对我说谎》",
        "手机电池不行了，想换一台",
        "沙发，大小不要紧",
        "heated blanket, delivery not required",
        "shampoo, sulfate free",
    ],
)
def test_idioms_refuse_nothing(text: str) -> None:
    assert not any("!=" in c for c in constraints(text))
    assert dislikes(text) == []


def test_what_is_refused_is_not_liked() -> None:
    assert "苹果" not in likes("手机，不要苹果，轻一点")
    assert likes("手机，不要苹果，拍照好") == ["拍照好"]
