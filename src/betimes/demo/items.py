"""The items of the built-in catalogue."""

from collections.abc import Sequence
from importlib.resources import as_file, files

from betimes.domain.item import Item
from betimes.ingest import import_items
from betimes.ports import Put


def catalogue() -> list[Item]:
    """The built-in catalogue, read by the same import that reads a user's files."""
    items: list[Item] = []

    def collect(batch: Sequence[Item]) -> Put:
        items.extend(batch)
        return Put(len(batch), 0, 0)

    for part in sorted(files("betimes.demo.catalogue").iterdir(), key=lambda p: p.name):
        if part.name.endswith(".csv"):
            with as_file(part) as path:
                import_items(path, collect)
    return items
