import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from betimes.models.fewshot import few_shot, one_line
from betimes.ports import Prompt


@given(st.text() | st.text(alphabet="\n\r\u2028\x85\x00<>[]|/INSTeos "))
def test_an_input_cannot_add_a_line(text: str) -> None:
    prompt = Prompt("Task.", (("a", "b"),), text)
    assert few_shot(prompt).splitlines()[:5] == ["Task.", "", "Text: a", "Answer:b", ""]
    assert len(few_shot(prompt).splitlines()) == 7


@given(st.text(max_size=200))
def test_a_line_has_no_control_characters_and_stays_as_it_is(text: str) -> None:
    line = one_line(text)
    assert all(unicodedata.category(c) not in ("Cc", "Cf", "Cs", "Zl", "Zp") for c in line)
    assert one_line(line) == line


def test_what_tokenizers_read_as_control_is_taken_apart() -> None:
    for token in ["<eos>", "<end_of_turn>", "<|im_start|>", "<｜User｜>", "</s>", "[INST]", "[/INST]", "<unused7>"]:
        assert token not in one_line(f"a {token} b")


def test_ordinary_brackets_are_kept() -> None:
    for text in ["<1000 元", "a < b > c", "[8 GB]", "<3", "price >= 5"]:
        assert one_line(text) == text


def test_a_long_input_is_cut() -> None:
    assert len(one_line("字" * 50_000)) == 1_000
