"""Files of what people did with items, and of what they said, into the log."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from hashlib import blake2b
from pathlib import Path
from typing import Final, Generic, TypeVar

from betimes.domain.event import Acted, ActKind, Event, Said
from betimes.domain.names import EventId, ItemId, UserId
from betimes.errors import Conflict, InvalidFile, InvalidText
from betimes.ingest.columns import Layout, layout
from betimes.ingest.rejects import Rejects
from betimes.ingest.report import Rejected, Report, Tally
from betimes.ingest.rows import table_of, taken
from betimes.ingest.tables import Cells, Table
from betimes.ingest.values import absent, identifier, measured, moment, words
from betimes.ports import Progress, batched, no_progress
from betimes.text import check_text

E_ = TypeVar("E_", bound=Event)
Append = Callable[[Sequence[E_]], object]

_SKEW = timedelta(minutes=5)
_MAX_CACHED = 200_000
_MOST_SECONDS = 86_400.0

_KINDS: Final[Mapping[str, ActKind]] = {
    name: kind
    for kind, names in {
        ActKind.VIEW: "view pv browse detail pageview page_view viewed 浏览 查看 看",
        ActKind.CLICK: "click clicked tap 点击",
        ActKind.LIKE: "like liked upvote thumbs_up love 喜欢 点赞 赞",
        ActKind.DISLIKE: "dislike disliked downvote thumbs_down hate 不喜欢 踩 不感兴趣",
        ActKind.SAVE: "save saved fav favorite favourite collect bookmark wishlist cart addtocart add_to_cart "
        "add-to-cart 收藏 加购 加入购物车 购物车",
        ActKind.BUY: "buy bought purchase purchased order transaction checkout pay 购买 下单 成交 支付 买",
        ActKind.RATE: "rate rated rating review score 评分 打分 评价",
        ActKind.SKIP: "skip skipped pass ignore 跳过 忽略 划过",
        ActKind.DWELL: "dwell stay watch listen play 停留 观看 播放 收听",
    }.items()
    for name in names.split()
}


def import_events(
    path: Path,
    append: Append[Acted],
    *,
    mapping: Mapping[str, str] | None = None,
    now: datetime,
    rejects: Path | None = None,
    progress: Progress = no_progress,
    batch: int = 5_000,
) -> Report:
    """Reads acts from a file and appends them to the log, batch by batch, each batch all or none.

    A row without an id of its own gets one made of its content, so importing a file twice changes
    nothing. To know rows that repeat, about 100 bytes are held for each row of the file.

    Args:
        append: takes the events; it may refuse a batch with ``Conflict``.
        mapping: as in :func:`betimes.ingest.items.import_items`.
        now: what the future is told by.

    Raises:
        InvalidFile: the file cannot be read, or it has no user or no item, or nothing says what was done.
        InvalidInput: the mapping or the condition is not understood.
    """
    mapping = mapping or {}
    table = table_of(path, mapping)
    found = layout("events", table, mapping, file=path.name)
    reader = _ActReader(found, _clock(path, now), path.name)
    return _Import(path, table, append, reader.read, reader.described(), "id" in found.sources, rejects, progress).run(
        mapping.get("where"), batch
    )


def import_utterances(
    path: Path,
    append: Append[Said],
    *,
    mapping: Mapping[str, str] | None = None,
    now: datetime,
    rejects: Path | None = None,
    progress: Progress = no_progress,
    batch: int = 1_000,
) -> Report:
    """Reads sentences from a file and appends them to the log; otherwise as :func:`import_events`."""
    mapping = mapping or {}
    table = table_of(path, mapping)
    found = layout("utterances", table, mapping, file=path.name)
    reader = _SaidReader(found, _clock(path, now))
    return _Import(path, table, append, reader.read, reader.described(), "id" in found.sources, rejects, progress).run(
        mapping.get("where"), batch
    )


@dataclass(slots=True)
class _Clock:
    """Reads times, most of which come again and again. A file without times happened when it was written."""

    latest: datetime
    written: datetime
    _known: dict[object, tuple[datetime, str]] = field(default_factory=dict)

    def read(self, cell: object) -> tuple[datetime, str]:
        """The time and its canonical spelling.

        Raises:
            Rejected: it is missing, not a time, or lies in the future.
        """
        known = self._known.get(cell) if isinstance(cell, (str, int, float)) else None
        if known is None:
            if absent(cell):
                raise Rejected("no time")
            at = moment(cell)
            if at > self.latest:
                raise Rejected("the time lies in the future", cell, "check the clock or the zone it was written in")
            known = at, at.isoformat()
            if isinstance(cell, (str, int, float)) and len(self._known) < _MAX_CACHED:
                self._known[cell] = known
        return known


def _clock(path: Path, now: datetime) -> _Clock:
    written = datetime.fromtimestamp(int(path.stat().st_mtime), UTC)
    return _Clock(now + _SKEW, min(written, now))


class _Ids:
    """Ids for rows that have none: made of the row's content and how often it came before."""

    def __init__(self) -> None:
        self._seen: dict[bytes, int] = {}

    def make(self, *content: str) -> EventId:
        text = "\x1f".join(content).encode("utf-8", "surrogatepass")
        key = blake2b(text, digest_size=12).digest()
        before = self._seen.get(key, 0)
        self._seen[key] = before + 1
        if before:
            return EventId(blake2b(text + b"\x1f%d" % before, digest_size=12).hexdigest())
        return EventId(key.hex())


