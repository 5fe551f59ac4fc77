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
    ],
)
def test_idioms_refuse_nothing(text: str) -> None:
    assert not any("!=" in c for c in constraints(text))
    assert dislikes(text) == []


def test_what_is_refused_is_not_liked() -> None:
    assert "苹果" not in likes("手机，不要苹果，轻一点")
    assert likes("手机，不要苹果，拍照好") == ["拍照好"]
