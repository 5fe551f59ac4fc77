"""Tables of any format as rows: CSV, JSON lines, JSON arrays and Parquet, read in bounded memory."""

import csv
import io
import json
import re
from collections import deque
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Protocol, TextIO

from betimes.errors import InvalidFile
from betimes.ingest.files import TextFile, beginning, survey

Cells = dict[str, object]

#: Rows that are looked at to learn what the columns hold.
SAMPLE = 200
_MAX_CELL = 262_144
_MAX_LINE = 1 << 22
_MAX_COLUMNS = 10_000
_MAX_DEPTH = 4
#: What stands between the elements of an array.
_BETWEEN = re.compile(r"[\s,]*")
_DELIMITERS = (",", "\t", ";", "|")


@dataclass(frozen=True, slots=True)
class Broken:
    """A row that could not be read, and what there is of it."""

    reason: str
    row: str


class Table(Protocol):
    """Rows with named cells; can be read several times.

    Attributes:
        columns: the names of the columns; of JSON, those seen in the first rows.
        fixed: whether there can be no other columns.
        total: how many rows there are about to be; none if that is not known.
    """

    columns: tuple[str, ...]
    fixed: bool
    total: int | None

    def __iter__(self) -> Iterator[tuple[int, Cells | Broken]]:
        """Each row with its line in the file (its number from 1, in JSON arrays and Parquet)."""

    def raw(self, cells: Mapping[str, object]) -> str:
        """A row as text, for a person to find and mend."""


def open_table(path: Path, *, delimiter: str | None = None, encoding: str | None = None) -> Table:
    """The table in a file, whose format is told by its content.

    Args:
        delimiter: what parts the cells of CSV; by default found out among comma, tab, semicolon and bar.
        encoding: of text; by default found out among UTF-8, UTF-16 and GB18030.

    Raises:
        InvalidFile: it cannot be read as a table.
    """
    if beginning(path, 4) == b"PAR1":
        return ParquetTable(path)
    text = survey(path, encoding)
    with text.open() as stream:
        first = stream.read(4_096).lstrip()[:1]
    if first == "[":
        return JsonTable(text, array=True)
    if first == "{":
        return JsonTable(text, array=False)
    return CsvTable(text, delimiter)


def sample(table: Table) -> list[Cells]:
    """The first rows that can be read."""
    return [cells for _, cells in islice(table, SAMPLE) if not isinstance(cells, Broken)]


class CsvTable:
    """A table in delimited text whose first line names the columns."""

    fixed = True

    def __init__(self, text: TextFile, delimiter: str | None = None) -> None:
        self._text = text
        with text.open() as stream:
            self.delimiter = _one_character(delimiter) if delimiter else _sniff(stream.read(65_536))
        header = next(self._read(), None)
        if header is None or isinstance(header[1], Broken):
            raise InvalidFile(f"{text.path.name} has no header; its first line must name the columns")
        line, names = header[0], header[1]
        self.columns = tuple(name.strip() for name in names)
        named = [name for name in self.columns if name]
        twice = sorted({name for name in named if named.count(name) > 1}) if len(named) < _MAX_COLUMNS else []
        if twice:
            raise InvalidFile(
                f"{text.path.name} names the column {twice[0]!r} more than once; name each column differently"
            )
        if len(named) >= _MAX_COLUMNS:
            raise InvalidFile(f"{text.path.name} has {len(self.columns):,} columns; at most {_MAX_COLUMNS:,} are read")
        self.total: int | None = max(text.lines - line, 0)

    def __iter__(self) -> Iterator[tuple[int, Cells | Broken]]:
        """See the protocol."""
        columns, width = self.columns, len(self.columns)
        for line, row in islice(self._read(), 1, None):
            if isinstance(row, Broken):
                yield line, row
            elif len(row) == width:
                yield line, dict(zip(columns, row, strict=True))
            else:
                few = "fewer cells than the header" if len(row) < width else "more cells than the header"
                yield line, Broken(few, self._joined(row))

    def raw(self, cells: Mapping[str, object]) -> str:
        """See the protocol."""
        return self._joined([str(cells.get(name, "")) for name in self.columns])

    def _joined(self, row: list[str]) -> str:
        text = io.StringIO()
        csv.writer(text, delimiter=self.delimiter, lineterminator="").writerow(row)
        return text.getvalue()

    def _read(self) -> Iterator[tuple[int, "list[str] | Broken"]]:
        """Rows with the line each begins in. Only the line at fault is lost to a quote that never ends."""
        csv.field_size_limit(_MAX_CELL)  # of the whole process; the default is half of it
        width: int | None = None
        with self._text.open() as stream:
            lines = _Lines(stream)
            reader = csv.reader(lines, delimiter=self.delimiter, strict=True)
            while True:
                lines.taken.clear()
                reason = "a quote that is not closed, or a cell that is too long"
                try:
                    row = next(reader, None)
                except csv.Error:
                    row = []
                    broken = True
                else:
                    broken = row is not None and len(lines.taken) > 1 and width is not None and len(row) != width
                start = lines.read - len(lines.taken) + 1
                if row is None:
                    return
                if broken:
                    yield start, Broken(reason, lines.taken[0].rstrip("\r\n"))
                    lines.give_back()
                    reader = csv.reader(lines, delimiter=self.delimiter, strict=True)
                elif row:
                    width = width or len(row)
                    yield start, row