class _Names:
    """Ids of users or items, each checked once and kept once."""

    def __init__(self, what: str) -> None:
        self._what = what
        self._known: dict[object, str] = {}

    def read(self, cell: object) -> str:
        known = self._known.get(cell) if isinstance(cell, (str, int, float)) else None
        if known is None:
            known = identifier(cell, self._what)
            if isinstance(cell, (str, int, float)) and len(self._known) < _MAX_CACHED:
                self._known[cell] = known
        return known


class _ActReader:
    """Makes an act of a row."""

    def __init__(self, found: Layout, clock: _Clock, file: str) -> None:
        sources = found.sources
        self._clock = clock
        self._id, self._at, self._value = sources.get("id"), sources.get("at"), sources.get("value")
        self._user, self._item, self._kind = sources["user"], sources["item"], sources.get("kind")
        self._ids, self._users, self._items = _Ids(), _Names("user"), _Names("item")
        self._kinds: dict[object, ActKind] = {}
        self._layout = found
        self._always: ActKind | None = None
        if self._kind is None:
            if self._value is None and "order" not in sources:
                raise InvalidFile(
                    f"{file} does not say what was done with the items. Say which column does, "
                    f"as in --map kind=COLUMN, or what it was in every row, as in --map kind==view; "
                    f"kinds are {', '.join(ActKind)}"
                )
            self._always = ActKind.BUY if self._value is None else ActKind.RATE

    def described(self) -> dict[str, str]:
        """How each column was understood, for a report."""
        told = {ours: how for ours, how in self._layout.described().items() if ours != "order"}
        if self._always is ActKind.RATE:
            told["kind"] = "rate for all, as there is a rating"
        elif self._always is ActKind.BUY:
            told["kind"] = f"buy for all, as there is an order: {self._layout.sources['order'].how}"
        return told | _untimed(self._at is not None)

    def read(self, cells: Cells) -> Acted:
        user = self._users.read(self._user.of(cells))
        item = self._items.read(self._item.of(cells))
        kind = self._always or self._read_kind(cells)
        value = self._read_value(kind, cells)
        at, spelled = self._clock.read(self._at.of(cells)) if self._at else _when(self._clock)
        if self._id is not None:
            id_ = EventId(identifier(self._id.of(cells), "id"))
        else:
            id_ = self._ids.make(user, item, kind, "" if value is None else repr(value), spelled)
        return Acted(id=id_, user=UserId(user), at=at, item=ItemId(item), kind=kind, value=value)

    def _read_kind(self, cells: Cells) -> ActKind:
        cell = self._kind.of(cells) if self._kind else None
        known = self._kinds.get(cell) if isinstance(cell, (str, int)) else None
        if known is None:
            found = _KINDS.get("" if absent(cell) else words(cell).casefold().replace(" ", "_"))
            if found is None:
                raise Rejected("an unknown kind of act", cell, f"kinds are {', '.join(ActKind)}")
            known = found
            if isinstance(cell, (str, int)):
                self._kinds[cell] = known
        return known

    def _read_value(self, kind: ActKind, cells: Cells) -> float | None:
        if kind is not ActKind.RATE and kind is not ActKind.DWELL:
            return None
        cell = self._value.of(cells) if self._value else None
        amount = measured(cell)
        if amount is None or self._value is None:
            raise Rejected(f"{kind} without a value", cell)
        value = amount.value / float(self._value.divisor)
        if kind is ActKind.RATE and not 0.0 <= value <= 5.0:
            raise Rejected("a rating that is not between 0 and 5", cell, "divide it, as in --map value=COLUMN/2")
        if not 0.0 <= value <= _MOST_SECONDS:
            raise Rejected("a dwell that is not between 0 seconds and a day", cell, "divide milliseconds by 1000")
        return value


