"""What became of a file: counted while it is read, told at the end."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from itertools import islice
from pathlib import Path
from time import perf_counter
from typing import Any

from betimes.ports import Put

_MOST_SHOWN = 30


class Rejected(Exception):
    """A row that cannot be taken.

    Args:
        what: what is wrong, in the same words for every such row.
        value: the value at fault, if there is one.
        hint: how to mend it.
    """

    def __init__(self, what: str, value: object = None, hint: str = "") -> None:
        shown = "" if value is None else f" ({str(value)[:80]!r})"
        super().__init__(f"{what}{shown}{'; ' if hint else ''}{hint}")
        self.what = what


@dataclass(frozen=True, slots=True)
class Report:
    """What became of a file. ``read = kept + rejected + repeated + replaced``.

    Attributes:
        read: rows, without the header and blank lines.
        kept: rows that were taken.
        rejected: rows that could not be taken; they stand in ``rejects_path`` with line and reason.
        repeated: rows equal to an earlier one of the file.
        replaced: items that a later row of the file with the same id took the place of.
        seconds: how long it took.
        reasons: how many rows were rejected for each reason.
        columns: how each column of ours was understood.
        notes: what else a reader should know.
        put: what was new in the catalogue; none for events.
    """

    read: int
    kept: int
    rejected: int
    repeated: int = 0
    replaced: int = 0
    seconds: float = 0.0
    rejects_path: Path | None = None
    reasons: Mapping[str, int] = field(default_factory=dict)
    columns: Mapping[str, str] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    put: Put | None = None

    def to_json(self) -> dict[str, Any]:
        """The report as JSON holds it."""
        return asdict(self) | {"rejects_path": str(self.rejects_path) if self.rejects_path else None}

    def __str__(self) -> str:
        """A few lines for a person."""
        counts = [f"read {self.read:,}", f"kept {self.kept:,}", f"rejected {self.rejected:,}"]
        counts += [f"repeated {self.repeated:,}"] if self.repeated else []
        counts += [f"replaced {self.replaced:,}"] if self.replaced else []
        lines = [f"{', '.join(counts)} in {self.seconds:.1f} s"]
        if self.put is not None:
            lines.append(f"new {self.put.added:,}, changed {self.put.changed:,}, unchanged {self.put.unchanged:,}")
        lines += [f"{ours} ← {how}" for ours, how in islice(self.columns.items(), _MOST_SHOWN)]
        lines += [f"… and {len(self.columns) - _MOST_SHOWN} more columns"] if len(self.columns) > _MOST_SHOWN else []
        lines += [f"rejected {count:,}: {what}" for what, count in self.reasons.items()]
        lines += [f"rejects are in {self.rejects_path}"] if self.rejects_path else []
        return "\n  ".join([*lines, *self.notes])


@dataclass(slots=True)
class Tally:
    """The counts of an import under way."""

    read: int = 0
    kept: int = 0
    repeated: int = 0
    replaced: int = 0
    put: Put | None = None
    reasons: Counter[str] = field(default_factory=Counter)
    notes: Counter[str] = field(default_factory=Counter)
    _begun: float = field(default_factory=perf_counter)

    def report(self, columns: Mapping[str, str], rejects: Path | None) -> Report:
        """The report as of now."""
        return Report(
            read=self.read,
            kept=self.kept,
            rejected=self.reasons.total(),
            repeated=self.repeated,
            replaced=self.replaced,
            seconds=round(perf_counter() - self._begun, 3),
            rejects_path=rejects,
            reasons=dict(self.reasons.most_common()),
            columns=columns,
            notes=tuple(f"{note}: {count:,} times" for note, count in self.notes.most_common()),
            put=self.put,
        )

    def add(self, put: Put) -> None:
        """Counts what a batch changed in the catalogue."""
        sum_ = self.put or Put(0, 0, 0)
        self.put = Put(sum_.added + put.added, sum_.changed + put.changed, sum_.unchanged + put.unchanged)
