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
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f"
    "\ufe00-\ufe0f\ufeff\U000e0000-\U000e0fff]"
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
    # One step can lay bare work for another (a mark between two halves of a sign), so until nothing changes.
    while (once := _normalised_once(text)) != text:
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


def tagged(text: str) -> list[tuple[str, str]]:
    """The words of a Chinese text, whole and in order, each with its part of speech in ICTCLAS's letters.

    >>> tagged("适合跑步的耳机")
    [('适合', 'v'), ('跑步', 'n'), ('的', 'uj'), ('耳机', 'n')]
    """
    return [(word, tag) for word, tag in rjieba.tag(text)]


def locale_of(text: str) -> Locale:
    """The language a text is mainly in.

    >>> locale_of("推荐 iPhone 手机"), locale_of("phone under 300"), locale_of("1000")
    ('zh', 'en', 'zh')
    """
    han = sum(1 for c in text if "\u3400" <= c <= "\u9fff")
    latin = len(re.findall(r"[A-Za-z]{2,}", text))
    return "en" if latin > han else "zh"


# --- numerals -----------------------------------------------------------------------------------------

#: What is larger is no number that anyone means.
_LARGEST = 1e13
_ONES_ZH = "一二三四五六七八九"
_HAN_RUN = re.compile(r"[零〇一二三四五六七八九十百千万亿两俩]+")
_DIGITS = f"零{_ONES_ZH}"
_SHORT_TENTH = re.compile(rf"([万千百])([{_ONES_ZH}])$")
_SCALE = {
    "万": 1e4, "w": 1e4, "k": 1e3, "千": 1e3, "百": 1e2, "hundred": 1e2, "thousand": 1e3, "grand": 1e3, "million": 1e6
}  # fmt: skip
_SCALES = "万|千|百|w|k|hundred|thousand|grand|million"
_GROUPED = re.compile(r"(?<![\d.])\d{1,3}(?:,\d{3})+(?!\d)")
#: ``2k5``, ``1.5万``, ``6 hundred``.
_SCALED = re.compile(rf"(?<![a-z\d.])(\d{{1,9}}(?:\.\d{{1,6}})?)\s?(?:({_SCALES})(\d)?)(?![a-z\d])", re.IGNORECASE)
#: ``2-3千``, ``4 and 6 hundred``: the scale belongs to both.
_SCALED_PAIR = re.compile(
    rf"(?<![a-z\d.])(\d{{1,2}}(?:\.\d+)?)(\s?(?:[-~到至]|to|and|or)\s?)(?=\d{{1,2}}(?:\.\d+)?\s?({_SCALES})(?![a-z\d]))",
    re.IGNORECASE,
)
#: ``4k`` is a resolution unless money is spoken of around it.
_RESOLUTION = re.compile(r"[2458]k", re.IGNORECASE)
_MONEY_BEFORE = re.compile(
    r"(?:[价算多约费花到至~$¥€£-]|不超|超过|少于|低于|\b(?:under|below|over|than|to|most|about|around|budget|max|and))\s?$"
)
_MONEY_AFTER = re.compile(r"\s?(?:以|块|元|左右|内|之|出头|多|上下|预算|封顶|[-~到至]|to\b|bucks|max\b|or\b|tops\b)")

#: ``65w`` is watts: written apart or large, before or after a word of power, or where no Chinese is spoken.
_OF_POWER = re.compile(
    r"\s?[^,，。;；]{0,4}?(?:[快闪超]?充|电源|功率|灯|音[箱响]|适配|吹风|烤箱|[电微]波?炉|charg|bulb|adapter|speaker|motor|blender)",
    re.IGNORECASE,
)
_POWER_BEFORE = re.compile(r"(?:功率|瓦数|power|watt\w*)[^,，。;；\d]{0,6}$", re.IGNORECASE)
_A_WORD = re.compile(r"[a-z]{2}", re.IGNORECASE)
_MOST_MYRIADS = 50.0

