"""The catalogue as columns in memory: what masks and features are computed from."""

from __future__ import annotations  # array.array cannot be subscripted at run time in Python 3.11

from array import array
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from betimes.domain.item import Item, Quantity
from betimes.domain.labels import quantity
from betimes.domain.names import Locale, localised, variants
from betimes.domain.units import canonical
from betimes.recommend.arrays import Growing, Mask, RowArray
from betimes.recommend.entries import Entries, Entry, Gathered
from betimes.recommend.titles import Titles, holds
from betimes.rows import Rows

#: Columns that every item has as text, beside its facts.
TEXT_FIELDS = ("brand", "category", "tags")


@dataclass(slots=True)
class _Numbers:
    """One numeric fact: the rows that have it and its value in the canonical unit."""

    rows: array[int] = field(default_factory=lambda: array("l"))
    values: array[float] = field(default_factory=lambda: array("d"))

    def add(self, row: int, value: float) -> None:
        self.rows.append(row)
        self.values.append(value)

    def at(self, row: int) -> float:
        return self.values[self.rows.index(row)]

    def drop(self, row: int) -> None:
        at = self.rows.index(row)
        self.rows.pop(at)
        self.values.pop(at)


@dataclass(slots=True)
class _Texts:
    """One text column: the rows of each distinct value, whose spellings are folded for comparison."""

    values: dict[str, array[int]] = field(default_factory=dict)
    spellings: dict[str, tuple[str, ...]] = field(default_factory=dict)
    by_spelling: dict[str, set[str]] = field(default_factory=dict)

    def add(self, row: int, value: str) -> None:
        rows = self.values.get(value)
        if rows is None:
            rows = self.values[value] = array("l")
            folded = self.spellings[value] = tuple(v.casefold() for v in variants(value))
            for spelling in folded:
                self.by_spelling.setdefault(spelling, set()).add(value)
        if not rows or rows[-1] != row:
            rows.append(row)

    def drop(self, row: int, value: str) -> None:
        """Takes a row out, and the value with its last row: a value that no item has is no value."""
        rows = self.values[value]
        rows.remove(row)
        if not rows:
            del self.values[value]
            for spelling in set(self.spellings.pop(value)):
                alike = self.by_spelling[spelling]
                alike.remove(value)
                if not alike:
                    del self.by_spelling[spelling]

    def rows(self, value: str) -> RowArray:
        """The rows that have a value, as the catalogue spells it."""
        return np.array(self.values.get(value, ()), dtype=np.int64)

    def equal(self, spelling: str) -> set[str]:
        """Values of which one spelling is exactly this one, whatever the case."""
        return self.by_spelling.get(spelling.casefold(), set())

    def containing(self, part: str) -> set[str]:
        """Values of which one spelling contains this text as a word (Latin) or a substring (Chinese)."""
        part = part.casefold()
        return {value for value, folded in self.spellings.items() if any(holds(s, part) for s in folded)}


@dataclass(slots=True)
class _Codes:
    """Names as small numbers, and how many rows bear each."""

    codes: dict[str, int] = field(default_factory=dict)
    names: list[str] = field(default_factory=list)
    uses: Counter[str] = field(default_factory=Counter)

    def take(self, name: str) -> int:
        self.uses[name] += 1
        if name not in self.codes:
            self.codes[name] = len(self.names)
            self.names.append(name)
        return self.codes[name]

    def leave(self, code: int) -> None:
        """Gives up one use; the code -1, of a row that has none, is nobody's."""
        if code >= 0:
            self.uses[self.names[code]] -= 1

    def in_use(self) -> dict[str, int]:
        return {name: code for name, code in self.codes.items() if self.uses[name]}


