"""The catalogue's names: found, counted, given up."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from betimes.domain.item import Item
from betimes.domain.names import ItemId
from betimes.understand.aliases import GROUPS
from betimes.understand.cascade import Understanding
from betimes.understand.lexicon import Lexicon, folded
from betimes.understand.sentence import Sentence

from .reading import CLOCK, said


def item(key: str, **more: object) -> Item:
    return Item(ItemId(key), f"title {key}", **more)  # type: ignore[arg-type]  # names of Item's own fields


def found(lexicon: Lexicon, text: str) -> list[tuple[str, str]]:
    return [(n.field, n.value) for n in lexicon.find(Sentence.of(text))]


def test_a_bilingual_name_is_found_by_either_variant() -> None:
    lexicon = Lexicon()
    lexicon.put(item("a", brand="极光牌 / Aurorix", category="飞毯 / flying carpet"))
    assert found(lexicon, "极光牌的飞毯") == [("brand", "极光牌"), ("category", "飞毯")]
    assert found(lexicon, "an Aurorix flying carpet") == [("brand", "aurorix"), ("category", "flying carpet")]


def test_facts_tags_and_titles_are_names() -> None:
    lexicon = Lexicon()
    lexicon.put(
        item(
            "a", tags=("露营风",), facts={"person": ("欧阳小鱼 / Fish O",), "flavour": ("咸蛋黄",), "note": ("没用的",)}
        )
    )
    lexicon.put(Item(ItemId("b"), "蓝色星球漫游"))
    assert found(lexicon, "欧阳小鱼推荐的咸蛋黄，露营风，没用的，蓝色星球漫游") == [
        ("person", "欧阳小鱼"),
        ("flavour", "咸蛋黄"),
        ("tags", "露营风"),
        ("title", "蓝色星球漫游"),
    ]


def test_the_longest_name_wins_and_words_stay_whole() -> None:
    lexicon = Lexicon()
    lexicon.put(item("a", brand="Zed"))
    lexicon.put(item("b", brand="Zed Pro"))
    assert found(lexicon, "a zed pro") == [("brand", "zed pro")]
    assert found(lexicon, "zedonk prezed") == []


def test_a_name_is_known_while_an_item_has_it() -> None:
    lexicon = Lexicon()
    lexicon.put(item("a", brand="Qwixo"))
    lexicon.put(item("b", brand="Qwixo"))
    lexicon.remove(ItemId("a"))
    assert lexicon.fields_of("qwixo") == ("brand",)
    lexicon.remove(ItemId("b"))
    assert lexicon.fields_of("qwixo") == ()
    lexicon.remove(ItemId("b"))


def test_an_item_put_again_gives_up_its_old_names() -> None:
    lexicon = Lexicon()
    lexicon.put(item("a", brand="Qwixo"))
    lexicon.put(item("a", brand="Plonk"))
    assert (lexicon.fields_of("Qwixo"), lexicon.fields_of("Plonk")) == ((), ("brand",))


def test_a_built_in_name_outlives_the_catalogue() -> None:
    lexicon = Lexicon()
    lexicon.put(item("a", brand="SONY"))
    assert lexicon.canonical("brand", "sony") == "SONY"
    lexicon.remove(ItemId("a"))
    assert lexicon.fields_of("sony") == ("brand",)
    assert lexicon.canonical("brand", "sony") == "sony"


def test_titles_are_taken_in_up_to_a_cap() -> None:
    lexicon = Lexicon(max_titles=1)
    lexicon.put(Item(ItemId("a"), "蓝色星球漫游"))
    lexicon.put(Item(ItemId("b"), "绿色星球漫游"))
    assert found(lexicon, "绿色星球漫游") == []
    lexicon.remove(ItemId("a"))
    lexicon.put(Item(ItemId("b"), "绿色星球漫游"))
    assert found(lexicon, "绿色星球漫游") == [("title", "绿色星球漫游")]


def test_not_apple_refuses_the_catalogues_apple_in_either_language() -> None:
    for brand, text in (("苹果", "phone, not Apple"), ("Apple", "手机，不要苹果"), ("苹果 / Apple", "手机，不要苹果")):
        lexicon = Lexicon()
        lexicon.put(item("a", brand=brand))
        intent = Understanding(lexicon).read(text, at=CLOCK)
        assert [said(c) for c in intent.constraints] in ([f"brand != {brand}"], ["brand != 苹果"])


names = st.sampled_from(["Aaa", "Bbb", "Ccc / 丙丙", "丙丙", "Sony", ""])
steps = st.lists(st.tuples(st.sampled_from("xyz"), names, names, st.booleans()), max_size=12)


@given(steps)
def test_after_any_history_it_knows_what_the_items_left_have(history: list[tuple[str, str, str, bool]]) -> None:
    lexicon = Lexicon()
    left: dict[str, Item] = {}
    for key, brand, category, keep in history:
        if keep:
            left[key] = item(key, brand=brand, category=category)
            lexicon.put(left[key])
        else:
            left.pop(key, None)
            lexicon.remove(ItemId(key))
    fresh = Lexicon()
    for one in left.values():
        fresh.put(one)
    for name in ("aaa", "bbb", "ccc", "丙丙", "sony"):
        assert set(lexicon.fields_of(name)) == set(fresh.fields_of(name))
        assert lexicon.canonical("brand", name) == fresh.canonical("brand", name)


@pytest.mark.parametrize("field", ["brand", "person", "color"])
def test_the_built_in_names_are_spelled_as_a_sentence_has_them(field: str) -> None:
    assert [name for name in GROUPS[field] if folded(name) != name] == []