#: A lone 百, 千 or 万 that counts: 千五到两千五, 百八十块, 千元以内.
_HEADLESS = re.compile(
    rf"(?<![{_ONES_ZH}零十百千万亿两几数半\d])(?=[百千万](?:元(?:以|之|内|左|上|出|预)|来[块元]|"
    rf"[二三四五六七八九]十?(?:[到至~块元以之左,，。 -]|$)))"
)
_EITHER = re.compile(rf"(?<![{_ONES_ZH}十百千万])([{_ONES_ZH}两])([二三四五六七八九])([十百千万])")
_EITHER_UNIT = re.compile(
    rf"(?<![{_ONES_ZH}十百千万])([{_ONES_ZH}两])([二三四五六七八九])(?=个?小时|个?钟头|分钟|天|公里|公?斤|块|元|米|集)"
)
#: 一米八, 两块五: the digit after the unit is its tenth.
_TENTH = re.compile(rf"([{_ONES_ZH}两]|\d+)([米块])([{_ONES_ZH}]|\d)(?![\d{_ONES_ZH}十百千万米块元个斤寸年月天分小折])")
_HALF_ALONE = re.compile(rf"(?<![{_ONES_ZH}十百千万两几\d个多])半(?=个?小时|个?钟头|公?斤|公里|天|米)")
_AND_HALF = re.compile(r"(\d+)(个|分|公?斤|小时|米|块|天)半(?=小时|钟头|钟|[^\u4e00-\u9fff]|[以之左到至的上内]|$)")
#: What makes a lone Chinese numeral a number rather than a part of a word.
_COUNTED = re.compile(
    r"个?(?:小时|钟头|半小时|半钟头)|[元块千百万分钟秒天年寸英斤公升集季码号星折米厘毫岁人点度瓦匹页]"
)
_COUNTED_TEN = re.compile(r"[几来多]")
#: Words in which a numeral counts nothing.
_NOT_NUMBERS = re.compile(
    "一千零一夜|一季|一(?:些|下|点|样|起|般|定|直|边|律|共|加|[款部首台双件本条只套种份支])|一个(?!半?(?:小时|钟头))|两个(?!半?(?:小时|钟头))|"
    "万一|统一|唯一|第[一二三四五六七八九十]+|千万[别不要]|百(?:搭|合|度|年孤独)|万(?:能|圣)|三(?:星|体|国|亚|明治|文鱼)|七(?:匹狼|夕)|"
    "九(?:阳|寨沟)|十分(?!钟)|四(?:川|季)|八卦|二手|五香|六一|双十[一二]|(?<![一二三四五六七八九十两几])[千百万]元(?=[机级档])"
)


def digits(text: str) -> str:
    """The text with its numerals as digits: Chinese numerals, ``1.5万``, ``2k5``, ``1,299``, ``eighty``.

    Words that merely contain a numeral (``一些``, ``三星``) stay as they are. What cannot be read as a
    number stays too; nothing raises.

    >>> digits("一千五以内"), digits("2k5左右"), digits("1.5w的"), digits("百八十块"), digits("三星一些")
    ('1500以内', '2500左右', '15000的', '180块', '三星一些')
    >>> digits("1.5w以内的电脑"), digits("20w快充"), digits("750 W blender")
    ('15000以内的电脑', '20w快充', '750 W blender')
    >>> digits("两三千"), digits("2-3千"), digits("一米八"), digits("一个半小时"), digits("能拍4k")
    ('2000到3000', '2000-3000', '1.8米', '1.5个小时', '能拍4k')
    >>> digits("under fifteen hundred"), digits("eighty bucks"), digits("half an hour"), digits("4 to 6 hundred")
    ('under 1500', '80 bucks', '0.5 hours', '400 to 600')
    """
    text = _GROUPED.sub(lambda m: m[0].replace(",", ""), text)
    text = _chinese_numbers(text) if has_han(text) else _english_numbers(text)
    text = _SCALED_PAIR.sub(lambda m: f"{_plain(float(m[1]) * _SCALE[m[3].lower()])}{m[2]}", text)
    return _SCALED.sub(_scaled, text)


def _plain(value: float) -> str:
    return f"{value:.10g}" if value < 1e10 else str(int(value))


def _scaled(match: re.Match[str]) -> str:
    number, unit, tenth = match.groups()
    if unit in "wW" and tenth is None and _is_watts(match, float(number)):
        return match[0]
    if (
        tenth is None
        and _RESOLUTION.fullmatch(match[0])
        and not _MONEY_BEFORE.search(match.string[max(0, match.start() - 10) : match.start()].lower())
        and not _MONEY_AFTER.match(match.string, match.end())
    ):
        return match[0]
    scale = _SCALE[unit.lower()]
    return _plain(float(number) * scale + (float(tenth) * scale / 10.0 if tenth else 0.0))


def _is_watts(match: re.Match[str], number: float) -> bool:
    text = match.string
    if not has_han(text) and _A_WORD.search(text):
        return True
    before = text[max(0, match.start() - 12) : match.start()]
    if _MONEY_BEFORE.search(before.lower()) or _MONEY_AFTER.match(text, match.end()):
        return False
    return (
        number > _MOST_MYRIADS
        or match[0][-2].isspace()
        or _OF_POWER.match(text, match.end()) is not None
        or _POWER_BEFORE.search(before) is not None
    )


