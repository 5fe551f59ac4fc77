"""The numbers in a sentence, each with its unit or currency."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from betimes.domain.units import canonical

_CURRENCIES = {
    "CNY": r"元(?!年|旦|宵)|块钱|块|人民币|大洋|rmb|cny|yuan|kuai|￥|¥",
    "USD": r"美元|美金|刀(?!具)|dollars?|bucks?|usd|us\$|\$",
    "EUR": r"欧元|欧(?!美)|euros?|eur|€",
    "GBP": r"英镑|镑|pounds?(?= (?:sterling|max|or|tops)|$)|quid|gbp|£",
    "JPY": r"日元|円|yen|jpy",
    "HKD": r"港币|港元|蚊(?!子|香|帐)|hkd|hk\$",
    "TWD": r"新?台币|twd|nt\$",
    "KRW": r"韩[元币]|won|krw",
    "SGD": r"新币|新加坡元|sgd",
    "INR": r"卢比|rupees?|inr",
    "CAD": r"加元|加币|cad",
}
_CURRENCY = {code: re.compile(marks) for code, marks in _CURRENCIES.items()}
_ANY_CURRENCY = "|".join(_CURRENCIES.values())
#: Units of measure, longest first where one starts another.
_UNITS = (
    "分钟|个?小时|个?钟头|个钟|公升|公克|毫安时?|毫升|毫米|秒|英寸|寸|吋|公斤|千克|公里|公分|千米|千瓦|斤|克|磅|盎司|升|厘米|米|英里|瓦|赫兹|匹|"
    r"平(?:方米?|米)?|分贝|大卡|千卡|卡(?![西路通])|万像素|亿像素|像素|天|集|季|码|号|页|字|分|星|拍(?=左右|以|"
    r"每|上下|的节|[,，。 ]|$)|/ ?10(?!\d)|"
    'minutes?|mins?|hours?|hrs?|h|seconds?|secs?|days?|inches|inch|in(?=[,;.)]|$| or| and)|(?<!"\\d)(?<!"\\d\\d)"|'
    "kilograms?|kgs?|kilos?|grams?|g|"
    "lbs?|pounds?|oz|ounces?|quarts?|qt|gallons?|gal|pints?|litres?|liters?|l|ml|mah|cm|mm|m(?!2)|ft|feet|foot|kilomet(?:er|re)s?|km|miles?|mi|"
    "kilowatts?|kw|watts?|w|hz|"
    "megapixels?|mp|decibels?|db|kcal|calories|cals?|bpm|(?:beats|steps) (?:per|a) minute|gigabytes?|gigs?|gb|"
    "terabytes?|tb|t|mb|"
    "episodes?|eps?|chapters?|parts|-?parters?|seasons?|series|stars?|pages?|words"
)
#: What is counted is not what is paid: a number before one of these bounds nothing that is known.
_COUNTED = re.compile(
    r"\s?(?:岁|年|级|毛|人|口|位|件|个|台|部|首|张|枚|片|粒|颗|盒|袋|瓶|包|支|根|只|双|套|条|本|篇|期|楼|层|代|次|遍|倍|场|届|折|度|速|键|周|名|(?<!多)点(?!左右)|月|种|款|后|%|"
    r"\+?\s?-?(?:or so )?(?:players?|people|ppl|persons?|pieces?|pcs|views?|likes|followers?|members?|reviews?|years?|"
    r"yrs?|yo|months?|weeks?|songs?|"
    r"tracks?|cups?|sq|square|percent|times|days of|devices?|ways|mm lens|am|pm|o'?clock|ports?|slots?|bedrooms?|"
    r"guests?|servings?|"
    r"m2|sqm|zone|across|minute wait|things?|kids|versions?|ingredients?|miles? from)(?![a-z]))"
)
_NUMBER = re.compile(
    r"(?P<sign>(?:us\$|hk\$|[￥¥$€£]|rmb|usd|cny|eur|gbp|jpy|hkd|cad)\s?)?(?<![a-z\d.])(?<!\d[:'])(?P<digits>\d{1,12}(?:\.\d{1,6})?)(?![\d:])"
    rf"(?:(?:(?P<plus>\+)|(?P<vague>\s?-?ish|[- ]odd|[- ]something| or so))?\s?-?(?P<unit>{_UNITS})(?![a-z]))?"
)
_UNIT_AFTER = re.compile(rf"个?(?P<unit>{_UNITS})")
#: "20ish minutes" are about 20, "50-odd" are 50 to 59.
_VAGUE = {"ish": "来", "so": "来", "odd": "多", "something": "多"}
_PAID = re.compile(rf"(?P<several>[多几来])?\s?(?:{_ANY_CURRENCY})(?![a-z])(?P<tail>钱)?")
_ABOUT_SHARE, _BARE_SHARE = 0.15, 0.1
_TIMES = ("min", "小时", "钟头")


@dataclass(frozen=True, slots=True)
class Number:
    """A number in a text.

    Attributes:
        unit: its unit as written, or nothing.
        currency: ISO code of the currency it stands with, if it does.
        several: ``多``, ``几``, ``来`` or ``+`` when it is said to be somewhat more.
        counted: what it counts, when it counts things.
        start: where it begins, with its sign of currency.
        end: where it ends, with its unit or currency.
    """

    value: float
    unit: str
    currency: str | None
    several: str
    counted: str
    start: int
    end: int


def numbers(text: str) -> list[Number]:
    """The numbers of a normalised, lower-cased text whose numerals are digits, from left to right."""
    found: list[Number] = []
    for number in _scan(text):
        last = found[-1] if found else None
        joined = _joined(text, last, number) if last else None
        if joined:
            found[-1] = joined
        elif last and last.currency and number.start == last.end and number.value == 1:
            found[-1] = replace(last, end=number.end)  # 20 yuan a pound: the one is no amount
        else:
            found.append(number)
    return found


def about(value: float) -> tuple[float, float]:
    """The bounds that "about so much" means."""
    return value * (1 - _ABOUT_SHARE), value * (1 + _ABOUT_SHARE)


def bare(value: float) -> float:
    """The bound that an amount without comparison means."""
    return value * (1 + _BARE_SHARE)


def _scan(text: str) -> Iterator[Number]:
    for match in _NUMBER.finditer(text):
        unit, end = (match["unit"] or "").replace("个钟头", "钟头"), match.end()
        currency = _code(match["sign"].strip()) if match["sign"] else None
        several = _VAGUE[match["vague"].strip(" -").split()[-1]] if match["vague"] else ""
        if currency is None and not unit:
            paid = _PAID.match(text, end)
            if paid:
                several = paid["several"] or ""
                currency = _code(re.sub(r"^[多几来]?\s?|钱$", "", paid[0]))
                end = paid.end()
            elif text[end : end + 1] in ("多", "几", "来") and text[end : end + 1]:
                several = text[end]
                measured = _UNIT_AFTER.match(text, end + 1)
                unit, end = (measured["unit"], measured.end()) if measured else ("", end + 1)
        counted = currency is None and not unit and _COUNTED.match(text, end)
        what = counted[0].strip(" +-") if counted else ""
        yield Number(float(match["digits"]), unit, currency, several or match["plus"] or "", what, match.start(), end)


def _code(mark: str) -> str | None:
    return next((code for code, marks in _CURRENCY.items() if marks.fullmatch(mark)), None)


def _joined(text: str, first: Number, second: Number) -> Number | None:
    """``3分30秒`` and ``1 hour 20 minutes`` as one length of time."""
    if text[first.end : second.start].strip() or not first.unit or not second.unit:
        return None
    (a, unit), (b, other) = canonical(first.value, first.unit), canonical(second.value, second.unit)
    if unit != "min" or other != "min" or b >= a:
        return None
    return replace(first, value=a + b, unit="min", end=second.end)
