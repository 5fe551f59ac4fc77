"""The corpora: parted by phrasing, the frozen set apart and unchanged, every answer readable again."""

from collections import Counter
from hashlib import sha256
from importlib.resources import files
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from betimes.errors import InvalidFile, InvalidInput
from betimes.train.examples import Annotated, from_file, packaged, split
from betimes.train.lessons import reading_lessons
from betimes.understand.prompt import parse

FROZEN = {
    "frozen.en.jsonl": "2f21a5d82ec07e0be7afecd3f7ada87e8d4e360bb8347fe6cccf013fdfd2577e",
    "frozen.zh.jsonl": "e1cad267e8cdf27eb41cc585a82d597c08ea516c6dd7f717ae995702a5d13f9a",
}


@pytest.fixture(scope="module")
def training() -> list[Annotated]:
    return packaged("training")


def test_there_are_enough_sentences_in_both_languages(training: list[Annotated]) -> None:
    texts = Counter(e.locale for e in {e.text: e for e in training}.values())
    assert texts["zh"] >= 4_000
    assert texts["en"] >= 2_500
    assert len(packaged("frozen")) >= 500


def test_no_phrasing_stands_on_both_sides(training: list[Annotated]) -> None:
    chosen, held_out = split(training)
    assert len(held_out) >= len(training) / 20
    assert not {e.phrasing for e in chosen} & {e.phrasing for e in held_out}


def test_the_frozen_set_is_not_among_what_is_trained_on(training: list[Annotated]) -> None:
    def squeezed(example: Annotated) -> str:
        return "".join(example.text.lower().split())

    assert not {squeezed(e) for e in training} & {squeezed(e) for e in packaged("frozen")}


@pytest.mark.parametrize("name", FROZEN)
def test_the_frozen_set_is_as_it_was(name: str) -> None:
    held = files("betimes.train.corpus").joinpath(name).read_bytes()
    assert sha256(held).hexdigest() == FROZEN[name]


slots = st.sampled_from(["手机", "平板", "耳机", "电饭煲"])


@given(slots, slots, st.integers(100, 9_999), st.integers(100, 9_999))
def test_sentences_that_differ_in_slots_alone_have_one_phrasing(a: str, b: str, low: int, high: int) -> None:
    def sentence(thing: str, price: int) -> Annotated:
        bound = {"field": "price", "op": "<=", "value": price, "hard": True}
        gold = {"kind": "need", "topics": [thing], "constraints": [bound], "likes": [], "dislikes": []}
        return Annotated(f"想买个{thing}，{price}以内", (), gold, "zh", "shop")

    assert sentence(a, low).phrasing == sentence(b, high).phrasing


def test_an_answer_is_read_as_it_was_meant(training: list[Annotated]) -> None:
    """The kind always, the fields and comparisons of all but a hundredth."""
    wrong = 0
    for example, lesson in zip(training, reading_lessons(training), strict=True):
        said = parse(lesson.answer)
        assert said.kind == example.gold["kind"]
        if example.gold["kind"] == "critique":
            continue  # what a critique takes from the list is left to the rules
        gold = sorted((c["field"], c["op"]) for c in example.gold["constraints"])
        wrong += sorted((c.field, c.op) for c in said.constraints) != gold
    assert wrong <= len(training) / 100


@pytest.mark.parametrize("line", ["{", '{"text": "a"}', '{"text": "a", "shown": null, "gold": {"kind": "need"}}', "[]"])
def test_a_line_that_is_no_sentence_is_named(tmp_path: Path, line: str) -> None:
    path = tmp_path / "own.jsonl"
    path.write_text(f"\n{line}\n", encoding="utf-8")
    with pytest.raises(InvalidFile, match=r"own\.jsonl, line 2"):
        from_file(path)


def test_an_unknown_corpus_is_told() -> None:
    with pytest.raises(InvalidInput, match="no corpus 'fist'"):
        packaged("fist")