def _chinese_numbers(text: str) -> str:
    text = text.replace("佰", "百").replace("仟", "千")
    text = _HEADLESS.sub("一", text)
    text = _EITHER.sub(r"\1\3到\2\3", text)
    text = _EITHER_UNIT.sub(lambda m: f"{_figure(m[1])}到{_figure(m[2])}", text)
    text = _TENTH.sub(lambda m: f"{_figure(m[1])}.{_figure(m[3])}{m[2]}", text)
    text = _HALF_ALONE.sub("0.5", text)
    kept = [m.span() for m in _NOT_NUMBERS.finditer(text)]
    at = 0

    def replaced(match: re.Match[str]) -> str:
        nonlocal at
        while at < len(kept) and kept[at][1] <= match.start():
            at += 1
        run, rest = match[0], ""
        if at < len(kept) and kept[at][0] < match.end():
            upto = max(0, kept[at][0] - match.start())  # 八百一台: the number ends where the other word begins
            run, rest = run[:upto], run[upto:]
        if not run:
            return rest
        after = _COUNTED_TEN if run == "十" and _COUNTED_TEN.match(text, match.end()) else _COUNTED
        if len(run) == 1 and (run in "万千百亿" or not after.match(text, match.end())):
            return run + rest
        return _longest_number(run) + rest

    text = _HAN_RUN.sub(replaced, text)
    return _AND_HALF.sub(lambda m: f"{m[1]}.5{m[2]}", text)


def _figure(sign: str) -> str:
    return sign if sign.isdigit() else "2" if sign == "两" else str(_DIGITS.index(sign))


def _longest_number(run: str) -> str:
    """The run with the longest number that it starts with as digits: ``二百五一`` (瓶) is 250 and 一."""
    for end in range(len(run), max(0, len(run) - 3), -1):
        value = _han_number(run[:end])
        if value is not None and value < _LARGEST:
            return _plain(value) + run[end:]
    return run


def _han_number(run: str) -> float | None:
    run = run.replace("俩", "两").replace("〇", "零")
    if len(run) > 1 and all(c in _DIGITS for c in run):
        return float("".join(str(_DIGITS.index(c)) for c in run))
    short = _SHORT_TENTH.search(run)
    try:
        value = float(cn2an.cn2an(run[: short.start(2)] if short else run, "smart"))
    except (ValueError, KeyError, IndexError):
        return None
    if short:
        value += _DIGITS.index(short.group(2)) * _SCALE[short.group(1)] / 10.0
    return value


_ONES = {
    word: value
    for value, word in enumerate(
        "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen "
        "seventeen eighteen nineteen".split()
    )
}
_TENS = {w: 10 * (i + 2) for i, w in enumerate("twenty thirty forty fifty sixty seventy eighty ninety".split())}
_EN_WORD = "|".join([*_ONES, *_TENS, "hundred", "thousand", "grand"])
_EN_RUN = re.compile(
    rf"(?<!\d )(?<!\d)\b(?:a (?=hundred|thousand|grand|million))?(?:{_EN_WORD}|(?<=a )million)"
    rf"(?:(?:[\s-]|\s?and\s)(?:{_EN_WORD}|million))*(?:\s+and a half)?\b",
    re.IGNORECASE,
)
_LONE_ONES = re.compile(r"(?:one|zero)", re.IGNORECASE)
_HALVES = (
    (re.compile(r"\b(?:an? )?(hour|mile|pound|minute|day)s? and a half\b", re.IGNORECASE), r"1.5 \1s"),
    (re.compile(r"\bhalf (?:an?|of an?) (hour|mile|pound|minute|day|kilo)\b", re.IGNORECASE), r"0.5 \1s"),
    (
        re.compile(
            r"\b(under|below|over|than|within|least|most|about|to|up) an? (hour|kilo|mile|pound|minute)\b",
            re.IGNORECASE,
        ),
        r"\1 1 \2",
    ),
)


def _english_numbers(text: str) -> str:
    for pattern, written in _HALVES:
        text = pattern.sub(written, text)
    return _EN_RUN.sub(lambda m: m[0] if _LONE_ONES.fullmatch(m[0].strip()) else _english(m[0]), text)


def _english(run: str) -> str:
    half = run.lower().endswith("and a half")
    words = re.split(r"[\s-]+", run.lower().removesuffix("and a half").strip())
    total, current = 0.0, 0.0
    for word in words:
        if word in _ONES:
            current += _ONES[word]
        elif word in _TENS:
            # "one fifty" is short for one hundred and fifty.
            current = current * 100.0 + _TENS[word] if 0 < current < 10 else current + _TENS[word]
        elif word == "hundred":
            current = max(current, 1.0) * 100.0
        elif word in ("thousand", "grand", "million"):
            total += max(current, 1.0) * _SCALE[word]
            current = 0.0
    value = total + current + (0.5 if half else 0.0)
    return _plain(value) if value < _LARGEST else run
