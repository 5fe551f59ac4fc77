"""Data sets of others as timelines."""

import csv
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

from betimes.domain.event import Acted, ActKind
from betimes.domain.item import Item
from betimes.domain.names import EventId, ItemId, UserId
from betimes.errors import InvalidInput
from betimes.ingest import import_events, import_items
from betimes.ingest.items import ItemDefaults
from betimes.ports import Put
from betimes.train.timeline import Timeline


def timeline(folder: Path, cache: Path) -> Timeline:
    """The timeline of a folder of uci-online-retail, MovieLens or Last.fm (HetRec 2011), known by its files.

    Args:
        cache: a folder for files of rejected rows.

    Raises:
        InvalidInput: the folder holds none of them.
        InvalidFile: a file cannot be read.
    """
    for pattern, loader in _LOADERS.items():
        found = sorted(folder.glob(pattern))
        if found:
            cache.mkdir(parents=True, exist_ok=True)
            return loader(found[0], cache)
    raise InvalidInput(f"{folder} holds no data set that can be replayed; there should be one of {', '.join(_LOADERS)}")


def _retail(path: Path, cache: Path) -> Timeline:
    items = _items(
        path,
        {"title": "Description", "skip": "*", "where": "UnitPrice>0 and Quantity>0"},
        ItemDefaults(domain="shop", currency="GBP"),
        cache,
    )
    acts = _acts(path, {"kind": "=buy", "where": "Quantity>0"}, cache)
    return Timeline.of("uci-online-retail", items, acts, timedelta(0))


def _movielens(path: Path, cache: Path) -> Timeline:
    items = _items(path.with_name("movies.csv"), {"tags": "genres"}, ItemDefaults(domain="video"), cache)
    acts = _acts(path, {}, cache)
    return Timeline.of("movielens", items, acts, timedelta(minutes=30))


def _lastfm(path: Path, _: Path) -> Timeline:
    with path.with_name("artists.dat").open(encoding="utf-8", newline="") as file:
        named = [row[:2] for row in csv.reader(file, delimiter="\t", quoting=csv.QUOTE_NONE)]
    items = [Item(ItemId(number), name, domain="music") for number, name in named if name and number.isdigit()]
    acts = []
    with path.open(encoding="utf-8", newline="") as file:
        for line, row in enumerate(csv.DictReader(file, delimiter="\t")):
            # Tags are dated to the day; a listener who gives an artist several tags goes for it several times.
            at = datetime(int(row["year"]), int(row["month"]), int(row["day"]), tzinfo=UTC)
            user, item = UserId(row["userID"]), ItemId(row["artistID"])
            acts.append(Acted(id=EventId(f"lastfm {line}"), user=user, at=at, item=item, kind=ActKind.LIKE))
    return Timeline.of("lastfm", items, acts, timedelta(0))


_LOADERS: dict[str, Callable[[Path, Path], Timeline]] = {
    "online_retail*.csv*": _retail,
    "ratings.csv": _movielens,
    "user_taggedartists.dat": _lastfm,
}


def _items(path: Path, mapping: dict[str, str], defaults: ItemDefaults, cache: Path) -> list[Item]:
    held: dict[ItemId, Item] = {}

    def put(batch: Sequence[Item]) -> Put:
        held.update((item.id, item) for item in batch)
        return Put(len(batch), 0, 0)

    import_items(path, put, mapping=mapping, defaults=defaults, rejects=cache / "items.rejects.csv")
    return list(held.values())


def _acts(path: Path, mapping: dict[str, str], cache: Path) -> list[Acted]:
    held: list[Acted] = []
    import_events(path, held.extend, mapping=mapping, now=datetime.now(UTC), rejects=cache / "events.rejects.csv")
    return held
