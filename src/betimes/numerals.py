"""Numerals made digits: Chinese and English words for numbers, scales, halves and decimals."""

import re

import cn2an

from betimes.domain.names import has_han

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
#: ``under 2:30``: minutes and seconds, where a length is spoken of.
_CLOCKED = re.compile(r"\b(under|below|over|than|within|most) (\d{1,2}):([0-5]\d)\b", re.IGNORECASE)
#: ``1h40``, ``1小时40``, ``2 hours 10``: what follows the hours are minutes.
_HOURS_AND = re.compile(
    r"(?<![\d.])(\d{1,2})(\s?(?:hours?|hrs?|h|个?小时|个?钟头))(?:零|\s?and)?(\s?[0-5]?\d)"
    r"(?=[以之左内上的封打]|$|[,，。;；!！)]|\s(?:at|or|max|tops|long|is|beca?use|and (?:under|less)))",
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
#: What is told by its watts, anywhere in a sentence.
_CHARGES = re.compile(r"充电(?!宝)|[快闪超]充|功率|瓦数")
_A_WORD = re.compile(r"[a-z]{2}", re.IGNORECASE)
_MOST_MYRIADS = 50.0

#: A lone 百, 千 or 万 that counts: 千五到两千五, 百八十块, 千元以内, 不过百.
_HEADLESS = re.compile(
    rf"(?<![{_ONES_ZH}零十百千万亿两几数半\d])(?=[百千万](?:元(?:以|之|内|左|上|出|预|起|[,，。 ]|$)|来[块元]|"
    rf"[二三四五六七八九]十?(?:[到至~块元以之左,，。 -]|$)))|(?<=[过超破满])(?=[百千万](?:[元块的,，。;；!！ ]|$))"
)
#: 千把块 is about a thousand, 百十来块 about a hundred and ten.
_OR_SO = re.compile(rf"(?<![{_ONES_ZH}十百千万两几])([百千万])把(?=[块元的,，。 ]|$)")
_HUNDRED_TEN = re.compile(rf"(?<![{_ONES_ZH}两几\d])百十(?=来?[块元])")
_EITHER = re.compile(rf"(?<![{_ONES_ZH}十百千万])([{_ONES_ZH}两])([二三四五六七八九])([十百千万])")
#: 五十六十, 三千两千: two numbers side by side.
_SIDE_BY_SIDE = re.compile(rf"([{_ONES_ZH}两]([千百十]))(?=[{_ONES_ZH}两]\2)")
#: 两千三四, 一千二三百: between the one and the other.
_EITHER_TAIL = re.compile(rf"([{_ONES_ZH}两]|\d)([百千万])([{_ONES_ZH}])([{_ONES_ZH}])(?![{_ONES_ZH}十千万])百?")
_EITHER_UNIT = re.compile(
    rf"(?<![{_ONES_ZH}十百千万])([{_ONES_ZH}两])([二三四五六七八九])(?=个?小时|个?钟头|分钟|天|公里|公?斤|块|元|米|集|季)"
)
#: 三到五百, 五到七天: what follows the second figure, a power of ten or a unit, is of both.
_FROM_FIGURE = re.compile(
    rf"(?<![{_ONES_ZH}十百千万两第\d])([{_ONES_ZH}两十])(?=[到至~-](?:[{_ONES_ZH}两]([百千万])|"
    rf"[{_ONES_ZH}两十\d]{{1,3}}(?:个?小时|个?钟头|分钟|天|集|季|公?斤|公里|米|升|寸|人|t)))",
    re.IGNORECASE,
)
#: 一米八, 两块五: the digit after the unit is its tenth. 五块一张 is five apiece.
_TENTH = re.compile(
    rf"([{_ONES_ZH}两]|\d+)([米块])([{_ONES_ZH}]|\d)(?![\d{_ONES_ZH}十百千万米块元个斤寸年月天分小折张碗双件瓶盒包袋份支条串杯只根本把位人])"
)
#: 一点五升, 评分八点五: a decimal, where no time of day can be meant.
_POINT = re.compile(
    rf"(?<![{_ONES_ZH}十有])([{_ONES_ZH}两])点([{_DIGITS}])(?=公?升|公?斤|公里|米|寸|吋|匹|倍|分(?:以|之|左|起|"
    rf"的)|[以之左起及,，。 ]|$)"
)
_MINUTES_OR_SO = re.compile(rf"([{_ONES_ZH}十两\d]+)分来钟")
_QUARTERS = re.compile(r"([一三])刻钟")
_HALF_ALONE = re.compile(rf"(?<![{_ONES_ZH}十百千万两几\d个多])半(?=个?小时|个?钟|公?斤|公?升|公里|天|米)")
_AND_HALF = re.compile(
    r"(\d+)(个|分|公?斤|公?升|小时|米|块|天|号|码)半(?=小时|钟头|钟|[^\u4e00-\u9fff]|[以之左到至的上内起]|$)"
)
#: What makes a lone Chinese numeral a number rather than a part of a word.
_COUNTED = re.compile(
    r"来分钟|个?(?:小时|钟头|半小时|半钟|钟(?:[以之内左上,，。]|$))|[tT](?![a-zA-Z])|[元块镑欧蚊千百万分钟秒天年寸英斤公升集季码号星折米厘毫克磅岁人点度瓦匹页]"
)
_COUNTED_TEN = re.compile(r"[几来多]")
#: Words in which a numeral counts nothing.
_NOT_NUMBERS = re.compile(
    "一千零一夜|一季|一块(?!钱|[一二三四五六七八九]|以|左|多|的|[,，。 ]|$)|一(?:些|下|点|样|起|般|定|直|边|律|"
    "共|加|[款部首台双件本条只套种份支])|[一两]个(?!半?(?:小时|钟头)|半钟|钟(?:[以之内左上,，。]|$))|"
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
    text = _CLOCKED.sub(lambda m: f"{m[1]} {int(m[2]) + int(m[3]) / 60:.4g} minutes", text)
    text = _chinese_numbers(text) if has_han(text) else _english_numbers(text)
    text = _SCALED_PAIR.sub(lambda m: f"{_plain(float(m[1]) * _SCALE[m[3].lower()])}{m[2]}", text)
    text = _SCALED.sub(_scaled, text)
    return _HOURS_AND.sub(lambda m: f"{m[1]}{m[2]} {m[3].strip()}{'分钟' if has_han(text) else ' minutes'}", text)


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
    if number.is_integer() and _CHARGES.search(text):
        return True
    before = text[max(0, match.start() - 12) : match.start()]
    if _MONEY_BEFORE.search(before.lower()) or _MONEY_AFTER.match(text, match.end()):
        return False
    return number > _MOST_MYRIADS or match[0][-2].isspace() or _OF_POWER.match(text, match.end()) is not None


def _chinese_numbers(text: str) -> str:
    text = text.replace("佰", "百").replace("仟", "千")
    text = _HUNDRED_TEN.sub("一百一十", _OR_SO.sub(r"一\1来", text))
    text = _HEADLESS.sub("一", _SIDE_BY_SIDE.sub(r"\1或", text))
    text = _MINUTES_OR_SO.sub(r"\1来分钟", text)
    text = _QUARTERS.sub(lambda m: f"{15 * int(_figure(m[1]))}分钟", text)
    text = _POINT.sub(lambda m: f"{_figure(m[1])}.{_figure(m[2])}", text)
    text = _FROM_FIGURE.sub(lambda m: f"{m[1]}{m[2]}" if m[2] else "10" if m[1] == "十" else _figure(m[1]), text)
    text = _EITHER_TAIL.sub(_either_tail, text)
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


def _either_tail(match: re.Match[str]) -> str:
    head, scale, one, other = match.groups()
    if int(_figure(other)) != int(_figure(one)) + 1:
        return match[0]
    return f"{head}{scale}{one}到{head}{scale}{other}"


def _figure(sign: str) -> str:
    return sign if sign.isdigit() else "2" if sign == "两" else str(_DIGITS.index(sign))


def _longest_number(run: str) -> str:
    """The run with the longest number that it starts with as digits: ``二百五一`` (瓶) is 250 and 一."""
    if run[0] in "零〇" and len(run) > 1 and all(c in f"{_DIGITS}〇" for c in run):
        return "".join(_figure(c) for c in run.replace("〇", "零"))  # 零九年 is 09
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
    rf"(?:(?:[\s-]|\s?and\s)(?!three[- ]quarter)(?:{_EN_WORD}|million))*(?:\s+and (?:a half|a quarter|"
    rf"three[- ]quarters?))?\b",
    re.IGNORECASE,
)
_CENTURIES = (19.0, 20.0)
_FRACTIONS = {"and a half": 0.5, "and a quarter": 0.25, "and three quarter": 0.75, "and three quarters": 0.75}
_FRACTION = re.compile(r"\s+(and (?:a half|a quarter|three[- ]quarters?))$", re.IGNORECASE)
_LONE_ONES = re.compile(r"(?:one|zero)", re.IGNORECASE)
_HALVES = (
    (re.compile(r"\b(?:an? )?(hour|mile|pound|minute|day)s? and a half\b", re.IGNORECASE), r"1.5 \1s"),
    (
        re.compile(
            r"\bone[- ](hour|minute|kilo|mile|lit(?:re|er)|met(?:re|er)|pint|quart|gallon|terabyte|tb)\b", re.IGNORECASE
        ),
        r"1 \1",
    ),
    (re.compile(r"(?<![\w-])(hour)-long\b", re.IGNORECASE), r"1 \1 long"),
    (re.compile(r"\bquarter of an hour\b", re.IGNORECASE), "15 minutes"),
    (re.compile(r"\bhalf a grand\b", re.IGNORECASE), "500"),
    (
        re.compile(r"\bhalf (?:an?|of an?) (hour|mile|pound|minute|day|kilo|lit(?:re|er))\b", re.IGNORECASE),
        r"0.5 \1s",
    ),
    (re.compile(r"\bhalf[- ](hour)\b", re.IGNORECASE), r"0.5 \1"),
    (
        re.compile(r"\b(?:a )?couple (?:of )?(?=hundred|thousand|grand|hours|days|kilomet|miles|weeks)", re.IGNORECASE),
        "2 ",
    ),
    (re.compile(r"\b(?:a )?(?:ten(ner)|fiver)\b", re.IGNORECASE), lambda m: "10 quid" if m[1] else "5 quid"),
    (
        re.compile(
            r"\b(under|below|over|than|within|least|most|about|to|up|like|min|say) an? "
            r"(hour|kilo|mile|pound|minute|lit(?:re|er)|met(?:re|er)|month|week)\b",
            re.IGNORECASE,
        ),
        r"\1 1 \2",
    ),
    # An hour is a length of time, but for what is paid or done by the hour.
    (
        re.compile(
            r"(?<![\d.] )(?<![\d.])(?<!bucks )(?<!dollars )(?<!quid )(?<!pounds )"
            r"(?<!euros )(?<!miles )(?<!times )(?<!twice )"
            r"(?<!once )(?<!of )\ban (hour|hr)\b",
            re.IGNORECASE,
        ),
        r"1 \1",
    ),
)


def _english_numbers(text: str) -> str:
    for pattern, written in _HALVES:
        text = pattern.sub(written, text)
    return _EN_RUN.sub(lambda m: m[0] if _LONE_ONES.fullmatch(m[0].strip()) else _english(m[0]), text)


def _starts_anew(total: float, current: float, word: str, after: list[str]) -> bool:
    """Whether a number word belongs to the next number: the second of "a hundred and fifty and two hundred"."""
    if word in _TENS:
        return current % 100.0 >= 10.0 and current not in _CENTURIES
    if word in _ONES:
        filled = current % 10.0 > 0 or (current % 100.0 > 0 and _ONES[word] >= 10)
        return filled or (current >= 100.0 and after == ["hundred"]) or (total > 0 and after == ["thousand"])
    return False


def _english(run: str) -> str:
    """A run of number words as digits; where one number ends and the next begins, as two."""
    fraction = _FRACTION.search(run)
    share = _FRACTIONS[fraction[1].lower().replace("-", " ")] if fraction else 0.0
    words = re.split(r"[\s-]+", run[: fraction.start() if fraction else None].lower().strip())
    total, current, written = 0.0, 0.0, ""
    for i, word in enumerate(words):
        if _starts_anew(total, current, word, words[i + 1 : i + 2]):
            gap = " and " if words[i - 1] == "and" else " "
            written, total, current = f"{written}{_plain(total + current)}{gap}", 0.0, 0.0
        if word in _ONES:
            current += _ONES[word]
        elif word in _TENS:
            # "one fifty" is short for one hundred and fifty, "nineteen fifty" a year.
            current = (
                current * 100.0 + _TENS[word] if 0 < current < 10 or current in _CENTURIES else current + _TENS[word]
            )
        elif word == "hundred":
            current = max(current, 1.0) * 100.0
        elif word in ("thousand", "grand", "million"):
            total += max(current, 1.0) * _SCALE[word]
            current = 0.0
    value = total + current + share
    return f"{written}{_plain(value)}" if value < _LARGEST else run
