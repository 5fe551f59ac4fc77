"""Text checked, normalised, segmented, its numerals made digits."""

import pytest

from betimes.errors import InvalidText
from betimes.numerals import digits
from betimes.text import check_text, locale_of, normalise, segment


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("", "empty"),
        ("  \u200b\n", "empty"),
        ("😀😀", "empty"),
        ("a" * 10_001, "10,001"),
        ("a\x00b", "binary"),
        ("\x01\x02\x03\x04ab", "binary"),
        ("\ud800 phone", "encoding"),
        ("\ufffd\ufffd\ufffd\ufffd", "encoding"),
    ],
)
def test_what_is_no_text_is_refused_with_its_reason(text: str, part: str) -> None:
    with pytest.raises(InvalidText, match=part):
        check_text(text)


def test_what_is_not_a_string_is_refused() -> None:
    with pytest.raises(InvalidText, match="bytes"):
        check_text(b"phone")  # type: ignore[arg-type]  # what an untyped caller may pass


@pytest.mark.parametrize("text", ["手机", "1", "a\tb\n", "phone 📱", "x" * 10_000])
def test_a_text_is_returned_as_it_is(text: str) -> None:
    assert check_text(text) == text


def test_the_limit_is_the_callers() -> None:
    with pytest.raises(InvalidText, match="at most 3"):
        check_text("abcd", limit=3)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("１０００元　以内", "1000元 以内"),
        ("我想買手機", "我想买手机"),
        ("手\u200b机\u202e", "手机"),
        ("phone\x07 case", "phone case"),
        ("手机📱轻薄", "手机 轻薄"),
        ("太贵了！！！", "太贵了!"),
        ("哈哈哈哈 耳机", "耳机"),
        ("  a \n b ", "a b"),
        ("iPhone", "iPhone"),
        ("caf\u0065\u0301", "café"),
    ],
)
def test_normalise(text: str, expected: str) -> None:
    assert normalise(text) == expected


def test_segments_are_lower_case_words() -> None:
    assert segment("降噪耳机 WH-1000XM5, Sony's best") == ["降噪", "耳机", "wh-1000xm5", ",", "sony's", "best"]
    assert segment("") == []


@pytest.mark.parametrize(
    ("text", "locale"), [("耳机", "zh"), ("headphones", "en"), ("推荐 iPhone 手机", "zh"), ("300", "zh")]
)
def test_locale(text: str, locale: str) -> None:
    assert locale_of(text) == locale


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("一千五", "1500"),
        ("一百二", "120"),
        ("两千五", "2500"),
        ("两万五千八", "25800"),
        ("八佰", "800"),
        ("1k以内", "1000以内"),
        ("2k5", "2500"),
        ("1.5w", "15000"),
        ("1.5万", "15000"),
        ("1w2", "12000"),
        ("价格35万", "价格350000"),
        ("三百来块", "300来块"),
        ("百来块", "100来块"),
        ("百八十块", "180块"),
        ("千五到两千五", "1500到2500"),
        ("一百五到二百五一瓶", "150到250一瓶"),
        ("八百一台", "800一台"),
        ("七八千", "7000到8000"),
        ("三四个小时", "3到4个小时"),
        ("2-3千", "2000-3000"),
        ("半小时", "0.5小时"),
        ("两个半小时", "2.5个小时"),
        ("一米八", "1.8米"),
        ("两块五", "2.5块"),
        ("一九九五年", "1995年"),
        ("九十年代", "90年代"),
        ("两千三四", "2300到2400"),
        ("一千二三百", "1200到1300"),
        ("千把块", "1000来块"),
        ("百十来块", "110来块"),
        ("三到五百", "300到500"),
        ("五到七天", "5到7天"),
        ("不过百", "不过100"),
        ("别过千万次", "别过千万次"),
        ("五块一张", "5块一张"),
        ("一点五升", "1.5升"),
        ("快一点五百就够", "快一点500就够"),
        ("一刻钟", "15分钟"),
        ("零九年", "09年"),
        ("五十六十", "50或60"),
        ("一小时四十以内", "1小时 40分钟以内"),
        ("1,299", "1299"),
        ("eighty bucks", "80 bucks"),
        ("fifteen hundred", "1500"),
        ("two hundred and fifty", "250"),
        ("less than one fifty", "less than 150"),
        ("twenty-five to thirty-five", "25 to 35"),
        ("4 and 6 hundred", "400 and 600"),
        ("half an hour", "0.5 hours"),
        ("two and a half hours", "2.5 hours"),
        ("under an hour", "under 1 hour"),
        ("a million views", "1000000 views"),
        ("between a hundred and fifty and two hundred", "between 150 and 200"),
        ("three thousand and five thousand", "3000 and 5000"),
        ("six and seven", "6 and 7"),
        ("one hundred and one", "101"),
        ("nineteen eighty-four", "1984"),
        ("two and a quarter hours", "2.25 hours"),
        ("quarter of an hour", "15 minutes"),
        ("an hour twenty at most", "1 hour 20 minutes at most"),
        ("20 dollars an hour", "20 dollars an hour"),
        ("1h40", "1h 40 minutes"),
        ("under 2:30", "under 2.5 minutes"),
        ("couple hundred bucks", "200 bucks"),
        ("a tenner", "10 quid"),
    ],
)
def test_numerals_become_digits(text: str, expected: str) -> None:
    assert digits(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "一些",
        "一个",
        "三星",
        "第三个",
        "万一",
        "千万别",
        "一千零一夜",
        "能拍4k",
        "4k tv",
        "one of them",
        "百度",
        "双十一",
    ],
)
def test_words_that_hold_a_numeral_stay(text: str) -> None:
    assert digits(text) == text


@pytest.mark.parametrize(
    "text", ["一" * 9_999, "百千万" * 3_000, "9" * 9_999 + "万", "hundred " * 1_000, "两半" * 500, "1,234," * 999]
)
def test_absurd_numerals_do_not_raise(text: str) -> None:
    assert isinstance(digits(text), str)
