"""Text as every part of Betimes reads it: checked, normalised, segmented, its numerals made digits."""

import re
import unicodedata
from functools import lru_cache

import cn2an
import ftfy
import rjieba
from opencc import OpenCC

from betimes.domain.names import Locale, has_han
from betimes.errors import InvalidText

_SIMPLIFIED = OpenCC("t2s")
_INVISIBLE = re.compile(
    r"[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff\U000e0000-\U000e0fff]"
)
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
_REPEATED = re.compile(r"([!?。，,~…～！？、])\1+")
_LAUGHTER = re.compile(r"(哈|呵|嘿|嘻|呜){3,}")
_SPACES = re.compile(r"\s+")
_WORDS = re.compile(r"[a-z0-9]+(?:[.'+-][a-z0-9]+)*|[\u3400-\u9fff]+|\S", re.IGNORECASE)


def check_text(text: str, limit: int = 10_000) -> str:
    """The text, if it is one that can be read.

    Raises:
        InvalidText: it is empty, longer than ``limit`` characters, or not text.
    """
    if not isinstance(text, str):
        raise InvalidText(f"a text is needed, not {type(text).__name__}")
    if len(text) > limit:
        raise InvalidText(f"the text has {len(text):,} characters and at most {limit:,} are read; shorten it")
    try:
        text.encode("utf-8")
    except UnicodeEncodeError as error:
        raise InvalidText(
            f"the text has half a character at position {error.start}; it was decoded with a wrong encoding, send UTF-8"
        ) from error
    control = len(_CONTROL.findall(text))
    if "\x00" in text or control > len(text) // 4:
        raise InvalidText("the text holds binary data; send words, encoded in UTF-8")
    if text.count("\ufffd") > max(2, len(text) // 10):
        raise InvalidText("the text was decoded with a wrong encoding (it is full of \ufffd); send UTF-8")
    if not normalise(text):
        raise InvalidText("the text is empty; say what is wanted, in Chinese or English")
    return text


@lru_cache(maxsize=4_096)
def normalise(text: str) -> str:
    r"""The text in one form: half width, simplified characters, no controls, emoji or invisible marks.

    Case is kept. Normalising again changes nothing.

    >>> normalise("我想買　１０００元以下的手機！！！\u200b")
    '我想买 1000元以下的手机!'
    """
    for _ in range(3):
        once = _normalised_once(text)
        if once == text:
            break
        text = once
    return text


def _normalised_once(text: str) -> str:
    text = unicodedata.normalize("NFKC", ftfy.fix_text(text, normalization="NFKC") if "\ufffd" not in text else text)
    text = _CONTROL.sub(" ", _INVISIBLE.sub("", text))
    text = "".join(
        c if unicodedata.category(c) not in ("So", "Sk", "Cs", "Co", "Cn") or c in "°℃" else " " for c in text
    )
    if has_han(text):
        text = _SIMPLIFIED.convert(text)
    text = _LAUGHTER.sub(" ", _REPEATED.sub(r"\1", text))
    return _SPACES.sub(" ", text).strip()


def segment(text: str) -> list[str]:
    """The words of a text, folded to lower case; punctuation marks stand alone.

    >>> segment("降噪耳机 WH-1000XM5")
    ['降噪', '耳机', 'wh-1000xm5']
    """
    words: list[str] = []
    for match in _WORDS.finditer(normalise(text).lower()):
        run = match.group()
        words.extend(rjieba.cut(run) if has_han(run) else (run,))
    return words


def locale_of(text: str) -> Locale:
    """The language a text is mainly in.

    >>> locale_of("推荐 iPhone 手机"), locale_of("phone under 300"), locale_of("1000")
    ('zh', 'en', 'zh')
    """
    han = sum(1 for c in text if "\u3400" <= c <= "\u9fff")
    latin = len(re.findall(r"[A-Za-z]{2,}", text))
    return "en" if latin > han else "zh"


# --- numerals -----------------------------------------------------------------------------------------

_HAN_RUN = re.compile(r"[零〇一二三四五六七八九十百千万亿两俩]+")
_DIGITS = "零一二三四五六七八九"
_SHORT_TENTH = re.compile(r"([万千百])([一二三四五六七八九])$")
_DIGIT_UNIT = re.compile(
    r"(?<![\w.])(\d+(?:\.\d+)?)\s*(万|w|k|千|百)(\d)?(?![\w])|(?<![\w.])(\d+(?:\.\d+)?)(万|千|百|w|k)(\d)?(?=[\u4e00-\u9fff])",
    re.IGNORECASE,
)
_GROUPED = re.compile(r"(?<=\d),(?=\d{3}(?!\d))")
_EITHER = re.compile(r"([一二两三四五六七八九])([二三四五六七八九])([十百千万])")
#: What makes a lone Chinese numeral a number rather than a part of a word.
_COUNTED = re.compile(r"[元块千百万个小时分钟秒天年月寸英斤公升集季码星折米厘毫岁人点度瓦次盒瓶张片]")
_SCALE = {"万": 10_000.0, "w": 10_000.0, "k": 1_000.0, "千": 1_000.0, "百": 100.0}
#: Words in which a numeral counts nothing.
_NOT_NUMBERS = re.compile(
    "一些|一下|一点|一样|一起|一般|一定|一直|一边|一律|一共|万一|统一|唯一|第一|第二|第三|第四|第五|千万别|千万不|"
    "百搭|百合|百度|万能|万圣|三星|一加|七匹狼|九阳|三体|一个|一款|一部|一首|一台|一双|一件|一本|一条|一只|一套|两个|"
    "十分|四川|三亚|(?<![一二三四五六七八九十两几])[千百万]元|三国|九寨沟|八卦|三明治|二手|五香|六一|双十一|七夕|四季|三文鱼|百年孤独"
)


def _han_number(run: str) -> float | None:
    run = run.replace("俩", "两").replace("〇", "零")
    if len(run) > 1 and all(c in _DIGITS for c in run):
        return float("".join(str(_DIGITS.index(c)) for c in run))
    short = _SHORT_TENTH.search(run)
    try:
        value = float(cn2an.cn2an(run[: short.start(2)] if short else run, "smart"))
    except ValueError:
        return None
    if short:
        value += _DIGITS.index(short.group(2)) * _SCALE[short.group(1)] / 10.0
    return value


def digits(text: str) -> str:
    """The text with its numerals as digits: Chinese numerals, ``1.5万``, ``2k5``, ``1,299``, ``eighty``.

    Words that merely contain a numeral (``一些``, ``三星``) stay as they are.

    >>> digits("一千五以内"), digits("2k5左右"), digits("1.5w的"), digits("一百二"), digits("三星一些")
    ('1500以内', '2500左右', '15000的', '120', '三星一些')
    >>> digits("under fifteen hundred"), digits("eighty bucks"), digits("two and a half hours")
    ('under 1500', '80 bucks', '2.5 hours')
    """
    text = _GROUPED.sub("", text)
    text = _english_numbers(text)
    text = _EITHER.sub(r"\1\3到\2\3", text)
    kept = [m.span() for m in _NOT_NUMBERS.finditer(text)]

    def replace_han(match: re.Match[str]) -> str:
        if any(a < match.end() and match.start() < b for a, b in kept):
            return match.group()
        run = match.group()
        if len(run) == 1 and (run in "万千百亿" or not _COUNTED.match(text, match.end())):
            return run
        value = _han_number(run)
        return run if value is None else f"{value:g}" if value < 1e6 else str(int(value))

    text = _HAN_RUN.sub(replace_han, text)
    return _DIGIT_UNIT.sub(_scaled, text)


def _scaled(match: re.Match[str]) -> str:
    number, unit, tenth = (match.group(i) or match.group(i + 3) for i in (1, 2, 3))
    scale = _SCALE[unit.lower()]
    value = float(number) * scale + (float(tenth) * scale / 10.0 if tenth else 0.0)
    return f"{value:.10g}"


_ONES = {
    w: i
    for i, w in enumerate(
        "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen "
        "seventeen eighteen nineteen".split()
    )
}
_TENS = {w: 10 * (i + 2) for i, w in enumerate("twenty thirty forty fifty sixty seventy eighty ninety".split())}
_EN_WORD = "|".join([*_ONES, *_TENS, "hundred", "thousand", "grand"])
_EN_RUN = re.compile(
    rf"\b(?:a (?=hundred|thousand|grand))?(?:{_EN_WORD})(?:(?:[\s-]|\s?and\s)+(?:{_EN_WORD}))*(?:\s+and a half)?\b",
    re.IGNORECASE,
)
_LONE_ONES = re.compile(r"\b(one|zero)\b", re.IGNORECASE)


def _english_numbers(text: str) -> str:
    if has_han(text):
        return text
    return _EN_RUN.sub(lambda m: m.group() if _LONE_ONES.fullmatch(m.group().strip()) else _english(m.group()), text)


def _english(run: str) -> str:
    half = run.lower().endswith("and a half")
    words = re.split(r"[\s-]+", run.lower().removesuffix("and a half").strip())
    total, current = 0.0, 0.0
    for word in words:
        if word in _ONES:
            current += _ONES[word]
        elif word in _TENS:
            current += _TENS[word]
        elif word == "hundred":
            current = max(current, 1.0) * 100.0
        elif word in ("thousand", "grand"):
            total += max(current, 1.0) * 1000.0
            current = 0.0
    return f"{total + current + (0.5 if half else 0.0):g}"