class Columns:
    """All items of the catalogue by column. Not safe for concurrent writing; the engine takes care.

    Args:
        rows: the numbering shared with the other states of the process.
    """

    def __init__(self, rows: Rows) -> None:
        self.rows = rows
        self._listed = Growing(np.bool_, False)
        self._price = Growing(np.float64, np.nan)
        self._published = Growing(np.float64, -np.inf)
        self._currency = Growing(np.int16, -1)
        self._domain = Growing(np.int16, -1)
        self._currencies = _Codes()
        self._domains = _Codes()
        self._numbers: dict[str, _Numbers] = {}
        self._texts: dict[str, _Texts] = {name: _Texts() for name in TEXT_FIELDS}
        self._flags: dict[str, _Texts] = {}
        self._entries = Entries()
        self._held = Growing(np.bool_, False)
        self._titles = Titles()
        self.revision = 0

    def __len__(self) -> int:
        return len(self.rows)

    def put(self, item: Item) -> int:
        """Adds an item or replaces the one with its id, and returns its row."""
        row = self.rows.of(item.id)
        self._withdraw(row)
        self._held[row] = True
        self._listed[row] = item.available
        self._published[row] = item.published.timestamp() if item.published else -np.inf
        self._domain[row] = self._domains.take(item.domain)
        if item.price is not None:
            self._price[row] = float(item.price.major)
            self._currency[row] = self._currencies.take(item.price.currency)
        self._titles[row] = item.title
        entries = _entered(item)
        self._entries.put(row, entries)
        for entry, number in entries.items():
            match entry.kind:
                case "text":
                    self._texts.setdefault(entry.name, _Texts()).add(row, entry.value)
                case "flag":
                    self._flags.setdefault(entry.name, _Texts()).add(row, entry.value)
                case "number":
                    self._numbers.setdefault(entry.name, _Numbers()).add(row, number)
        self.revision += 1
        return row

    def remove(self, row: int) -> None:
        """Takes an item out; its row is not given to another."""
        if self._withdraw(row):
            self.revision += 1

    def _withdraw(self, row: int) -> bool:
        """Takes out what a row has, if it has an item."""
        if not self._held.upto(row + 1)[row]:
            return False
        self._domains.leave(int(self._domain.upto(row + 1)[row]))
        self._currencies.leave(int(self._currency.upto(row + 1)[row]))
        self._held[row] = False
        self._listed[row] = False
        self._published[row] = -np.inf
        self._domain[row] = -1
        self._price[row] = np.nan
        self._currency[row] = -1
        self._titles[row] = ""
        for entry in self._entries.pop(row):
            match entry.kind:
                case "text":
                    _drop(self._texts, entry.name, row, entry.value)
                case "flag":
                    _drop(self._flags, entry.name, row, entry.value)
                case "number":
                    self._numbers[entry.name].drop(row)
                    if not self._numbers[entry.name].rows:
                        del self._numbers[entry.name]
        return True

    @property
    def currencies(self) -> dict[str, int]:
        """The currencies that items are priced in, and the code of each in :meth:`currency`."""
        return self._currencies.in_use()

    @property
    def main_currency(self) -> str | None:
        """The currency that most items are priced in; none where no item has a price."""
        uses = self._currencies.uses
        return max((n for n in uses if uses[n]), key=lambda name: (uses[name], name), default=None)

    @property
    def domains(self) -> dict[str, int]:
        """The domains that items belong to, and the code of each."""
        return self._domains.in_use()

    def listed(self, domain: str | None) -> Mask:
        """Rows that may be recommended at all: available, and of the domain if one is given."""
        n = len(self)
        mask: Mask = self._listed.upto(n).astype(bool)
        if domain is not None:
            mask &= self.of_domain(domain)
        return mask

    def of_domain(self, domain: str | None) -> Mask:
        """Rows of a domain, or of any, whether available or not."""
        codes = self._domain.upto(len(self))
        mask: Mask = codes >= 0 if domain is None else codes == self._domains.codes.get(domain, -2)
        return mask

    def domain(self, row: int) -> str | None:
        """The domain of a row; none for one not in the catalogue."""
        code = int(self._domain.upto(row + 1)[row])
        return self._domains.names[code] if code >= 0 else None

    def price(self) -> npt.NDArray[np.float64]:
        """Price of each row in major units of its own currency; NaN where there is none."""
        return self._price.upto(len(self))

    def currency(self) -> npt.NDArray[np.int16]:
        """Code of each row's currency, as in ``currencies``; -1 where there is none."""
        return self._currency.upto(len(self))

    def currencies_of(self, rows: RowArray) -> set[str]:
        """The currencies that some of the rows are priced in."""
        return {self._currencies.names[code] for code in set(self.currency()[rows].tolist()) if code >= 0}

    def worth(self, rates: Mapping[str, float], rows: RowArray | None = None) -> npt.NDArray[np.float64]:
        """Prices in one measure, of all rows or of those given; NaN where there is no price or no rate.

        Args:
            rates: what one unit of each currency is worth.
        """
        known = self._currencies.codes
        # The last factor is for the code -1, which marks a row without a price.
        factors = np.array([*(rates.get(name, np.nan) for name in known), np.nan])
        at = slice(None) if rows is None else rows
        worth: npt.NDArray[np.float64] = self.price()[at] * factors[self.currency()[at]]
        return worth

    def published(self) -> npt.NDArray[np.float64]:
        """Time of publication in seconds since 1970; minus infinity where it is not known."""
        return self._published.upto(len(self))

    def numbers(self, name: str) -> tuple[RowArray, npt.NDArray[np.float64]]:
        """Rows that have a numeric fact, and their values in its canonical unit."""
        held = self._numbers.get(name, _Numbers())
        return np.array(held.rows, dtype=np.int64), np.array(held.values, dtype=np.float64)

    def text_columns(self) -> dict[str, _Texts]:
        """The text columns by name."""
        return self._texts

    def flag_rows(self, name: str, flag: bool) -> RowArray:
        """Rows of which a flag is known to be so."""
        return self._flags.get(name, _Texts()).rows("yes" if flag else "no")

    def flag_names(self) -> Iterable[str]:
        """The flags that at least one item has had."""
        return self._flags

    def title(self, row: int) -> str:
        """The title of a row; empty for one not in the catalogue."""
        return self._titles[row]

    def titles_holding(self, part: str) -> Mask:
        """Rows whose title contains a text, in one of its spellings."""
        mask: Mask = np.zeros(len(self), dtype=bool)
        mask[self._titles.holding(part)] = True
        return mask

    def traits(self, row: int) -> tuple[str, ...]:
        """Category, brand and tags of a row, as the catalogue spells them."""
        return tuple(e.value for e in self._entries.of(row) if e.kind == "text" and e.name in TEXT_FIELDS)

    def entries(self, rows: RowArray) -> Gathered:
        """What rows have, to be weighed by :func:`traits`."""
        return self._entries.among(rows)

    def value_of(self, row: int, name: str, locale: Locale, unit: str = "") -> str | None:
        """A column's value at a row, for a reader; none when the item does not have it.

        Args:
            unit: the canonical unit of a number.
        """
        entries = [e for e in self._entries.of(row) if e.name == name]
        texts = [localised(e.value, locale) for e in entries if e.kind == "text"]
        if texts:
            return "、".join(texts) if locale == "zh" else ", ".join(texts)
        if any(e.kind == "number" for e in entries):
            return quantity(Quantity(self._numbers[name].at(row), unit), locale)
        return None


def _entered(item: Item) -> dict[Entry, float]:
    """What a row of an item has, each once; with the value of those that are numbers, in the canonical unit."""
    texts = [("category", item.category), ("brand", item.brand), *(("tags", t) for t in item.tags)]
    found: dict[Entry, float] = {}
    for name, fact in item.facts.items():
        if isinstance(fact, bool):
            found[Entry("flag", name, "yes" if fact else "no")] = 0.0
        elif isinstance(fact, Quantity):
            found[Entry("number", name)] = canonical(fact.value, fact.unit, name)[0]
        else:
            texts.extend((name, value) for value in fact)
    return {Entry("text", name, value): 0.0 for name, value in texts if value} | found


def traits(weights: Mapping[str, float]) -> dict[Entry, float]:
    """Weights of values for whatever trait has such a value: category, brand or tag."""
    return {Entry("text", name, value): weight for value, weight in weights.items() for name in TEXT_FIELDS}


def _drop(columns: dict[str, _Texts], name: str, row: int, value: str) -> None:
    """Takes a row out of a text column, and the column with its last value, unless every item has it."""
    columns[name].drop(row, value)
    if not columns[name].values and name not in TEXT_FIELDS:
        del columns[name]
