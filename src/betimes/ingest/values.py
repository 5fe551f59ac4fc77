"""Single values out of cells: words, numbers with units, money, moments, flags and lists."""

import math
import re
from collections.abc import Sequence
from datetime import UTC, date, datetime
from decimal import Decimal, InvalidOperation

from betimes.domain.item import Money, Quantity
from betimes.domain.units import is_unit
from betimes.ingest.report import Rejected

_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff\ud800-\udfff]")
_NULLS = frozenset({"", "null", "NULL", "\\N", "nan", "NaN"})
_WHOLE_FLOAT = re.compile(r"-?\d+\.0")


def absent(cell: object) -> bool:
    """Whether a cell holds nothing.

    >>> absent(" "), absent(None), absent("NULL"), absent(float("nan")), absent(0)
    (True, True, True, True, False)
    """
    if isinstance(cell, str):
        return cell.strip() in _NULLS
    return cell is None or (isinstance(cell, float) and math.isnan(cell)) or cell in ([], {}, ())


def words(cell: object) -> str:
    r"""A cell as text without control characters; several are put in one line, an object is none.

    >>> words("Caf\u0007é "), words(12.0), words(["a", None, "b"]), words(True)
    ('Café', '12', 'a b', 'yes')
    """
    if isinstance(cell, str):
        return _CONTROL.sub("", cell).strip()
    if isinstance(cell, bool):
        return "yes" if cell else "no"
    if isinstance(cell, float):
        return f"{cell:.0f}" if cell.is_integer() else repr(cell)
    if isinstance(cell, bytes):
        return _CONTROL.sub("", cell.decode("utf-8", errors="replace")).strip()
    if isinstance(cell, (list, tuple)):
        return " ".join(part for part in map(words, cell) if part)
    return "" if cell is None or isinstance(cell, dict) else _CONTROL.sub("", str(cell)).strip()


def identifier(cell: object, what: str) -> str:
    """The id of an item, a user or an event. The ``.0`` that spreadsheets add to numbers is taken off.

    Raises:
        Rejected: there is none, or it is not 1 to 256 printable characters.

    >>> identifier("17850.0", "user"), identifier(7, "item")
    ('17850', '7')
    """
    text = "" if absent(cell) else cell.strip() if isinstance(cell, str) else words(cell)
    if not text:
        raise Rejected(f"no {what}")
    if len(text) > 256 or not text.isprintable():
        raise Rejected(f"the {what} is not 1 to 256 printable characters", text)
    return text[:-2] if text.endswith(".0") and _WHOLE_FLOAT.fullmatch(text) else text


# --- numbers ------------------------------------------------------------------------------------------

_NUMBER = re.compile(r"[-+]?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?(?:[eE][-+]?\d{1,3})?|[-+]?\.\d+")
_MOST_DIGITS = 15
#: Beyond this a number is no measure of anything.
_HUGE = 1e300


def number(text: str) -> tuple[float, str] | None:
    """The number a text begins with and what follows it; none where it begins with none.

    >>> number("1,299.5 g"), number("120分钟"), number("IP68")
    ((1299.5, 'g'), (120.0, '分钟'), None)
    """
    found = _NUMBER.match(text)
    if found is None:
        return None
    value = float(found.group().replace(",", ""))
    return (value, text[found.end() :].strip()) if value < _HUGE else None


def measured(cell: object, unit: str = "") -> Quantity | None:
    """A cell that is a number, alone or with a unit of measure; none for anything else.

    Codes that only look like numbers, with leading zeros or very many digits, are none.

    >>> measured("6.7 in"), measured("190", "g"), measured("5 stars"), measured("007")
    (Quantity(value=6.7, unit='in'), Quantity(value=190.0, unit='g'), None, None)
    """
    if isinstance(cell, (int, float, Decimal)) and not isinstance(cell, bool):
        return Quantity(float(cell), unit) if -_HUGE < cell < _HUGE else None
    if not isinstance(cell, str) or len(cell) > 40:
        return None
    text = cell.strip()
    found = number(text)
    if found is None or (found[1] and not is_unit(found[1])):
        return None
    if re.match(r"[-+]?0\d", text) or sum(c.isdigit() for c in text) > _MOST_DIGITS:
        return None
    return Quantity(found[0], found[1] or unit)


