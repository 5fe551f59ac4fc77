"""Rows that could not be taken, in a CSV file beside the input: line, reason and the row as it was."""

import csv
from pathlib import Path
from types import TracebackType
from typing import Any, Self, TextIO

from betimes.errors import InvalidInput

_MAX_ROW = 10_000


class Rejects:
    """Writes rejected rows; the file is made with the first of them.

    Args:
        source: the file that is imported.
        path: where to write; by default ``<source>.rejects.csv``, or that name in the current folder
            where the source's folder cannot be written to.
    """

    def __init__(self, source: Path, path: Path | None = None) -> None:
        name = f"{source.name}.rejects.csv"
        self._candidates = [path] if path else [source.with_name(name), Path.cwd() / name]
        self._file: TextIO | None = None
        self._writer: Any = None  # the csv module does not name the type of its writers
        self.path: Path | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._file is not None:
            self._file.close()

    def add(self, line: int, reason: str, row: str) -> None:
        """Writes one rejected row.

        Raises:
            InvalidInput: there is no place to write it to.
        """
        if self._file is None:
            self._open()
        self._writer.writerow([line, reason, row[:_MAX_ROW]])

    def _open(self) -> None:
        for path in self._candidates:
            try:
                # Half characters, which a JSON file can spell, cannot be encoded as they are.
                self._file = path.open("w", encoding="utf-8", errors="backslashreplace", newline="")
            except OSError:
                continue
            self._writer = csv.writer(self._file)
            self._writer.writerow(["line", "reason", "row"])
            self.path = path
            return
        raise InvalidInput(
            f"rejected rows cannot be written to {self._candidates[0]}; say another place with --rejects"
        )
