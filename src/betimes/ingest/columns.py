"""Which column of a file is which of ours: said by a mapping, else recognised by its name."""

import difflib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fnmatch import fnmatchcase
from typing import Final

from betimes.domain.units import is_unit
from betimes.errors import InvalidFile, InvalidInput
from betimes.ingest.names import ALIASES, FACTS
from betimes.ingest.tables import Cells, Table, sample

#: Words that a mapping may give beside our columns: how to read the file, and which rows and columns to leave out.
SETTINGS: Final = frozenset({"where", "skip", "delimiter", "encoding"})
_NEEDED: Final[Mapping[str, tuple[str, ...]]] = {
    "items": ("id", "title"),
    "events": ("user", "item"),
    "utterances": ("user", "text"),
}
_DIVIDED = re.compile(r"(.+)/(\d+(?:\.\d+)?)")
_UNIT = re.compile(r"(.*?)\s*(?:\[([^\[\]]+)\]|[(（]([^()（）]+)[)）])")


@dataclass(frozen=True, slots=True)
class Source:
    """Where a value of ours comes from.

    Attributes:
        columns: the file's columns; several are taken together.
        how: for a reader, how that is known.
        constant: the value of every row, if it is not in the file.
        divisor: what a number is divided by.
        unit: the unit in brackets behind the column's name.
    """

    columns: tuple[str, ...]
    how: str
    constant: str | None = None
    divisor: Decimal = Decimal(1)
    unit: str = ""

    def of(self, cells: Cells) -> object:
        """The value in a row; a list where several columns are taken together; none where there is none."""
        if self.constant is not None:
            return self.constant
        if len(self.columns) == 1:
            return cells.get(self.columns[0])
        return [cells.get(column) for column in self.columns]


@dataclass(frozen=True, slots=True)
class FactSource:
    """The fact that a column becomes.

    Attributes:
        unit: of its numbers, where the column's name or the mapping gives one.
        divisor: what its numbers are divided by.
        said: whether a mapping asked for it, so that it comes before those left over.
    """

    name: str
    unit: str = ""
    divisor: Decimal = Decimal(1)
    said: bool = False


@dataclass(frozen=True, slots=True)
class Layout:
    """A file's columns as ours.

    Attributes:
        sources: by our name.
        facts: the columns that are facts, by the name in the file: those said, and those left over.
        skipped: patterns of columns to leave out.
    """

    sources: Mapping[str, Source]
    facts: Mapping[str, FactSource]
    skipped: tuple[str, ...]

    def described(self) -> dict[str, str]:
        """How each column of ours was understood, for a report."""
        return {ours: source.how for ours, source in self.sources.items()}


def fold(name: str) -> str:
    """A column's name without case, spaces and punctuation.

    >>> fold("Goods_Name"), fold(" 商品 ID ")
    ('goodsname', '商品id')
    """
    return "".join(c for c in name.casefold() if c.isalnum())


def parted(header: str) -> tuple[str, str]:
    """A column's name and the unit in brackets behind it.

    Square brackets always hold a unit; round ones only what is known to be one, or a currency.

    >>> parted("screen [in]"), parted("重量(克)"), parted("价格（元）"), parted("name (short)")
    (('screen', 'in'), ('重量', '克'), ('价格', '元'), ('name (short)', ''))
    """
    found = _UNIT.fullmatch(header.strip())
    if found is None or not found[1]:
        return header.strip(), ""
    unit = (found[2] or found[3]).strip()
    if found[2] is None and not is_unit(unit) and unit.upper() not in ("元", "¥", "$", "€", "£", "CNY", "USD", "GBP"):
        return header.strip(), ""
    return found[1].strip(), unit


def fact_name(column: str) -> str:
    """The field that a column of facts is known by: a common one, or its own name with underscores.

    >>> fact_name("Release Year"), fact_name("specs.屏幕尺寸"), fact_name("attr-n_weight")
    ('year', 'screen', 'attr_n_weight')
    """
    last = column.rpartition(".")[2] or column
    return FACTS.get(fold(last)) or re.sub(r"\W+", "_", last.strip().casefold()).strip("_")