class _SaidReader:
    """Makes a saying of a row."""

    def __init__(self, found: Layout, clock: _Clock) -> None:
        self._clock = clock
        self._id, self._at = found.sources.get("id"), found.sources.get("at")
        self._user, self._text = found.sources["user"], found.sources["text"]
        self._domain = found.sources.get("domain")
        self._ids, self._users, self._domains = _Ids(), _Names("user"), _Names("domain")
        self._layout = found

    def described(self) -> dict[str, str]:
        """How each column was understood, for a report."""
        return self._layout.described() | _untimed(self._at is not None)

    def read(self, cells: Cells) -> Said:
        user = self._users.read(self._user.of(cells))
        cell = self._text.of(cells)
        try:
            text = check_text(cell if isinstance(cell, str) else words(cell))
        except InvalidText as error:
            raise Rejected("a text that cannot be read", hint=str(error)) from error
        domain = None if self._domain is None else self._domain.of(cells)
        where = None if absent(domain) else self._domains.read(domain).casefold()
        at, spelled = self._clock.read(self._at.of(cells)) if self._at else _when(self._clock)
        if self._id is not None:
            id_ = EventId(identifier(self._id.of(cells), "id"))
        else:
            id_ = self._ids.make(user, text, spelled, *([] if where is None else [where]))
        return Said(id=id_, user=UserId(user), at=at, text=text, domain=where)


def _when(clock: _Clock) -> tuple[datetime, str]:
    return clock.written, clock.written.isoformat()


def _untimed(timed: bool) -> dict[str, str]:
    return {} if timed else {"at": "when the file was written, as it has no times"}


@dataclass(slots=True)
class _Import(Generic[E_]):
    """One file on its way into the log."""

    path: Path
    table: Table
    append: Append[E_]
    read: Callable[[Cells], E_]
    columns: Mapping[str, str]
    own_ids: bool
    rejects: Path | None
    progress: Progress
    tally: Tally = field(default_factory=Tally)

    def run(self, condition: str | None, size: int) -> Report:
        """Appends every good row."""
        with Rejects(self.path, self.rejects) as rejected:
            rows = taken(self.table, condition, self.read, self.tally, rejected)
            for batch in batched(self._distinct(rows, rejected) if self.own_ids else rows, size):
                self._append(batch, rejected)
                self.progress(self.tally.read, self.table.total)
        self.progress(self.tally.read, self.table.total)
        return self.tally.report(self.columns, rejected.path)

    def _distinct(self, rows: Iterator[tuple[int, Cells, E_]], rejected: Rejects) -> Iterator[tuple[int, Cells, E_]]:
        """The rows but those whose id an earlier row has."""
        seen: dict[str, int] = {}
        for line, cells, event in rows:
            before, content = seen.get(event.id), hash(event)
            if before is None:
                seen[event.id] = content
                yield line, cells, event
            elif before == content:
                self.tally.repeated += 1
            else:
                reason = Rejected("an id that an earlier row has with other content", event.id)
                self._reject(line, cells, rejected, reason)

    def _append(self, batch: Sequence[tuple[int, Cells, E_]], rejected: Rejects) -> None:
        """Appends a batch; where the log holds an id with other content, all but the rows at fault."""
        try:
            self.append([event for _, _, event in batch])
            self.tally.kept += len(batch)
        except Conflict:
            if len(batch) > 1:
                half = len(batch) // 2
                self._append(batch[:half], rejected)
                self._append(batch[half:], rejected)
                return
            [(line, cells, event)] = batch
            reason = Rejected("an id that the log holds with other content", event.id)
            self._reject(line, cells, rejected, reason)

    def _reject(self, line: int, cells: Cells, rejected: Rejects, reason: Rejected) -> None:
        self.tally.reasons[reason.what] += 1
        rejected.add(line, str(reason), self.table.raw(cells))
