"""Facts of an item out of the columns that are not ours: numbers with units, flags and texts."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Literal

from betimes.domain.item import Fact
from betimes.ingest.columns import FactSource, is_skipped, left_over
from betimes.ingest.tables import Cells
from betimes.ingest.values import FLAG_WORDS, absent, flag, listed, measured, words

Kind = Literal["number", "flag", "list", "object", "text"]

MAX_FACTS = 64
_MAX_VALUES = 32
_MAX_COLUMNS = 20_000
_MAX_VALUE = 500
#: Fields that hold several names, parted by commas.
_LISTS = frozenset("person country language genre ingredient feature place season".split())


@dataclass(frozen=True, slots=True)
class FactColumn:
    """A column of facts and what its cells are read as."""

    source: FactSource
    kind: Kind

    def of(self, cell: object) -> Fact | None:
        """The fact in a cell; none where it holds nothing. Typed values keep their type."""
        if absent(cell) or isinstance(cell, dict):
            return None
        if isinstance(cell, bool) or (self.kind == "flag" and words(cell).casefold() in FLAG_WORDS):
            return flag(cell)
        if self.kind == "number" or isinstance(cell, (int, float, Decimal)):
            amount = measured(cell, self.source.unit)
            if amount is not None:
                return replace(amount, value=amount.value / float(self.source.divisor))
        texts = listed(cell, commas=self.kind == "list")[:_MAX_VALUES]
        return tuple(text[:_MAX_VALUE] for text in texts) or None

    def __str__(self) -> str:
        return f"{self.kind} [{self.source.unit}]" if self.source.unit else self.kind


def decide(source: FactSource, cells: Sequence[object]) -> FactColumn:
    """What a column's cells are, judged by some that hold something."""
    texts = [cell.strip() for cell in cells if isinstance(cell, str)]
    if len(texts) == len(cells) and all(_object(text) is not None for text in texts):
        return FactColumn(source, "object")
    if all(isinstance(cell, bool) or words(cell).casefold() in FLAG_WORDS for cell in cells):
        return FactColumn(source, "flag")
    if sum(measured(cell) is not None for cell in cells) >= 0.9 * len(cells):
        return FactColumn(source, "number")
    if source.name in _LISTS or sum(_looks_listed(text) for text in texts) > len(cells) / 2:
        return FactColumn(source, "list")
    return FactColumn(source, "text")


def _object(cell: object) -> dict[str, object] | None:
    """The JSON object that a cell spells, if it spells one."""
    if not isinstance(cell, str) or not cell.lstrip().startswith("{"):
        return None
    try:
        found = json.loads(cell)
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None


def _looks_listed(text: str) -> bool:
    parts = listed(text, commas=True)
    return len(parts) > 1 and all(len(part) <= 30 for part in parts)


class FactReader:
    """Reads the facts of a row. Columns that the first rows leave empty are judged by their first cell."""

    def __init__(
        self, sources: Mapping[str, FactSource], sample: Sequence[Cells], ours: frozenset[str], skipped: Sequence[str]
    ) -> None:
        self._sources = sources
        self._columns: dict[str, FactColumn] = {}
        for column, source in sources.items():
            cells = [row[column] for row in sample if not absent(row.get(column))]
            if cells:
                self._columns[column] = decide(source, cells)
        self._said = [column for column, source in sources.items() if source.said]
        self._ignored = {*ours, ""}
        self._skipped = skipped

    def described(self) -> dict[str, str]:
        """How each column of facts was understood, for a report."""
        found: dict[str, str] = {}
        for column in dict.fromkeys((*self._sources, *self._columns)):
            fact = self._columns.get(column)
            name = fact.source.name if fact else self._sources[column].name
            before = found.get(name)
            found[name] = f"{before} and {column}" if before else f"{fact or 'nothing'} from {column}"
        return found

    def read(self, cells: Cells) -> tuple[dict[str, Fact], bool]:
        """The facts of a row, and whether there were more than an item may have."""
        facts: dict[str, Fact] = {}
        first = {column: cells[column] for column in self._said if column in cells}
        for name, fact in self._found(first | cells if first else cells):
            held = facts.get(name)
            if held is None:
                if len(facts) == MAX_FACTS:
                    return facts, True
                facts[name] = fact
            elif isinstance(held, tuple) and isinstance(fact, tuple):
                facts[name] = tuple(dict.fromkeys((*held, *fact)))[:_MAX_VALUES]
        return facts, False

    def _found(self, cells: Cells) -> Iterator[tuple[str, Fact]]:
        for column, cell in cells.items():
            if cell is None or cell == "" or column in self._ignored:
                continue
            known = self._columns.get(column) or self._meet(column, cell)
            if known is None:
                continue
            if known.kind == "object":
                yield from self._found({f"{column}.{name}": inner for name, inner in (_object(cell) or {}).items()})
                continue
            fact = known.of(cell)
            if fact is not None:
                yield known.source.name, fact

    def _meet(self, column: str, cell: object) -> FactColumn | None:
        source = self._sources.get(column)
        if absent(cell) or (source is None and self._too_many(column)):
            return None
        known = self._columns[column] = decide(source or left_over(column), [cell])
        return known

    def _too_many(self, column: str) -> bool:
        """Whether a column that the first rows lack is to be left out."""
        if is_skipped(column, self._skipped) or len(self._columns) > _MAX_COLUMNS:
            if len(self._ignored) < _MAX_COLUMNS:
                self._ignored.add(column)
            return True
        return False
