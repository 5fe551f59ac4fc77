"""The thing wanted, with its genre and without its qualities."""

import pytest

from .reading import constraints, read


@pytest.mark.parametrize(
    ("text", "topic"),
    [
        ("我想买一款价格在1000元以下的手机", "手机"),
        ("求推荐适合新手的单反相机", "单反相机"),
        ("薯片 黄瓜味的", "薯片"),
        ("耳机有线的，便宜点", "耳机"),
        ("茶叶礼盒，送领导", "茶叶礼盒"),
        ("来首周杰伦的情歌", "情歌"),
        ("今晚想看一部烧脑的科幻片", "科幻片"),
        ("云南旅游攻略，三天", "云南旅游攻略"),
        ("gaming laptop under 1000", "gaming laptop"),
        ("wireless mouse", "mouse"),
        ("a quiet blender for smoothies", "blender"),
        ("looking for a new tablet for my kids", "tablet"),
        ("I want a watch under 200", "watch"),
        ("documentary about the ocean", "documentary about the ocean"),
        ("songs to study to", "songs"),
    ],
)
def test_topics(text: str, topic: str) -> None:
    assert read(text).topics == (topic,)


@pytest.mark.parametrize("text", ["Sony", "300以内", "something under $50", "随便放点", "索尼的，黑色"])
def test_no_stated_thing_no_topic(text: str) -> None:
    assert read(text).topics == ()


def test_a_one_character_thing_is_a_word_by_itself() -> None:
    assert read("想吃面").topics == ("面",)
    assert read("面料要好").topics != ("面",)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("索尼耳机", ["brand = 索尼"]),
        ("Sony or Bose headphones", ["brand = Sony", "brand = Bose"]),
        ("最好是华硕的笔记本", ["brand = 华硕 ~"]),
        ("周星驰的电影", ["person = 周星驰"]),
        ("movies with Tom Hanks", ["person = Tom Hanks"]),
        ("a ballad by Jane Unknown", ["person = Jane Unknown"]),
        ("张某某演的电影", ["person = 张某某"]),
        ("白色的裙子", ["color = 白色"]),
        ("dark green jacket", ["color = dark green"]),
        ("颜色要黑的手机", ["color = 黑"]),
        ("运动鞋42码", ["size = 42"]),
        ("running shoes size 9", ["size = 9"]),
        ("衬衫，买M还是L", ["size = M", "size = L"]),
        ("queen size mattress", ["size = queen"]),
    ],
)
def test_names_and_sizes(text: str, expected: list[str]) -> None:
    assert constraints(text) == expected


@pytest.mark.parametrize(
    "text", ["戴森平替的吹风机", "a vacuum like the Dyson", "黑色幽默的电影", "white noise", "red wine", "粉丝多的博主"]
)
def test_a_name_only_compared_with_is_not_wanted(text: str) -> None:
    assert constraints(text) == []
