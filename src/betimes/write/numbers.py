"""Numbers in a text and what they count, so that those of a draft can be held against the facts."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from betimes.domain.item import Item, Quantity
from betimes.domain.labels import field_label, money, quantity
from betimes.domain.names import has_han
from betimes.domain.units import canonical, is_unit
from betimes.numerals import digits
from betimes.text import normalise

_NUMBER = re.compile(
    r"(?P<sign>us\$|hk\$|jp¥|[$¥€£])?\s?(?<![a-z0-9.])(?P<digits>\d+(?:\.\d+)?)"
    r"(?:[\s-]?(?P<word>[a-z]+|[\"″]|[\u4e00-\u9fff]{1,3}))?"
)
_SIGNS = {"$": "USD", "us$": "USD", "hk$": "HKD", "¥": "CNY", "jp¥": "JPY", "€": "EUR", "£": "GBP"}
_CURRENCIES = {
    word: code
    for code, words in {
        "CNY": "元 块 块钱 人民币 yuan rmb cny",
        "USD": "美元 美金 usd dollar dollars bucks",
        "EUR": "欧元 eur euro euros",
        "GBP": "英镑 gbp",
        "JPY": "日元 jpy yen",
        "HKD": "港元 港币 hkd",
    }.items()
    for word in words.split()
}
#: Words that stand after a plain count, though they measure something elsewhere.
_COUNT_WORDS = {"rating": {"分"}, "days": {"天", "日", "day", "days"}}
_PRICE_WORDS = ("价格", "售价", "价", "只要", "仅", "price", "priced", "costs", "cost")
_JOINED_BEFORE = re.compile(r"(?:[\s:=是为有达约]|\b(?:is|of|at|about)\b)+$")
_JOINED_AFTER = re.compile(r"^(?:[\s的]|of\b)+")


@dataclass(frozen=True, slots=True)
class Number:
    """A number as written.

    Attributes:
        unit: its unit as written, or nothing.
        currency: the code of its currency, or nothing.
        start: where it begins in the text, with its sign of currency.
        end: where it ends, with its unit.
    """

    value: float
    unit: str
    currency: str
    start: int
    end: int

    def same(self, other: "Number", field: str = "") -> bool:
        """Whether it is the same amount of the same thing, as a value of a field."""
        (a, unit), (b, other_unit) = (
            canonical(n.value, "" if n.unit in _COUNT_WORDS.get(field, ()) else n.unit, field) for n in (self, other)
        )
        return (unit, self.currency) == (other_unit, other.currency) and _equal(a, b)

    def is_bare(self) -> bool:
        """Whether nothing says what it counts."""
        return not self.unit and not self.currency


def folded(text: str) -> str:
    """A text as numbers are read from it: normalised, in lower case, numerals as digits.

    >>> folded("评分 8，100 元")
    '评分 8, 100 元'
    """
    # A full-width comma parts clauses; made half-width it would look like a mark of thousands.
    return digits(normalise(text.replace("，", "， "))).casefold()


def numbers(text: str) -> Iterator[Number]:
    """The numbers of a folded text.

    >>> [(n.value, n.unit, n.currency) for n in numbers(folded("8GB，续航两小时，售价 1,099 元，2019 年"))]
    [(8.0, 'gb', ''), (2.0, '小时', ''), (1099.0, '', 'CNY'), (2019.0, '', '')]
    """
    for match in _NUMBER.finditer(text):
        word = match["word"] or ""
        # Of Chinese, which is written without spaces, the longest unit; a Latin word is one or is not.
        starts = (word[:n] for n in range(len(word), 0, -1)) if has_han(word) else (word,)
        unit = next((w for w in starts if w in _CURRENCIES or is_unit(w)), "")
        currency = _SIGNS.get(match["sign"] or "", "") or _CURRENCIES.get(unit, "")
        end = match.start("word") + len(unit) if unit else match.end("digits")
        yield Number(float(match["digits"]), "" if currency else unit, currency, match.start(), end)


def unfounded(text: str, item: Item, known: str) -> Iterator[Number]:
    """The numbers of a text that neither the facts nor what else is known bear out.

    A number must be known together with what it counts. Where the name of a fact stands beside it, it must
    be the number of that fact.

    Args:
        text: the text to check, folded.
        known: all other text that may be taken up, folded.
    """
    facts = _stated(item)
    elsewhere = list(numbers(known))
    for number in numbers(text):
        named = [field for field in facts if _stands_beside(field, number, text)]
        if named:
            founded = any(
                number.same(fact, field) or (number.is_bare() and _equal(number.value, fact.value))
                for field in named
                for fact in facts[field]
            )
        else:
            founded = any(number.same(fact, field) for field in facts for fact in facts[field]) or any(
                number.same(other) for other in elsewhere
            )
        if not founded:
            yield number


def _stated(item: Item) -> dict[str, list[Number]]:
    """The numbers of an item by field, each exactly and as it is shown to readers."""
    written: dict[str, list[str]] = {}
    if item.price is not None:
        exact = f"{item.price.major} {item.price.currency}"
        written["price"] = [exact, money(item.price, "zh"), money(item.price, "en")]
    for field, fact in item.facts.items():
        if isinstance(fact, Quantity):
            written[field] = [f"{fact.value:f} {fact.unit}", quantity(fact, "zh"), quantity(fact, "en")]
    return {field: [n for text in texts for n in numbers(folded(text))] for field, texts in written.items()}


def _stands_beside(field: str, number: Number, text: str) -> bool:
    """Whether the name of a field stands right before a number or right after it."""
    names = (field_label(field, "zh"), field_label(field, "en"))
    before = _JOINED_BEFORE.sub("", text[: number.start])
    if field == "price":
        return _ends_with(before, _PRICE_WORDS)
    after = _JOINED_AFTER.sub("", text[number.end :])
    return _ends_with(before, names) or after.startswith(names)


def _ends_with(text: str, words: Iterable[str]) -> bool:
    return any(text.endswith(w) and not (w.isascii() and text[: -len(w)][-1:].isalnum()) for w in words)


def _equal(a: float, b: float) -> bool:
    return abs(a - b) <= 1e-9 * max(1.0, abs(b))
