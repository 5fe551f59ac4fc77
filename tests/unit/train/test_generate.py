"""Sentences made from a catalogue: its own names, read back as they were meant, parted by phrasing."""

import pytest

from betimes.demo.items import catalogue
from betimes.domain.intent import Intent
from betimes.domain.item import Item
from betimes.domain.names import ItemId
from betimes.errors import InvalidInput
from betimes.train.examples import Annotated, split
from betimes.train.generate import PHRASINGS, generated
from betimes.understand.line import answer_line, meaning_of
from betimes.understand.prompt import parse


@pytest.fixture(scope="module")
def sentences() -> list[Annotated]:
    return generated(catalogue(), 1_500)


def test_they_are_as_many_as_asked_for_and_in_both_languages(sentences: list[Annotated]) -> None:
    assert len({e.text.lower() for e in sentences}) == 1_500
    zh = sum(e.locale == "zh" for e in sentences)
    assert 600 < zh < 900
    assert {e.domain for e in sentences} == {"shop", "video", "music", "social"}


def test_no_phrasing_stands_on_both_sides(sentences: list[Annotated]) -> None:
    chosen, held_out = split(sentences)
    assert held_out
    assert not {e.template for e in chosen} & {e.template for e in held_out}


def test_every_phrasing_is_used(sentences: list[Annotated]) -> None:
    assert {e.template for e in sentences} == {text for side in PHRASINGS.values() for text, _ in side}


def test_what_they_mean_can_be_answered_in_a_line(sentences: list[Annotated]) -> None:
    for example in sentences:
        said = parse(answer_line(example.text, example.gold))
        meant = meaning_of(Intent("", example.locale, said.kind, said.interests, said.constraints))
        assert meant["kind"] == example.gold["kind"]
        assert len(meant["topics"]) == len(example.gold["topics"])
        assert len(meant["constraints"]) == len(example.gold["constraints"]), example.text


def test_the_same_seed_makes_the_same_sentences() -> None:
    items = catalogue()[:50]
    assert generated(items, 40, seed=3) == generated(items, 40, seed=3)
    assert generated(items, 40, seed=3) != generated(items, 40, seed=4)


def test_a_catalogue_without_names_is_told() -> None:
    with pytest.raises(InvalidInput, match="names no kinds"):
        generated([Item(ItemId("a"), "A")], 10)
    with pytest.raises(InvalidInput, match="names no kinds"):
        generated([], 10)