_YES = frozenset("yes true y t 1 是 有 有货 在售 上架 可售 on in_stock instock available published active".split())
_NO = frozenset(
    "no false n f 0 否 无 无货 缺货 下架 售罄 停售 off out_of_stock outofstock unavailable inactive".split()
)
#: The words by which a column of facts is known to be one of flags.
FLAG_WORDS = frozenset("yes true no false 是 否".split())


def flag(cell: object) -> bool | None:
    """A cell that says yes or no; a count says whether there are any. None for anything else.

    >>> flag("是"), flag("In stock"), flag(0), flag("12"), flag("maybe")
    (True, True, False, True, None)
    """
    if isinstance(cell, bool):
        return cell
    word = words(cell).casefold().replace(" ", "_").replace("-", "_")
    if word in _YES or word in _NO:
        return word in _YES
    amount = measured(cell)
    return None if amount is None else amount.value > 0


# --- money --------------------------------------------------------------------------------------------

_ABSURD = Decimal(10) ** 9
#: What currencies are written as; where several share a sign, the one already known wins, else the first.
_CURRENCIES: dict[str, tuple[str, ...]] = {
    "US$": ("USD",),
    "HK$": ("HKD",),
    "NT$": ("TWD",),
    "A$": ("AUD",),
    "C$": ("CAD",),
    "JP¥": ("JPY",),
    "CN¥": ("CNY",),
    "人民币": ("CNY",),
    "RMB": ("CNY",),
    "美元": ("USD",),
    "美金": ("USD",),
    "欧元": ("EUR",),
    "英镑": ("GBP",),
    "日元": ("JPY",),
    "港元": ("HKD",),
    "港币": ("HKD",),
    "$": ("USD", "CAD", "AUD", "HKD", "SGD", "TWD", "NZD", "MXN"),
    "¥": ("CNY", "JPY"),
    "￥": ("CNY", "JPY"),
    "元": ("CNY", "TWD", "HKD"),
    "块": ("CNY",),
    "円": ("JPY",),
    "€": ("EUR",),
    "£": ("GBP",),
    "₩": ("KRW",),
    "₹": ("INR",),
}
_ISO = frozenset(
    "AED AUD BHD BRL CAD CHF CLP CNY CZK DKK EUR GBP HKD HUF IDR ILS INR ISK JPY KRW KWD MOP MXN MYR NOK NZD OMR PHP "
    "PLN RUB SAR SEK SGD THB TND TRY TWD UAH USD VND ZAR".split()
)
_CODE = re.compile(r"(?<![A-Z])[A-Z]{3}(?![A-Z])")
_PLAIN = re.compile(r"\d{1,9}(?:\.\d+)?")
_CONTINENTAL = re.compile(r"-?(?:\d{1,3}(?:\.\d{3})+,\d{1,2}|\d+,\d{1,2})")


def currency(text: str, known: str = "") -> str | None:
    """The currency a text names by sign, word or ISO code.

    >>> currency("$12"), currency("$12", "CAD"), currency("1299元"), currency("gbp"), currency("12")
    ('USD', 'CAD', 'CNY', 'GBP', None)
    """
    for sign, candidates in _CURRENCIES.items():
        if sign in text.upper():
            return known if known in candidates else candidates[0]
    return next((code for code in _CODE.findall(text.upper()) if code in _ISO), None)


def money(cell: object, known: str, divisor: Decimal = Decimal(1)) -> Money:
    """A price.

    Args:
        known: the currency where the cell names none.
        divisor: what the amount is divided by, such as 100 for cents.

    Raises:
        Rejected: it is not a number, negative or beyond all measure.

    >>> money("¥1,299.00", "USD"), money(4995, "USD", Decimal(100)).major, money("12,50 €", "USD")
    (Money(minor=129900, currency='CNY'), Decimal('49.95'), Money(minor=1250, currency='EUR'))
    """
    if isinstance(cell, bool):
        raise Rejected("the price is not a number", cell)
    if isinstance(cell, str) and _PLAIN.fullmatch(cell) and divisor == 1:
        return Money.of(cell, known)
    text = words(cell) if isinstance(cell, str) else str(cell)
    named = currency(text, known) if isinstance(cell, str) and not text.replace(".", "").isdigit() else None
    amount = _amount(text, named) / divisor
    if not amount.is_finite():
        raise Rejected("the price is not a finite number", cell)
    if amount < 0:
        raise Rejected("the price is negative", cell)
    if amount > _ABSURD:
        raise Rejected("the price is absurd", cell, "is it in cents? --map price=COLUMN/100")
    return Money.of(amount, named or known)