def layout(what: str, table: Table, mapping: Mapping[str, str], *, file: str) -> Layout:
    """Finds our columns in a file.

    Args:
        what: ``items``, ``events`` or ``utterances``.
        mapping: ours to theirs; theirs may be several columns joined by ``+``, a column divided as in
            ``price/100``, the path of a JSON value as in ``a.b``, or a constant as in ``=video``.

    Raises:
        InvalidFile: a column that is needed, or that the mapping names, is not there.
    """
    aliases = ALIASES[what]
    said = {ours: theirs for ours, theirs in mapping.items() if ours not in SETTINGS}
    sources = {ours: _said(ours, theirs, table, file) for ours, theirs in said.items() if ours in aliases}
    taken = {column for source in sources.values() for column in source.columns}
    by_fold = {fold(parted(column)[0]): column for column in reversed(table.columns) if column not in taken}
    for ours, names in aliases.items():
        column = next((by_fold[name] for name in (ours, *names) if name in by_fold), None)
        if ours not in sources and column is not None and column not in taken:
            same = fold(parted(column)[0]) == ours
            sources[ours] = Source((column,), column if same else f"{column} (recognised)", unit=parted(column)[1])
            taken.add(column)
    _check_needed(what, sources, table, file)
    skipped = tuple(p.strip() for p in mapping.get("skip", "").split("+") if p.strip())
    facts = _facts(said, aliases, table, file) if what == "items" else {}
    if what == "items":
        for column in table.columns:
            if column and column not in taken and column not in facts and not is_skipped(column, skipped):
                facts[column] = left_over(column)
    ordered = {ours: sources[ours] for ours in aliases if ours in sources}
    return Layout(ordered, facts, skipped)


def left_over(column: str) -> FactSource:
    """The fact that a column becomes of which nothing was said."""
    name, unit = parted(column)
    return FactSource(fact_name(name), unit)


def is_skipped(column: str, patterns: Sequence[str]) -> bool:
    """Whether a column is to be left out."""
    return any(fnmatchcase(column, pattern) for pattern in patterns)


def _facts(said: Mapping[str, str], ours: Mapping[str, object], table: Table, file: str) -> dict[str, FactSource]:
    """The facts that a mapping names; several columns may become one."""
    facts = {}
    for header, theirs in said.items():
        if header in ours:
            continue
        source = _said(header, theirs, table, file)
        if source.constant is not None:
            raise InvalidInput(
                f"--map {header}={theirs}: a fact is taken from a column; only our columns take constants"
            )
        fact = FactSource(fact_name(parted(header)[0]), source.unit, source.divisor, said=True)
        facts.update(dict.fromkeys(source.columns, fact))
    return facts


def _said(ours: str, theirs: str, table: Table, file: str) -> Source:
    if theirs.startswith("="):
        return Source((), f"{theirs[1:]!r} for all", constant=theirs[1:])
    divided = None if theirs in table.columns else _DIVIDED.fullmatch(theirs)
    name, divisor = (divided[1], Decimal(divided[2])) if divided else (theirs, Decimal(1))
    if not divisor:
        raise InvalidInput(f"--map {ours}={theirs} divides by zero")
    columns = (name,) if name in table.columns else tuple(part.strip() for part in name.split("+"))
    for column in columns:
        # JSON may have columns that the first rows lack, though not for what every row needs.
        if column not in table.columns and (table.fixed or ours in ("id", "title", "user", "item")):
            near = difflib.get_close_matches(column, table.columns, 1)
            hint = f"; is it {near[0]!r}?" if near else ""
            raise InvalidFile(
                f"{file} has no column {column!r} for --map {ours}={theirs}{hint} It has: {_names(table.columns)}"
            )
    unit = parted(ours)[1] or (parted(columns[0])[1] if len(columns) == 1 else "")
    return Source(columns, theirs, divisor=divisor, unit=unit)


def _check_needed(what: str, sources: Mapping[str, Source], table: Table, file: str) -> None:
    missing = [ours for ours in _NEEDED[what] if ours not in sources]
    if not missing:
        return
    taken = {column for source in sources.values() for column in source.columns}
    tries = " ".join(f"--map {ours}={_shell(_guess(ours, table, taken))}" for ours in missing)
    found = ", ".join(f"{ours} ({source.how})" for ours, source in sources.items()) or "none of ours"
    lone = " There is only one column; is the delimiter another one? Say it: --map 'delimiter=:'."
    raise InvalidFile(
        f"{what} need {' and '.join(_NEEDED[what])}, and {file} has no column known as {' or '.join(missing)}. "
        f"It has: {_names(table.columns)}. Found: {found}.{lone if len(table.columns) == 1 else ''} "
        f"Say which it is, for example: {tries}"
    )


def _guess(ours: str, table: Table, taken: set[str]) -> str:
    """A column to try: for an id one of which no two rows are alike, else one that is still free."""
    columns = [column for column in table.columns if column]
    free = [column for column in columns if column not in taken]
    if ours == "id":
        rows = sample(table)
        unique = [c for c in columns if len({str(cells.get(c)) for cells in rows}) == len(rows)]
        named = [c for c in unique if any(word in fold(c) for word in ("id", "no", "code", "url", "image"))]
        return next(iter([*named, *unique, *free]), "COLUMN")
    return next(iter(free), "COLUMN")


def _names(columns: Sequence[str]) -> str:
    shown = ", ".join(repr(column[:60]) for column in columns[:30] if column)
    return f"{shown} and {len(columns) - 30:,} more" if len(columns) > 30 else shown or "no columns"


def _shell(column: str) -> str:
    column = column[:60]
    return column if re.fullmatch(r"[\w.]+", column) else f"'{column}'"
