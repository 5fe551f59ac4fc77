"""Any text is read, twice alike, and what is hostile in it stays text."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import given
from hypothesis import strategies as st

from betimes.domain.intent import IntentKind
from betimes.domain.item import Item, Money, Quantity
from betimes.domain.names import ItemId
from betimes.understand.cascade import Understanding, UnderstandingConfig
from betimes.understand.lexicon import Lexicon
from betimes.understand.sentence import Sentence

from .reading import CLOCK, READER, constraints, read

SHOWN = (
    Item(
        ItemId("a"),
        "甲 / A",
        price=Money.of(100, "CNY"),
        brand="甲",
        category="耳机",
        facts={"duration": Quantity(3, "min")},
    ),
    Item(ItemId("b"), "乙 / B", brand="乙", category="耳机"),
)
WORDS = st.lists(
    st.sampled_from(
        "想买 手机 耳机 不要 除了 苹果 索尼 周杰伦 的 和 ， 。 "
        "一千五 到 2k5 以内 左右 太贵了 第二个 换个牌子 过敏 我 从来不 "
        "I want a phone lamp under over not no without except Sony red $ 50 "
        "300 to and , . the second one cheaper 90s this year".split(" ")
    ),
    max_size=25,
)
TEXTS = st.one_of(st.text(max_size=150), WORDS.map("".join), WORDS.map(" ".join))


@given(TEXTS, st.sampled_from([(), SHOWN]))
def test_any_text_is_read_and_twice_alike(text: str, shown: tuple[Item, ...]) -> None:
    first = read(text, shown)
    assert read(text, shown) == first
    assert Understanding(Lexicon()).read(text, at=CLOCK, shown=shown) == first
    assert first.text == text
    assert 0.0 <= first.confidence <= 1.0
    assert all(0.0 <= i.strength <= 1.0 and i.topic for i in first.interests)
    if first.kind is IntentKind.NONE:
        assert (first.interests, first.constraints) == ((), ())


@given(TEXTS)
def test_evidence_stands_in_the_sentence(text: str) -> None:
    plain = Sentence.of(text).text
    intent = read(text)
    for evidence in (*(i.evidence for i in intent.interests), *(c.evidence for c in intent.constraints)):
        assert evidence in plain


@given(TEXTS)
def test_the_sentence_has_one_length_in_both_cases(text: str) -> None:
    sentence = Sentence.of(text)
    assert len(sentence.cased) == len(sentence.text)
    for at in range(len(sentence.text)):
        start, end = sentence.clause(at)
        assert 0 <= start <= at <= end <= len(sentence.text)


@pytest.mark.parametrize(
    "piece",
    [
        "a",
        "的",
        "不要",
        "别给我推",
        "1",
        "1 ",
        "1到",
        "一",
        "百千万",
        "no ",
        "想买个",
        "under ",
        "$",
        "Aa Bb ",
        "要,",
        "有",
        "(",
        "😀",
        "一千五到",
        "'75 ",
        "1半",
        "对我过敏",
        "thousand ",
        "<b>",
        "\u202e",
    ],
)
def test_ten_thousand_hostile_characters_are_read(piece: str) -> None:
    text = (piece * 10_000)[:10_000]
    assert read(text, SHOWN).text == text


def test_bidi_and_invisible_marks_hide_nothing() -> None:
    assert constraints("手\u200b机\u202e，不\u2060要苹\u200b果") == ["brand != 苹果"]


def test_markup_is_text() -> None:
    intent = read("<script>alert(1)</script> 手机 <b>1000元以内</b>")
    assert intent.topics == ("手机",)
    assert constraints("<b>手机</b>1000元以内") == ["price <= 1000 CNY"]


def test_a_query_is_no_condition() -> None:
    assert constraints("手机'; DROP TABLE items; --") == []


def test_only_so_much_is_read() -> None:
    reader = Understanding(Lexicon(), UnderstandingConfig(read_upto=4))
    assert reader.read("手机推荐，不要苹果", at=CLOCK).constraints == ()


def test_threads_read_alike() -> None:
    texts = ["手机，不要苹果，两千五以内", "a lamp under $20, no red", "太贵了"] * 20
    with ThreadPoolExecutor(4) as pool:
        read_by_threads = list(pool.map(lambda t: READER.read(t, at=CLOCK), texts))
    assert read_by_threads == [READER.read(t, at=CLOCK) for t in texts]
