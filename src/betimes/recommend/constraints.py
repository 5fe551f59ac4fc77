"""Hard constraints as an exact mask over the catalogue's columns, computed before any search."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from betimes.domain.intent import Constraint
from betimes.domain.names import Locale
from betimes.recommend.columns import Columns, Mask, holds

#: Fields whose values a catalogue may keep in any text column: a genre may be a category, a flavour a tag.
OPEN_FIELDS = frozenset(
    {"feature", "genre", "ingredient", "flavour", "material", "title", "model", "language", "style", "place"}
)
#: Text columns with a meaning of their own, where an open value is not looked for.
_CLOSED_COLUMNS = frozenset({"brand", "person", "color", "size"})


@dataclass(frozen=True, slots=True)
class ConstraintConfig:
    """Settings of :class:`Constraints`.

    Attributes:
        rates: what one unit of each currency is worth, in any common measure.
        home: the currency of a bare amount in each locale, where the catalogue trades in it.
    """

    rates: Mapping[str, float] = field(
        default_factory=lambda: {"CNY": 1.0, "USD": 7.1, "EUR": 8.2, "GBP": 9.5, "JPY": 0.047, "HKD": 0.91}
    )
    home: Mapping[Locale, str] = field(default_factory=lambda: {"zh": "CNY", "en": "USD"})


@dataclass(frozen=True, slots=True)
class Checked:
    """One constraint against all rows.

    Attributes:
        mask: rows that satisfy it, or none when no column can tell.
        currency: the currency a price was compared in, when some items had to be converted to it.
    """

    constraint: Constraint
    mask: Mask | None
    currency: str | None = None


class Constraints:
    """Checks constraints against columns, each exactly; equal ones are checked once per catalogue revision."""

    def __init__(self, columns: Columns, config: ConstraintConfig | None = None) -> None:
        self._columns = columns
        self.config = config or ConstraintConfig()
        self._cache: dict[object, Checked] = {}
        self._revision = -1

    def check(self, constraints: Sequence[Constraint], locale: Locale, domain: str | None) -> list[Checked]:
        """Each constraint's mask. Several ``=`` on one field are one condition, "one of them".

        With a domain given, a constraint on a field that no item of it has cannot be checked there.
        """
        if self._revision != self._columns.revision or len(self._cache) > 200:
            self._cache.clear()
            self._revision = self._columns.revision
        checked = [self._one(c, locale, domain) for c in constraints]
        return _joined(checked)

    def _one(self, constraint: Constraint, locale: Locale, domain: str | None) -> Checked:
        key = (constraint.field, constraint.op, constraint.value, constraint.currency, locale, domain)
        found = self._cache.get(key)
        if found is None:
            mask, currency = (
                self._price(constraint, locale) if constraint.field == "price" else (self._fact(constraint), None)
            )
            if mask is not None and domain is not None and not self._known_in(constraint, domain):
                mask = None
            if mask is not None:
                mask.flags.writeable = False
            found = self._cache[key] = Checked(constraint, mask, currency)
        return Checked(constraint, found.mask, found.currency)

    def _known_in(self, constraint: Constraint, domain: str) -> bool:
        listed = self._columns.listed(domain)
        if constraint.field == "price":
            return bool(np.any(~np.isnan(self._columns.price()) & listed))
        numbers = self._columns.numbers(constraint.field)
        if numbers is not None and isinstance(constraint.value, float):
            return bool(np.any(listed[numbers[0]]))
        return True

    def _price(self, constraint: Constraint, locale: Locale) -> tuple[Mask | None, str | None]:
        if not isinstance(constraint.value, (int, float)) or not self._columns.currencies:
            return None, None
        columns, rates = self._columns, self.config.rates
        target = constraint.currency or self.currency(locale)
        prices = columns.price()
        converted = None
        if set(columns.currencies) != {target} and target in rates:
            factors = np.full(len(columns.currencies) + 1, np.nan)
            for name, code in columns.currencies.items():
                factors[code] = 1.0 if name == target else rates.get(name, np.nan) / rates[target]
            prices = prices * factors[columns.currency().astype(np.int64)]
            converted = target
        return _compare(prices, constraint.op, float(constraint.value)), converted

    def currency(self, locale: Locale) -> str:
        """The currency of a bare amount: the reader's where the catalogue trades in it, else its main one."""
        columns = self._columns
        home = self.config.home[locale]
        if home in columns.currencies or not columns.currencies:
            return home
        codes = columns.currency().astype(np.int64)
        main = int(np.argmax(np.bincount(codes[codes >= 0])))
        return next(name for name, code in columns.currencies.items() if code == main)

    def _fact(self, constraint: Constraint) -> Mask | None:
        value = constraint.value
        if isinstance(value, (int, float)):
            numbers = self._columns.numbers(constraint.field)
            if numbers is None:
                return None
            rows, values = numbers
            mask: Mask = np.full(len(self._columns), constraint.op == "!=")
            mask[rows] = _compare(values, constraint.op, float(value))
            return mask
        wanted = value if isinstance(value, tuple) else (value,)
        found = [m for m in (self._holding(constraint.field, v, constraint.op) for v in wanted) if m is not None]
        if not found:
            return None
        mask = np.logical_or.reduce(found)
        return ~mask if constraint.op == "!=" else mask

    def _holding(self, name: str, value: str, op: str) -> Mask | None:
        """Rows that have a text value: exactly or, failing that, as a part of a longer one."""
        columns = self._columns
        mask: Mask = np.zeros(len(columns), dtype=bool)
        texts = columns.text_columns()
        known = name in texts
        looked = [name] if known else []
        if name in OPEN_FIELDS:
            looked = [n for n in texts if n not in _CLOSED_COLUMNS]
        for column in looked:
            held = texts[column]
            for match in held.equal(value) | held.containing(value):
                mask[np.array(held.values[match], dtype=np.int64)] = True
        for flag in columns.flag_names():
            if name in (flag, "feature") and holds(value.casefold(), flag.replace("_", " ")):
                mask[columns.flag_rows(flag, True)] = True
                known = True
        if name in OPEN_FIELDS and (op == "!=" or not mask.any()):
            mask |= columns.titles_holding(value)
        return mask if known or mask.any() or op == "!=" else None


def _compare(values: np.ndarray[tuple[int, ...], np.dtype[np.float64]], op: str, bound: float) -> Mask:
    slack = 1e-9 * max(1.0, abs(bound))
    with np.errstate(invalid="ignore"):
        if op == "<=":
            return np.asarray(values <= bound + slack)
        if op == ">=":
            return np.asarray(values >= bound - slack)
        near = np.abs(values - bound) <= slack
        return np.asarray(~near if op == "!=" else near)


def _joined(checked: list[Checked]) -> list[Checked]:
    """The masks of several ``=`` on one field united, so that each of them stands for "one of them"."""
    united: dict[tuple[str, bool], Mask] = {}
    for c in checked:
        if c.constraint.op == "=" and c.mask is not None:
            key = (c.constraint.field, c.constraint.hard)
            united[key] = united[key] | c.mask if key in united else c.mask
    return [
        Checked(c.constraint, united[(c.constraint.field, c.constraint.hard)], c.currency)
        if c.constraint.op == "=" and c.mask is not None
        else c
        for c in checked
    ]
