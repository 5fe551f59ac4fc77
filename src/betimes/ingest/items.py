"""Files of items into a catalogue."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from betimes.domain.item import Item, Money
from betimes.domain.names import ItemId
from betimes.ingest.columns import Layout, layout
from betimes.ingest.facts import MAX_FACTS, FactReader
from betimes.ingest.rejects import Rejects
from betimes.ingest.report import Rejected, Report, Tally
from betimes.ingest.rows import table_of, taken
from betimes.ingest.tables import Broken, Cells, Table, sample
from betimes.ingest.values import absent, currency, flag, identifier, listed, moment, money, words
from betimes.ports import Progress, Put, no_progress

_MAX = {"title": 500, "text": 20_000, "brand": 200, "category": 200, "domain": 64, "image": 2_000}
_MAX_TAGS = 64


@dataclass(frozen=True, slots=True)
class ItemDefaults:
    """What items have that do not say: their domain, and the currency of their prices."""

    domain: str = "shop"
    currency: str = "CNY"


def import_items(
    path: Path,
    put: Callable[[Sequence[Item]], Put],
    *,
    mapping: Mapping[str, str] | None = None,
    defaults: ItemDefaults | None = None,
    rejects: Path | None = None,
    progress: Progress = no_progress,
    batch: int = 2_000,
) -> Report:
    """Reads items from a file and puts them into a catalogue, batch by batch, each batch all or none.

    Of several rows with one id the last good one counts, and only that one is put, so that importing a
    file twice changes nothing the second time.

    Args:
        put: takes the items.
        mapping: ours to theirs (:func:`betimes.ingest.columns.layout`), and the settings ``where``,
            ``skip``, ``delimiter``, ``encoding``.
        rejects: where rejected rows go; by default beside the file.

    Raises:
        InvalidFile: the file cannot be read, or it has no id or no title.
        InvalidInput: the mapping or the condition is not understood.
    """
    mapping, tally, chosen = mapping or {}, Tally(), defaults or ItemDefaults()
    table = table_of(path, mapping)
    reader = ItemReader(layout("items", table, mapping, file=path.name), table, chosen, tally.notes)
    several = _several(table, reader)
    held: dict[ItemId, Item] = {}
    full: list[Item] = []

    def flush(items: Sequence[Item]) -> None:
        if items:
            tally.add(put(items))
            tally.kept += len(items)
        progress(tally.read, table.total)

    with Rejects(path, rejects) as rejected:
        for _, _, item in taken(table, mapping.get("where"), reader.read, tally, rejected):
            if item.id not in several:
                full.append(item)
            elif item.id not in held:
                held[item.id] = item
            elif held[item.id] == item:
                tally.repeated += 1
            else:
                tally.replaced += 1
                held[item.id] = item
            if len(full) == batch:
                flush(full)
                full = []
        full.extend(held.values())
        for start in range(0, max(len(full), 1), batch):
            flush(full[start : start + batch])
    return tally.report(reader.described(), rejected.path)


def _several(table: Table, reader: "ItemReader") -> set[str]:
    """The ids that more than one row has."""
    seen: set[str] = set()
    several: set[str] = set()
    for _, cells in table:
        if not isinstance(cells, Broken):
            try:
                id_ = reader.id(cells)
            except Rejected:
                continue
            (several if id_ in seen else seen).add(id_)
    return several


class ItemReader:
    """Makes an item of a row."""

    def __init__(self, found: Layout, table: Table, defaults: ItemDefaults, notes: Counter[str]) -> None:
        self._sources = found.sources
        self._defaults = defaults
        self._notes = notes
        ours = frozenset(column for source in found.sources.values() for column in source.columns)
        self._facts = FactReader(found.facts, sample(table), ours - set(found.facts), found.skipped)
        price = found.sources.get("price")
        named = currency(price.unit) if price and price.unit else None
        self._currency = named or defaults.currency.upper()
        self._layout = found

    def described(self) -> dict[str, str]:
        """How each column was understood, for a report."""
        return self._layout.described() | self._facts.described()

    def id(self, cells: Cells) -> ItemId:
        """The id in a row.

        Raises:
            Rejected: there is none that can be one.
        """
        return ItemId(identifier(self._cell(cells, "id"), "id"))

    def read(self, cells: Cells) -> Item:
        """The item in a row.

        Raises:
            Rejected: it has no id or title, or a price or a date that cannot be right.
        """
        id_ = self.id(cells)
        title = " ".join(self._words(cells, "title").split())
        if not title:
            raise Rejected("no title")
        facts, more = self._facts.read(cells)
        if more:
            self._notes[f"more than {MAX_FACTS} facts, the rest left out"] += 1
        return Item(
            id=id_,
            title=title,
            domain=self._words(cells, "domain").casefold() or self._defaults.domain,
            text=self._words(cells, "text"),
            price=self._price(cells),
            brand=self._words(cells, "brand"),
            category=self._words(cells, "category", " > "),
            tags=listed(self._several(cells, "tags"), commas=True)[:_MAX_TAGS],
            facts=facts,
            image=self._image(cells),
            published=self._published(cells),
            available=self._available(cells),
        )

    def _cell(self, cells: Cells, ours: str) -> object:
        source = self._sources.get(ours)
        return source.of(cells) if source else None

    def _words(self, cells: Cells, ours: str, joint: str = " ") -> str:
        cell = self._cell(cells, ours)
        if isinstance(cell, (list, tuple)):
            text = joint.join(part for part in map(words, cell) if part)
        else:
            text = "" if ours not in ("title", "text") and absent(cell) else words(cell)
        if len(text) > _MAX[ours]:
            self._notes[f"{ours} cut to {_MAX[ours]:,} characters"] += 1
            return text[: _MAX[ours]].rstrip()
        return text

    def _several(self, cells: Cells, ours: str) -> object:
        """A cell that may be a list; of several columns all their parts."""
        source, cell = self._sources.get(ours), self._cell(cells, ours)
        if source is not None and len(source.columns) > 1 and isinstance(cell, list):
            return [part for one in cell if not absent(one) for part in listed(one, commas=True)]
        return None if absent(cell) else cell

    def _price(self, cells: Cells) -> Money | None:
        source = self._sources.get("price")
        cell = self._cell(cells, "price")
        if source is None or cell is None or (isinstance(cell, str) and not cell.strip()):
            return None
        said = self._cell(cells, "currency")
        known = self._currency
        if not absent(said):
            named = currency(words(said), known)
            if named is None:
                raise Rejected("an unknown currency", said, "use an ISO code such as CNY")
            known = named
        return money(cell, known, source.divisor)

    def _image(self, cells: Cells) -> str:
        cell = self._cell(cells, "image")
        image = words(cell[0]) if isinstance(cell, list) and cell else "" if absent(cell) else words(cell)
        scheme, colon, _ = image.partition(":")
        if len(image) > _MAX["image"] or (colon and scheme.casefold() not in ("http", "https") and "/" not in scheme):
            self._notes["an image that is not a web address, left out"] += 1
            return ""
        return image

    def _published(self, cells: Cells) -> datetime | None:
        cell = self._cell(cells, "published")
        if absent(cell):
            return None
        try:
            return moment(cell)
        except Rejected as error:
            raise Rejected("the date of publication is not a time", cell, "write it like 2024-05-31") from error

    def _available(self, cells: Cells) -> bool:
        cell = self._cell(cells, "available")
        if absent(cell):
            return True
        available = flag(cell)
        if available is None:
            raise Rejected("available is neither yes nor no", cell)
        return available
