"""Numbers in a sentence: prices and other bounds, each with its field, comparison and canonical unit."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime

from betimes.domain.intent import Constraint, Op
from betimes.domain.units import canonical, is_unit

_NUM = r"\d+(?:\.\d+)?"
_CURRENCY = {
    "CNY": "元|块钱|块|人民币|rmb|cny|yuan|大洋|毛爷爷|￥|¥",
    "USD": "美元|美金|刀|dollars?|bucks?|usd|us\\$|\\$",
    "EUR": "欧元|欧|euros?|eur|€",
    "GBP": "英镑|镑|pounds?(?! of)|quid|gbp|£",
    "JPY": "日元|円|yen|jpy",
    "HKD": "港币|港元|hkd|hk\\$",
}
_ANY_CURRENCY = "|".join(_CURRENCY.values())
_UNITS = (
    "分钟|个?小时|个?钟头|个钟|秒|天|英寸|寸|吋|公斤|千克|斤|克|磅|盎司|升|毫升|毫安时?|厘米|公分|毫米|米|公里|千米|英里|里|瓦|千瓦|赫兹|"
    "分贝|大卡|千卡|卡|集|季|码|首|页|字|万像素|亿像素|像素|分|星|年|岁|折|人|口|位|件|个|台|部|"
    'minutes?|mins?|min|hours?|hrs?|h|seconds?|secs?|days?|inches|inch|in(?=[ch\\s,.;]|$)|"|kgs?|kilos?|grams?|g|lbs?|oz|ounces?|'
    "litres?|liters?|l|ml|mah|cm|mm|m|ft|feet|km|kilometers?|kilometres?|miles?|mi|w|watts?|hz|mp|"
    "megapixels?|db|kcal|calories|cal|"
    "bpm|gb|gigs?|tb|t|mb|episodes?|seasons?|stars?|pages?|percent|%|years?"
)
_NUMBER = re.compile(
    rf"(?P<pre>{_ANY_CURRENCY})?\s?(?<![a-z\d.])(?P<num>{_NUM})\s?-?(?P<unit>{_UNITS})?(?![a-z\d])|"
    rf"(?P<pre2>{_ANY_CURRENCY})\s?(?P<num2>{_NUM})",
    re.IGNORECASE,
)
_CUR_AFTER = re.compile(rf"\s?(?:{_ANY_CURRENCY})(?![a-z])", re.IGNORECASE)

_BELOW_BEFORE = re.compile(
    r"(不超过|不要高于|不过|别过|别高于|不高于|不大于|不多于|低于|小于|少于|不到|不足|最多|至多|顶多|最高|上限|别超过?|不要超过?|不能超过?|不超|控制在|封顶|少過|預算|预算|"
    r"under|below|beneath|less than|at most|no more than|not more than|not over|no over|"
    r"max(?:imum)?(?: of)?|up to|within|cheaper than|"
    r"shorter than|smaller than|lighter than|fewer than|before|budget(?: is| of|:)?|can'?t (?:go over|"
    r"exceed|spend more than)|"
    r"don'?t (?:go over|exceed)|won'?t (?:go over|pay more than)|not exceed(?:ing)?|cap(?:ped)?(?: at|"
    r" is)?|inside|only have|i have|got|<=|<|≤)\s*(?:是|在|就|为|大概|约|about|around|of|a|to spend)?\s*(?:(?:¥|\$|€|£)\s?)?$",
    re.IGNORECASE,
)
_BELOW_AFTER = re.compile(
    r"^\s*(?:以下|不到|顶多|能搞定|以内|之内|以里|内(?!存|心|衣)|封顶|为上限|上限|往下|之下|打住|以前|之前|顶天|max\b|maximum|tops|or less|or under|or below|"
    r"or cheaper|and under|"
    r"and below|budget|预算|left|limit|or shorter|or fewer|at most|ceiling|cap\b|is my (?:limit|max|budget))",
    re.IGNORECASE,
)
_ABOVE_BEFORE = re.compile(
    r"(至少|最少|起码|不低于|不少于|不小于|高于|大于|超过|多于|最低|over|above|more than|at least|no less than|not less than|"
    r"min(?:imum)?(?: of)?|from|longer than|bigger than|larger than|after|since|exceeding|starting at|>=|>|"
    r"≥)\s*(?:是|在|要|有|a)?\s*(?:(?:¥|\$|€|£)\s?)?$",
    re.IGNORECASE,
)
_ABOVE_AFTER = re.compile(
    r"^\s*(?:以上|往上|之上|起步|起(?!来)|打底|以後|以后|之后|开外|\+|plus\b|or more|or over|or above|or higher|or better|"
    r"or bigger|or larger|or longer|or later|and up|"
    r"and above|and over|minimum|min\b|at least|onwards?|upwards?)",
    re.IGNORECASE,
)
_ABOUT_BEFORE = re.compile(
    r"(大概|大约|大約|约|差不多|around|about|roughly|approx(?:imately)?|somewhere near|~)\s*(?:在|是|a)?\s*(?:(?:¥|\$|€|£)\s?)?$",
    re.IGNORECASE,
)
_ABOUT_AFTER = re.compile(r"^\s*(?:左右|上下|上下浮动|前后|出头|(?:-| )?ish\b|or so\b|give or take)", re.IGNORECASE)
_SEVERAL = re.compile(r"^\s*(?:多|几|来)(?=块|元|以内|的|$|[,，。 ]|左右)")
_SOFT = re.compile(r"(最好|优先|尽量|盡量|ideally|if possible|preferably|prefer|理想)", re.IGNORECASE)
_RANGE = re.compile(r"^\s*(?:到|至|-|–|—|~|to|and|或者?|or)\s*(?:¥|\$|€|£)?\s*$", re.IGNORECASE)
_BETWEEN = re.compile(r"(between|from|在)\s*(?:¥|\$|€|£)?$", re.IGNORECASE)
_PRICE_WORDS = re.compile(
    r"价|預算|预算|便宜|元|块|贵|人均|每晚|一晚|budget|price|cost|spend|pay|cheap|afford|per (?:person|night)|a night",
    re.IGNORECASE,
)
_CORRECTION = re.compile(
    r"不对|不，|算了|还是|改成|改到|actually|wait|no,|scratch that|make (?:it|that)|sorry|i mean|说错", re.IGNORECASE
)
_CLASSES = {"百元": (100.0, 999.0), "千元": (1000.0, 1999.0), "万元": (10000.0, 19999.0)}
_CLASS = re.compile(r"(百元|千元|万元)(?:机|级|价位|档)")
_DECADE = re.compile(r"(?<!\d)(?:(19|20)?(\d)0)\s?(?:'?s\b|年代)", re.IGNORECASE)
#: Things that are told by their year rather than by their price.
_DATED = re.compile(
    r"片|剧|电影|影|歌|专辑|音乐|综艺|动漫|番|年|film|movie|show|series|song|album|music|anime|from|since|released|music",
    re.IGNORECASE,
)
_THIS_YEAR = re.compile(r"今年(?!\d)|this year", re.IGNORECASE)
_LAST_YEAR = re.compile(r"去年|last year", re.IGNORECASE)
_YEAR = re.compile(r"(?<!\d)(19\d\d|20[0-3]\d)(?!\d)")

#: Units whose field does not depend on what stands around.
_FIELD_OF_UNIT = {
    "mAh": "battery",
    "W": "power",
    "Hz": "refresh_rate",
    "MP": "camera",
    "dB": "noise",
    "kcal": "calories",
    "bpm": "tempo",
    "km": "distance",
    "L": "capacity",
}
_CONTEXTS = (
    ("min", "battery_life", r"续航|续電|电池|battery|待机|playtime|charge"),
    ("min", "delivery_time", r"送达|送到|配送|到货|送來|deliver|arriv|get here"),
    ("min", "wear_time", r"持妆"),
    ("kg", "load", r"承重|load|holds? up to"),
    ("cm", "height", r"高|tall|height|high"),
    ("cm", "width", r"宽|wide|width"),
    ("cm", "depth", r"深|deep|depth"),
    ("cm", "thickness", r"厚|thick"),
    ("cm", "diameter", r"直径|口径|diameter"),
    ("cm", "length", r"长|long|length"),
    ("GB", "memory", r"内存|运存|运行|\bram\b|memory"),
)
_COUNTING = {"岁", "折", "人", "口", "位", "件", "个", "台", "部", "首", "percent", "%"}
_PLAIN_UNITS = {
    "集": "episodes",
    "episode": "episodes",
    "episodes": "episodes",
    "季": "seasons",
    "season": "seasons",
    "seasons": "seasons",
    "码": "size",
    "页": "pages",
    "pages": "pages",
    "page": "pages",
    "字": "word_count",
    "分": "rating",
    "星": "rating",
    "star": "rating",
    "stars": "rating",
}


@dataclass(frozen=True, slots=True)
class Number:
    """A number in the text with what stands around it."""

    value: float
    unit: str
    currency: str | None
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Bound:
    """A constraint read from a span of the text."""

    constraint: Constraint
    start: int
    end: int


def bounds(text: str, at: datetime) -> list[Bound]:
    """Every bound in a normalised, lower-cased text whose numerals are digits, in order.

    Args:
        at: the clock, for "this year".
    """
    numbers = list(_numbers(text))
    found = [*_colloquial(text), *_years(text, at)]
    taken = [(b.start, b.end) for b in found]
    i = 0
    while i < len(numbers):
        here = numbers[i]
        if any(a < here.end and here.start < b for a, b in taken):
            i += 1
            continue
        after = numbers[i + 1] if i + 1 < len(numbers) else None
        if after is not None and _is_range(text, here, after):
            found += _range(text, here, after)
            i += 2
            continue
        found += _single(text, here, len(numbers))
        i += 1
    return _corrected(text, sorted(found, key=lambda b: b.start))


def _numbers(text: str) -> Iterator[Number]:
    for match in _NUMBER.finditer(text):
        digits = match.group("num") or match.group("num2")
        unit = (match.group("unit") or "").lower()
        before = match.group("pre") or match.group("pre2")
        end = match.end()
        currency = _currency(before) if before else None
        if not unit and currency is None:
            paid = _CUR_AFTER.match(text, end)
            several = re.match(r"\s?(?:多|几|来)(?=块|元)", text[end : end + 4])
            if several:
                paid = _CUR_AFTER.match(text, end + several.end())
            if paid:
                currency = _currency(paid.group().strip())
                end = paid.end() if not several else end
        start = match.start() + (len(match.group()) - len(match.group().lstrip()))
        yield Number(float(digits), unit, currency, start, end)


def _currency(mark: str) -> str:
    return next(code for code, marks in _CURRENCY.items() if re.fullmatch(marks, mark, re.IGNORECASE))


def _is_range(text: str, low: Number, high: Number) -> bool:
    between = text[low.end : high.start]
    if not _RANGE.match(between):
        return False
    joined = between.strip()
    return joined not in ("and", "or", "或", "或者") or bool(_BETWEEN.search(text[: low.start]))


def _range(text: str, low: Number, high: Number) -> list[Bound]:
    field, unit = _field(text, replace(high, start=low.start))
    if field is None:
        return []
    currency = high.currency or low.currency
    small, large = low.value, high.value
    scaled = high.unit or low.unit
    if field != "price" and scaled:
        small, large = canonical(small, low.unit or scaled, field)[0], canonical(large, scaled, field)[0]
    elif field == "price" and small * 100 <= large and large >= 1000 and small < 100:
        small *= 10 ** (len(str(int(large))) - 1)  # 2-3000 is short for 2000-3000
    hard = not _softened(text, low.start, high.end)
    words = text[low.start : high.end].strip()
    shared = {"unit": unit, "currency": currency, "hard": hard, "evidence": words}
    if small > large:
        small, large = large, small
    return [
        Bound(Constraint(field, ">=", small, **shared), low.start, high.end),  # type: ignore[arg-type]
        Bound(Constraint(field, "<=", large, **shared), low.start, high.end),  # type: ignore[arg-type]
    ]


def _single(text: str, number: Number, among: int) -> list[Bound]:
    before, after = text[: number.start], text[number.end :]
    op = _comparison(before, after)
    several = bool(_SEVERAL.match(after)) or bool(re.search(r"(?:多|几|来)(?:块|元)$", text[: number.end]))
    about = bool(_ABOUT_BEFORE.search(before) or _ABOUT_AFTER.match(after)) or (
        number.currency is not None and bool(re.match(r"\s*(左右|上下)", after))
    )
    field, unit = _field(text, number, compared=op is not None or about or several, alone=among == 1)
    if field is None:
        return []
    value = number.value
    if number.unit and field != "price":
        value = canonical(value, number.unit, field)[0]
    hard = not _softened(text, number.start, number.end)
    words = _widened(text, number)

    def bound(op: Op, value: float, hard: bool) -> Bound:
        rounded = round(value, 6)
        return Bound(
            Constraint(field, op, rounded, unit, number.currency, hard, evidence=words), number.start, number.end
        )

    if about:
        return [bound(">=", value * 0.85, False), bound("<=", value * 1.15, False)]
    if several and op is None:
        step = 10 ** (len(str(int(value))) - 1)
        return [bound(">=", value, hard), bound("<=", value + step - 1, hard)]
    if op is not None:
        return [bound(op, value, hard)]
    if field == "price":
        budgeted = bool(_PRICE_WORDS.search(text)) and bool(re.search(r"预算|預算|budget", text))
        if budgeted:
            return [bound("<=", value, hard)]
        return [bound("<=", value * 1.1, False)]
    if field == "rating":
        return [bound(">=", value, hard)]
    return [bound("=", value, hard)]


def _comparison(before: str, after: str) -> Op | None:
    if _BELOW_AFTER.match(after):
        return "<="
    if _ABOVE_AFTER.match(after):
        return ">="
    if _BELOW_BEFORE.search(before):
        return "<="
    if _ABOVE_BEFORE.search(before):
        return ">="
    return None


def _field(text: str, number: Number, *, compared: bool = True, alone: bool = False) -> tuple[str | None, str | None]:
    """The field a number speaks of and its canonical unit; none when it bounds nothing."""
    if number.currency is not None:
        return "price", None
    near = text[max(0, number.start - 12) : number.end + 12]
    if number.unit:
        if number.unit in _COUNTING or number.unit in ("年", "years", "year", "m", "t", "米", "里", "万像素", "像素"):
            return None, None
        if number.unit in _PLAIN_UNITS:
            return _PLAIN_UNITS[number.unit], None
        unit = canonical(1.0, number.unit)[1]
        if number.unit == "g" and number.value >= 4 and not re.search(r"重|蛋白|protein|weigh|糖", near):
            return ("memory" if re.search(r"内存|运存|ram|memory", near) else "storage"), "GB"
        for of_unit, field, words in _CONTEXTS:
            if unit == of_unit and re.search(words, near):
                return field, unit
        named = {"min": "duration", "cm": "length", "in": "screen", "kg": "weight", "GB": "storage"}
        field = _FIELD_OF_UNIT.get(unit) or named.get(unit)
        return (field, unit) if field and is_unit(number.unit) else (None, None)
    if re.search(r"(尺码|码|size)\s*$", text[: number.start]):
        return "size", None
    if re.search(r"(评分|豆瓣|imdb|rated|rating)[^\d]{0,8}$", text[: number.start]) and number.value <= 10:
        return "rating", None
    if re.match(r"\s*(mah)", text[number.end :]):
        return "battery", "mAh"
    if _YEAR.fullmatch(f"{number.value:g}") and _DATED.search(text) and not _PRICE_WORDS.search(near):
        return ("year", None) if compared else (None, None)
    if compared or (alone and re.fullmatch(r"[\s\W]*\d+(?:\.\d+)?[\s\W]*", text)):
        return ("price", None) if number.value >= 10 else (None, None)
    if _PRICE_WORDS.search(text[max(0, number.start - 6) : number.start]):
        return "price", None
    return None, None


def _softened(text: str, start: int, end: int) -> bool:
    left = max(text.rfind(c, 0, start) for c in ",，。;；.!！?？") + 1
    rights = [p for p in (text.find(c, end) for c in ",，。;；!！?？") if p >= 0]
    return bool(_SOFT.search(text[left : min(rights, default=len(text))]))


def _widened(text: str, number: Number) -> str:
    """The number with the comparing words beside it, as evidence."""
    start, end = number.start, number.end
    before = next((m for p in (_BELOW_BEFORE, _ABOVE_BEFORE, _ABOUT_BEFORE) if (m := p.search(text[:start]))), None)
    after = next((m for p in (_BELOW_AFTER, _ABOVE_AFTER, _ABOUT_AFTER) if (m := p.match(text[end:]))), None)
    start = before.start() if before else start
    end += after.end() if after else 0
    return text[start:end].strip()


def _colloquial(text: str) -> list[Bound]:
    found = []
    for match in _CLASS.finditer(text):
        low, high = _CLASSES[match.group(1)]
        for op, value in ((">=", low), ("<=", high)):
            constraint = Constraint("price", op, value, evidence=match.group())  # type: ignore[arg-type]
            found.append(Bound(constraint, match.start(), match.end()))
    return found


def _years(text: str, at: datetime) -> list[Bound]:
    found = []

    def add(match: re.Match[str], first: int, last: int) -> None:
        hard = not _softened(text, match.start(), match.end())
        op = _comparison(text[: match.start()], text[match.end() :])
        if op is not None:
            pairs: list[tuple[Op, int]] = [(op, first if op == ">=" else last)]
        elif first == last:
            pairs = [("=", first)]
        else:
            pairs = [(">=", first), ("<=", last)]
        for bound, year in pairs:
            constraint = Constraint("year", bound, float(year), hard=hard, evidence=match.group())
            found.append(Bound(constraint, match.start(), match.end()))

    for match in _DECADE.finditer(text):
        century = match.group(1) or ("20" if match.group(2) in "01" else "19")
        first = int(f"{century}{match.group(2)}0")
        add(match, first, first + 9)
    for match in re.finditer(r"(19\d\d|20[0-3]\d)\s?年(?!代)", text):
        add(match, int(match.group(1)), int(match.group(1)))
    for pattern, year in ((_THIS_YEAR, at.year), (_LAST_YEAR, at.year - 1)):
        for match in pattern.finditer(text):
            add(match, year, year)
    return found


def _corrected(text: str, found: list[Bound]) -> list[Bound]:
    """Of two bounds on one side of one field with a correction between them, the later."""
    kept: list[Bound] = []
    for bound in found:
        same = [b for b in kept if b.constraint.field == bound.constraint.field and b.start != bound.start]
        if same and _CORRECTION.search(text[same[-1].end : bound.start]):
            kept = [b for b in kept if b not in same]
        kept.append(bound)
    return kept
