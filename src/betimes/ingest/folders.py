"""A folder with the three files that Betimes knows by name."""

from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path

from betimes.domain.event import Acted, Said
from betimes.domain.item import Item
from betimes.errors import InvalidFile
from betimes.ingest.events import import_events, import_utterances
from betimes.ingest.items import ItemDefaults, import_items
from betimes.ingest.report import Report
from betimes.ports import Progress, Put, no_progress

ITEMS, ACTIONS, INPUTS = "item_feature.csv", "user_action.csv", "user_input.csv"


def import_dir(
    folder: Path,
    *,
    put: Callable[[Sequence[Item]], Put],
    append: Callable[[Sequence[Acted]], object],
    say: Callable[[Sequence[Said]], object],
    defaults: ItemDefaults | None = None,
    now: datetime,
    progress: Progress = no_progress,
) -> dict[str, Report]:
    """Imports ``item_feature.csv``, ``user_action.csv`` and ``user_input.csv``, in this order.

    Returns:
        A report for each of the three; that of a file that is not there says so.

    Raises:
        InvalidFile: none of the three is there, or one cannot be read.
    """
    if not any((folder / name).exists() for name in (ITEMS, ACTIONS, INPUTS)):
        raise InvalidFile(f"{folder} holds none of {ITEMS}, {ACTIONS} and {INPUTS}")
    work: dict[str, Callable[[Path], Report]] = {
        ITEMS: lambda path: import_items(path, put, defaults=defaults, progress=progress),
        ACTIONS: lambda path: import_events(path, append, now=now, progress=progress),
        INPUTS: lambda path: import_utterances(path, say, now=now, progress=progress),
    }
    return {
        name: read(folder / name) if (folder / name).exists() else Report(0, 0, 0, notes=(f"{folder} has no {name}",))
        for name, read in work.items()
    }
