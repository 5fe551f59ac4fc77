"""The way of every row: read, filtered, understood, or set aside with the reason."""

import operator
import re
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any, Final, TypeVar

from betimes.errors import InvalidFile, InvalidInput
from betimes.ingest.rejects import Rejects
from betimes.ingest.report import Rejected, Tally
from betimes.ingest.tables import Broken, Cells, Table, open_table
from betimes.ingest.values import measured, words

T = TypeVar("T")
Filter = Callable[[Cells], bool]

_OPS: Final[Mapping[str, Callable[[Any, Any], bool]]] = {
    ">=": operator.ge,
    "<=": operator.le,
    "!=": operator.ne,
    "==": operator.eq,
    "=": operator.eq,
    ">": operator.gt,
    "<": operator.lt,
}
_CONDITION = re.compile(r"(.+?)\s*(>=|<=|!=|==|=|>|<)\s*(.*)")


def table_of(path: Path, mapping: Mapping[str, str]) -> Table:
    """Opens a file, read as the mapping says.

    Raises:
        InvalidFile: it cannot be read as a table.
    """
    return open_table(path, delimiter=mapping.get("delimiter"), encoding=mapping.get("encoding"))


def where(condition: str, table: Table) -> Filter:
    """The filter that a condition states: ``column op value``, several joined by ``and``.

    Numbers are compared as numbers, anything else as text; a cell that is no number is neither more nor less.

    Raises:
        InvalidInput: it is not of this form.
        InvalidFile: there is no such column.
    """
    parts = [_condition(part, table) for part in re.split(r"\s+and\s+", condition.strip())]
    return parts[0] if len(parts) == 1 else lambda cells: all(part(cells) for part in parts)


def _condition(text: str, table: Table) -> Filter:
    found = _CONDITION.fullmatch(text)
    if found is None:
        raise InvalidInput(f"a condition is column, operator and value, such as Quantity>0, not {text!r}")
    column, compare, value = found[1], _OPS[found[2]], found[3].strip("'\"")
    if table.fixed and column not in table.columns:
        raise InvalidFile(f"there is no column {column!r} for the condition {text!r}")
    amount = measured(value)
    if amount is None:
        return lambda cells: compare(words(cells.get(column)), value)
    bound, strict = amount.value, found[2] in (">", "<", ">=", "<=", "=", "==")

    def holds(cells: Cells) -> bool:
        cell = measured(cells.get(column))
        return compare(cell.value, bound) if cell is not None else not strict

    return holds


def taken(
    table: Table, condition: str | None, understand: Callable[[Cells], T], tally: Tally, rejects: Rejects
) -> Iterator[tuple[int, Cells, T]]:
    """The rows that are understood, with their line; the others go to the rejects."""
    keep = where(condition, table) if condition else None
    for line, cells in table:
        tally.read += 1
        if isinstance(cells, Broken):
            tally.reasons[cells.reason] += 1
            rejects.add(line, cells.reason, cells.row)
            continue
        try:
            if keep is not None and not keep(cells):
                raise Rejected(f"left out by the condition {condition}")
            thing = understand(cells)
        except Rejected as error:
            tally.reasons[error.what] += 1
            rejects.add(line, str(error), table.raw(cells))
            continue
        yield line, cells, thing
