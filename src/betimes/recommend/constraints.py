"""Hard constraints as an exact mask over the catalogue's columns, computed before any search."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
import numpy.typing as npt

from betimes.domain.intent import Constraint
from betimes.domain.labels import field_label
from betimes.domain.names import Locale, variants
from betimes.recommend.arrays import Mask, RowArray
from betimes.recommend.columns import Columns
from betimes.recommend.titles import holds

#: Fields whose values a catalogue may keep in any text column: a genre may be a category, a flavour a tag.
OPEN_FIELDS = frozenset(
    {"feature", "genre", "ingredient", "flavour", "material", "title", "model", "language", "style", "place"}
)
#: What an item is without, of which a flag is so.
_ABSENT: Mapping[str, frozenset[str]] = {
    "instrumental": frozenset({"人声", "歌词", "唱", "vocals", "vocal", "singing", "lyrics", "words"}),
}
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
        prices: what was compared, of each row, for a bound on the price.
    """

    constraint: Constraint
    mask: Mask | None
    currency: str | None = None
    prices: npt.NDArray[np.float64] | None = None

    def missed(self, rows: RowArray) -> npt.NDArray[np.float64]:
        """By how much each of the rows misses it: 0 for those that satisfy it, else from a half up to 1.

        A price misses its bound by its distance to it, 1 at twice the bound; all else misses wholly.
        """
        if self.mask is None:
            return np.zeros(len(rows))
        by = np.ones(len(rows))
        if self.prices is not None and isinstance(self.constraint.value, (int, float)):
            bound = max(1e-9, abs(float(self.constraint.value)))
            by = np.nan_to_num(np.clip(np.abs(self.prices[rows] - bound) / bound, 0.0, 1.0), nan=1.0)
        return np.where(self.mask[rows], 0.0, 0.5 + 0.5 * by)


class Constraints:
    """Checks constraints against columns, each exactly; equal ones are checked once per catalogue revision."""

    def __init__(self, columns: Columns, config: ConstraintConfig | None = None) -> None:
        self._columns = columns
        self.config = config or ConstraintConfig()
        self._cache: dict[object, Checked] = {}
        self._prices: dict[str, npt.NDArray[np.float64]] = {}
        self._stamp = (-1, -1)

    def check(self, constraints: Sequence[Constraint], locale: Locale, domain: str | None) -> list[Checked]:
        """Each constraint's mask. Several ``=`` on one field are one condition, "one of them".

        A constraint on a field that no listed item has (of the domain, if one is given) cannot be checked
        there, save that all of them satisfy a ``!=``.
        """
        # Rows are also given out for items that only events name, which no revision tells of.
        stamp = (self._columns.revision, len(self._columns))
        if self._stamp != stamp or len(self._cache) > 64:
            self._cache.clear()
            self._prices.clear()
            self._stamp = stamp
        checked = [self._one(c, locale, domain) for c in constraints]
        return _joined(checked)

    def currency(self, locale: Locale) -> str:
        """The currency of a bare amount: the reader's where the catalogue trades in it, else its main one."""
        home = self.config.home[locale]
        return home if home in self._columns.currencies else self._columns.main_currency or home

    def rates_to(self, currency: str) -> Mapping[str, float]:
        """What one unit of each currency is worth in another; of that one alone when its rate is not known."""
        rates = self.config.rates
        if currency not in rates:
            return {currency: 1.0}
        return {name: rate / rates[currency] for name, rate in rates.items()}

    def _one(self, constraint: Constraint, locale: Locale, domain: str | None) -> Checked:
        key = (constraint.field, constraint.op, constraint.value, constraint.currency, locale, domain)
        found = self._cache.get(key)
        if found is None:
            here = self._columns.listed(domain)
            if constraint.field == "price":
                found = self._price(constraint, locale, here)
            else:
                found = Checked(constraint, self._fact(constraint, here))
            if found.mask is not None:
                found.mask.flags.writeable = False
            self._cache[key] = found
        return replace(found, constraint=constraint)

    def _price(self, constraint: Constraint, locale: Locale, here: Mask) -> Checked:
        if not isinstance(constraint.value, (int, float)):
            return Checked(constraint, None)
        columns = self._columns
        target = constraint.currency or self.currency(locale)
        prices = self._prices.get(target)
        if prices is None:
            prices = self._prices[target] = columns.worth(self.rates_to(target))
        priced = here & ~np.isnan(prices)
        if not priced.any() and constraint.op != "!=":
            return Checked(constraint, None)
        foreign = columns.currency() != columns.currencies.get(target, -1)
        converted = target if np.any(priced & foreign) else None
        mask = _compare(prices, constraint.op, float(constraint.value))
        return Checked(constraint, mask, converted, prices)

    def _fact(self, constraint: Constraint, here: Mask) -> Mask | None:
        value = constraint.value
        if isinstance(value, (int, float)):
            return self._number(constraint, float(value), here)
        wanted = value if isinstance(value, tuple) else (value,)
        found = [self._holding(constraint.field, v, constraint.op, here) for v in wanted]
        told = [mask for mask in found if mask is not None]
        if not told:
            return None
        mask: Mask = np.logical_or.reduce(told)
        return ~mask if constraint.op == "!=" else mask

    def _number(self, constraint: Constraint, bound: float, here: Mask) -> Mask | None:
        rows, values = self._columns.numbers(constraint.field)
        if constraint.op != "!=" and not here[rows].any():
            return None
        mask: Mask = np.full(len(self._columns), constraint.op == "!=")
        mask[rows] = _compare(values, constraint.op, bound)
        return mask

    def _holding(self, name: str, value: str, op: str, here: Mask) -> Mask | None:
        """Rows that have a text value: exactly or, failing that, as a part of a longer one.

        None when nothing listed here has the field, so that nothing can be told.
        """
        columns = self._columns
        mask: Mask = np.zeros(len(columns), dtype=bool)
        texts = columns.text_columns()
        if name in OPEN_FIELDS:
            looked = [held for column, held in texts.items() if column not in _CLOSED_COLUMNS]
        else:
            looked = [texts[name]] if name in texts else []
        for spelling in variants(value):
            for held in looked:
                for match in held.equal(spelling) | held.containing(spelling):
                    mask[held.rows(match)] = True
            for flag in columns.flag_names():
                if name in (flag, "feature") and _names_flag(spelling.casefold(), flag):
                    mask[columns.flag_rows(flag, True)] = True
                elif name in OPEN_FIELDS and spelling.casefold() in _ABSENT.get(flag, ()):
                    mask[columns.flag_rows(flag, False)] = True
        if name in OPEN_FIELDS and (op == "!=" or not np.any(mask & here)):
            for spelling in variants(value):
                mask |= columns.titles_holding(spelling)
        known = op == "!=" or np.any(mask & here) or self._known(name, here)
        return mask if known else None

    def _known(self, name: str, here: Mask) -> bool:
        """Whether something listed here has a text or a flag of this name."""
        texts = self._columns.text_columns().get(name)
        if texts is not None and any(here[texts.rows(value)].any() for value in texts.values):
            return True
        return any(here[self._columns.flag_rows(name, flag)].any() for flag in (True, False))


def _names_flag(said: str, flag: str) -> bool:
    names = (flag.replace("_", " "), field_label(flag, "zh"), field_label(flag, "en"))
    return any(holds(said, name.casefold()) for name in names)


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
        replace(c, mask=united[(c.constraint.field, c.constraint.hard)])
        if c.constraint.op == "=" and c.mask is not None
        else c
        for c in checked
    ]
