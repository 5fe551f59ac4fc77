"""Topics against the catalogue's own words."""

import numpy as np
import pytest

from betimes.domain.intent import Interest, InterestKind
from betimes.recommend.columns import Columns
from betimes.recommend.topics import Topics, domain_named
from betimes.rows import Rows

from .world import item


def topics_over(*categories: str, brand: str = "", tags: tuple[str, ...] = ()) -> Topics:
    columns = Columns(Rows())
    for n, category in enumerate(categories):
        columns.put(item(f"i{n}", category=category, brand=brand, tags=tags))
    return Topics(columns)


@pytest.mark.parametrize(
    ("topic", "category", "match"),
    [
        ("手机", "手机 / phone", 1.0),
        ("Phone", "手机 / phone", 1.0),
        ("手机 / phone", "手机 / phone", 1.0),
        ("gaming laptop", "笔记本 / laptop", 0.9),
        ("科幻电影", "电影 / film", 0.9),
        ("film", "喜剧片 / comedy film", 0.8),
        ("手机壳", "手机 / phone", 0.7),
        ("headphones", "手机 / phone", 0.0),
        ("rap", "手机 / phone", 0.0),
    ],
)
def test_how_exactly_a_category_is_the_topic(topic: str, category: str, match: float) -> None:
    assert topics_over(category).values(topic).get(category, 0.0) == match


def test_brands_and_tags_are_found_in_either_language() -> None:
    topics = topics_over("", brand="红米 / Redmi", tags=("游戏 / gaming",))
    for brand in ("redmi", "红米", "红米 / Redmi"):
        assert topics.values(brand) == {"红米 / Redmi": 0.75}
    assert topics.values("Gaming") == {"游戏 / gaming": 0.6}


def test_the_best_match_is_the_thing() -> None:
    topics = topics_over("手机 / phone", "手机壳 / phone case", "phone")
    need = Interest("phone", InterestKind.NEED)
    things = topics.things([need])
    assert things is not None
    assert np.flatnonzero(things).tolist() == [0, 2]


def test_a_category_nobody_has_any_more_is_no_thing() -> None:
    topics = topics_over("手机", "智能手机")
    topics.values("手机")
    topics.columns.remove(0)
    things = topics.things([Interest("手机", InterestKind.NEED)])
    assert things is not None
    assert np.flatnonzero(things).tolist() == [1]


def test_wishes_and_refusals_are_not_things() -> None:
    topics = topics_over("手机")
    assert topics.things([Interest("手机", InterestKind.TASTE), Interest("手机", InterestKind.NEED, -1)]) is None


@pytest.mark.parametrize(
    ("word", "domain"), [("电影", "video"), ("Songs", "music"), ("攻略", "social"), ("phone", None), ("电影票", None)]
)
def test_words_for_domains(word: str, domain: str | None) -> None:
    assert domain_named(word) == domain