@dataclass(slots=True)
class _Lines:
    """The lines of a stream, of which those of the current row can be given back."""

    stream: TextIO
    taken: list[str] = field(default_factory=list)
    again: deque[str] = field(default_factory=deque)
    read: int = 0

    def __iter__(self) -> "_Lines":
        return self

    def __next__(self) -> str:
        line = self.again.popleft() if self.again else self.stream.readline(_MAX_LINE)
        if not line:
            raise StopIteration
        self.read += 1
        self.taken.append(line)
        return line

    def give_back(self) -> None:
        """All lines of the current row but its first."""
        self.again.extendleft(reversed(self.taken[1:]))
        self.read -= len(self.taken) - 1


def _one_character(delimiter: str) -> str:
    delimiter = {"tab": "\t", "\\t": "\t"}.get(delimiter, delimiter)
    if len(delimiter) != 1 or delimiter in '"\r\n':
        raise InvalidFile(f"a delimiter is one character (or the word tab), not {delimiter!r}")
    return delimiter


def _sniff(text: str) -> str:
    """The delimiter by which most rows have as many cells as the header; a comma if none does."""
    lines = text.splitlines()[:50]

    def agreement(delimiter: str) -> tuple[float, int]:
        try:
            widths = [len(row) for row in csv.reader(lines, delimiter=delimiter) if row]
        except csv.Error:
            return 0.0, 0
        if not widths or widths[0] < 2:
            return 0.0, 0
        return round(widths.count(widths[0]) / len(widths), 1), widths[0]

    return max(_DELIMITERS, key=agreement)


class JsonTable:
    """Objects in JSON, one a line or in one array. Objects within are columns named ``outer.inner``."""

    fixed = False

    def __init__(self, text: TextFile, *, array: bool) -> None:
        self._text = text
        self._array = array
        self.total: int | None = None if array else text.lines
        self.columns = tuple(dict.fromkeys(name for cells in sample(self) for name in cells))

    def __iter__(self) -> Iterator[tuple[int, Cells | Broken]]:
        """See the protocol."""
        with self._text.open() as stream:
            for line, text, value in _elements(stream, self._text.path) if self._array else _values(stream):
                if isinstance(value, dict):
                    yield line, _flat(value)
                else:
                    reason = value if isinstance(value, _Fault) else "not a JSON object"
                    yield line, Broken(reason, text)

    def raw(self, cells: Mapping[str, object]) -> str:
        """See the protocol."""
        return json.dumps(cells, ensure_ascii=False, default=str)


class _Fault(str):
    """Why a line is not JSON."""

    __slots__ = ()


def _values(stream: TextIO) -> Iterator[tuple[int, str, object]]:
    lines = _Lines(stream)
    for text in lines:
        lines.taken.clear()
        if text.strip():
            value: object
            try:
                value = json.loads(text)
            except (ValueError, RecursionError):
                value = _Fault("not JSON")
            yield lines.read, text.strip(), value


def _elements(stream: TextIO, path: Path) -> Iterator[tuple[int, str, object]]:
    """The elements of an array, of which a few megabytes at a time are in memory."""
    decode = json.JSONDecoder().raw_decode
    text, ended, number = stream.read(_MAX_LINE).lstrip(), False, 0
    at = 1
    while True:
        gap = _BETWEEN.match(text, at)
        at = gap.end() if gap else at
        if text.startswith("]", at):
            return
        try:
            value, end = decode(text, at)
            whole = ended or end < len(text)
        except (ValueError, RecursionError) as error:
            if ended or len(text) - at > 4 * _MAX_LINE:
                raise InvalidFile(
                    f"{path.name} is not a JSON array after element {number:,}: {error}; mend it there"
                ) from error
            whole = False
        if whole:
            number += 1
            yield number, text[at:end], value
            at = end
        else:
            more = stream.read(_MAX_LINE)
            text, at, ended = text[at:] + more, 0, not more


def _flat(value: Mapping[str, object], prefix: str = "", depth: int = 1) -> Cells:
    cells: Cells = {}
    for name, inner in islice(value.items(), _MAX_COLUMNS):
        if isinstance(inner, dict) and depth < _MAX_DEPTH:
            cells.update(_flat(inner, f"{prefix}{name}.", depth + 1))
        else:
            cells[f"{prefix}{name}"] = inner
    return cells


class ParquetTable:
    """A table in Parquet, read a part of a row group at a time."""

    fixed = True

    def __init__(self, path: Path) -> None:
        import pyarrow.parquet  # noqa: PLC0415  # a heavy library that only Parquet needs

        self._path = path
        try:
            with pyarrow.parquet.ParquetFile(path) as file:
                self.total: int | None = file.metadata.num_rows
                names = file.schema_arrow.names
        except (pyarrow.ArrowException, OSError) as error:
            raise self._damaged(error) from error
        seen = sample(self)
        self.columns = tuple(dict.fromkeys(name for cells in seen for name in cells)) or tuple(names)

    def __iter__(self) -> Iterator[tuple[int, Cells | Broken]]:
        """See the protocol."""
        import pyarrow.parquet  # noqa: PLC0415

        number = 0
        try:
            with pyarrow.parquet.ParquetFile(self._path) as file:
                for batch in file.iter_batches(batch_size=1_000):
                    for value in batch.to_pylist():
                        number += 1
                        yield number, _flat(value)
        except (pyarrow.ArrowException, OSError) as error:
            raise self._damaged(error) from error

    def raw(self, cells: Mapping[str, object]) -> str:
        """See the protocol."""
        return json.dumps(cells, ensure_ascii=False, default=str)

    def _damaged(self, error: Exception) -> InvalidFile:
        return InvalidFile(f"{self._path.name} is not a sound Parquet file ({error}); write it again")
