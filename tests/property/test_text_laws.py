"""Laws of text: normalising twice changes nothing, and nothing that is text raises."""

from hypothesis import given
from hypothesis import strategies as st

from betimes.errors import InvalidText
from betimes.numerals import digits
from betimes.text import check_text, locale_of, normalise, segment, tagged

NUMERALS = st.text("零一二两三四五六七八九十百千万亿半几多来个块元米小时0123456789.,kKwW -到", max_size=40)
ENGLISH = st.lists(
    st.sampled_from("one two twenty fifty hundred thousand million and a half hour of 3 4.5 k".split()), max_size=14
).map(" ".join)
TEXTS = st.one_of(st.text(max_size=120), NUMERALS, ENGLISH)


@given(TEXTS)
def test_normalising_again_changes_nothing(text: str) -> None:
    once = normalise(text)
    assert normalise(once) == once


@given(TEXTS)
def test_normalised_text_has_no_marks_that_do_not_show(text: str) -> None:
    assert not set(normalise(text)) & set("\u200b\u202e\u2066\ufeff\x00\x07\n\t")


@given(TEXTS)
def test_numerals_never_raise_and_add_no_words(text: str) -> None:
    read = digits(normalise(text))
    assert {c for c in read if c.isalpha()} <= {c for c in normalise(text) if c.isalpha()} | set("到hours一")


@given(st.integers(1, 9_999))
def test_every_number_up_to_ten_thousand_is_read(number: int) -> None:
    ones = "零一二三四五六七八九"
    written = "".join(
        ones[int(d)] + u for d, u in zip(f"{number:04d}", ("千", "百", "十", ""), strict=True) if d != "0" or u == ""
    ).removesuffix("零")
    padded = f"{number:04d}".lstrip("0").rstrip("0")
    if "0" not in padded:  # without an inner zero the plain spelling is the whole spelling
        assert digits(f"{written}元") == f"{number}元"


@given(TEXTS)
def test_segments_are_of_the_normalised_text(text: str) -> None:
    plain = normalise(text).lower()
    assert all(word in plain for word in segment(text))


@given(TEXTS)
def test_tags_cover_the_text(text: str) -> None:
    assert "".join(word for word, _ in tagged(normalise(text))) == normalise(text)


@given(st.text(max_size=200))
def test_a_text_is_returned_or_refused(text: str) -> None:
    try:
        assert check_text(text) == text
    except InvalidText as refused:
        assert str(refused)  # noqa: PT017  # the reason is the point
    assert locale_of(text) in ("zh", "en")