def _amount(text: str, named: str | None) -> Decimal:
    digits = text.upper()
    for mark in (*_CURRENCIES, named or ""):
        digits = digits.replace(mark, "") if mark else digits
    digits = re.sub(r"[\s\u00a0_]", "", digits)
    scale = 10_000 if digits.endswith("万") else 1
    digits = digits.removesuffix("万")
    if _CONTINENTAL.fullmatch(digits):
        digits = digits.replace(".", "").replace(",", ".")
    elif re.fullmatch(r"-?\d{1,3}(?:,\d{3})+(?:\.\d*)?", digits):
        digits = digits.replace(",", "")
    try:
        amount = Decimal(digits)
    except InvalidOperation as error:
        raise Rejected("the price is not a number", text) from error
    return amount * scale if amount.is_finite() else amount


# --- moments ------------------------------------------------------------------------------------------

_FORMATS = ("%B %d, %Y", "%b %d, %Y", "%d %B %Y", "%d %b %Y", "%B %Y", "%a, %d %b %Y %H:%M:%S %z")
_PARTED = re.compile(r"(\d{4})[/.年-](\d{1,2})(?:[/.月-](\d{1,2})日?)?月?(?:[ T]*(\d{1,2}):(\d{2})(?::(\d{2}))?)?")
#: The unit of a count since 1970, by its digits.
_SINCE_1970 = {9: 1, 10: 1, 12: 10**3, 13: 10**3, 15: 10**6, 16: 10**6, 18: 10**9, 19: 10**9}


def moment(cell: object) -> datetime:
    """A date or a time, aware UTC; what names no zone is UTC already.

    Raises:
        Rejected: it cannot be told which time is meant.

    >>> moment("September 25, 2021").isoformat(), moment("1260759144").isoformat()
    ('2021-09-25T00:00:00+00:00', '2009-12-14T02:52:24+00:00')
    >>> moment("2011/12/1 8:26").isoformat(), moment("2024-05-01T08:00:00+08:00").isoformat()
    ('2011-12-01T08:26:00+00:00', '2024-05-01T00:00:00+00:00')
    """
    try:
        if isinstance(cell, datetime):
            found = cell
        elif isinstance(cell, date):
            found = datetime(cell.year, cell.month, cell.day, tzinfo=UTC)
        else:
            found = _written(words(cell))
        return found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)
    except (ValueError, OverflowError, OSError) as error:
        raise Rejected("not a time", cell, "write it like 2024-05-31 18:00:00") from error


def _written(text: str) -> datetime:
    whole = text.partition(".")[0] if text.replace(".", "", 1).isdecimal() else ""
    if len(whole) == 4:
        return datetime(int(whole), 1, 1, tzinfo=UTC)
    if len(whole) in _SINCE_1970:
        unit = _SINCE_1970[len(whole)]
        return datetime.fromtimestamp(int(whole) / unit if unit > 1 else float(text), UTC)
    if whole and len(whole) != 8:
        raise ValueError(text)
    text = text.removesuffix(" UTC")
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        return _loosely(text)


def _loosely(text: str) -> datetime:
    parted = _PARTED.fullmatch(text)
    if parted:
        year, month, day, hour, minute, second = (int(part or 0) for part in parted.groups())
        return datetime(year, month, day or 1, hour, minute, second, tzinfo=UTC)
    for form in _FORMATS:
        try:
            found = datetime.strptime(text, form)  # what is naive the caller takes for UTC
        except ValueError:
            continue
        return found
    raise ValueError(text)


# --- lists --------------------------------------------------------------------------------------------

_LOOSE_COMMA = re.compile(r"\s*(?:,\s|，|、|;|；)\s*")


def listed(cell: object, *, commas: bool) -> tuple[str, ...]:
    """The several texts of a cell, each once: a list, or parted by ``|``, or by commas where they part.

    >>> listed("a|b, c", commas=True), listed("Kim, Lee", commas=True), listed("Kim, Lee", commas=False)
    (('a', 'b, c'), ('Kim', 'Lee'), ('Kim, Lee',))
    """
    parts: Sequence[object]
    if isinstance(cell, (list, tuple)):
        parts = cell
    elif isinstance(cell, str) and "|" in cell:
        parts = cell.split("|")
    elif isinstance(cell, str) and commas:
        parts = _LOOSE_COMMA.split(cell)
    else:
        parts = (cell,)
    return tuple(dict.fromkeys(text for text in map(words, parts) if text))
