"""Whatever is written in our own columns is read as what was written, in every format."""

import csv
import gzip
import json
import string
import tempfile
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
from hypothesis import example, given, settings
from hypothesis import strategies as st

from betimes.domain.event import Acted, ActKind
from betimes.domain.item import Item, Money
from betimes.domain.names import EventId, ItemId, UserId
from betimes.errors import InvalidFile
from betimes.ingest import Report, import_events, import_items, import_utterances
from betimes.ports import Put

NOW = datetime(2030, 1, 1, tzinfo=UTC)
LETTERS = string.ascii_letters + "éß手机耳机價格 -/'\"#;%&"
#: A letter first, so that no word looks like a number, nothing, or a list.
TITLES = st.builds("{}{}".format, st.sampled_from("Aé手"), st.text(LETTERS + ",.0123456789", max_size=30)).map(
    lambda text: " ".join(text.split())
)
WORDS = st.builds("{}{}".format, st.sampled_from("Aé手"), st.text(LETTERS.replace(";", ""), max_size=12)).map(str.strip)
IDS = st.text(string.ascii_letters + string.digits + "_-编号", min_size=1, max_size=12).filter(
    lambda text: text.casefold() not in ("null", "nan")
)
MOMENTS = st.datetimes(datetime(1970, 1, 2), datetime(2029, 1, 1), timezones=st.just(UTC))

ITEMS = st.builds(
    Item,
    id=IDS.map(ItemId),
    title=TITLES,
    domain=st.sampled_from(["shop", "video", "music"]),
    text=TITLES | st.just(""),
    price=st.none() | st.builds(Money, st.integers(0, 10**9), st.sampled_from(["CNY", "USD", "JPY", "KWD"])),
    brand=WORDS | st.just(""),
    category=WORDS | st.just(""),
    tags=st.lists(WORDS, max_size=3, unique=True).map(tuple),
    image=st.sampled_from(["", "https://example.org/a.jpg"]),
    published=st.none() | MOMENTS,
    available=st.booleans(),
)


def as_row(item: Item) -> dict[str, Any]:
    return {
        "id": item.id,
        "title": item.title,
        "text": item.text,
        "domain": item.domain,
        "price": str(item.price.major) if item.price else "",
        "currency": item.price.currency if item.price else "",
        "brand": item.brand,
        "category": item.category,
        "tags": "|".join(item.tags),
        "image": item.image,
        "published": item.published.isoformat() if item.published else "",
        "available": "yes" if item.available else "no",
    }


def as_typed(item: Item) -> dict[str, Any]:
    price = {"price": item.price.major if item.price else None}
    return as_row(item) | price | {"tags": list(item.tags), "published": item.published, "available": item.available}


def read_items(path: Path) -> dict[ItemId, Item]:
    found: dict[ItemId, Item] = {}

    def put(items: Sequence[Item]) -> Put:
        found.update({item.id: item for item in items})
        return Put(len(items), 0, 0)

    report = import_items(path, put)
    assert report.read == report.kept + report.rejected + report.repeated + report.replaced
    assert report.rejected == 0, report
    return found


def write_csv(path: Path, rows: Sequence[dict[str, Any]], delimiter: str, encoding: str) -> None:
    with path.open("w", encoding=encoding, newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]), delimiter=delimiter)
        writer.writeheader()
        writer.writerows(rows)


@given(
    items=st.lists(ITEMS, min_size=1, max_size=12, unique_by=lambda item: item.id),
    delimiter=st.sampled_from(",\t;"),
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]),
)
@settings(max_examples=100, deadline=None)
def test_items_are_read_as_written(items: list[Item], delimiter: str, encoding: str) -> None:
    expected = {item.id: item for item in items}
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        write_csv(folder / "t.csv", [as_row(i) for i in items], delimiter, encoding)
        assert read_items(folder / "t.csv") == expected
        lines = "\n".join(json.dumps(as_typed(i), default=str, ensure_ascii=False) for i in items)
        (folder / "t.jsonl.gz").write_bytes(gzip.compress(lines.encode()))
        assert read_items(folder / "t.jsonl.gz") == expected
        (folder / "t.json").write_text(json.dumps([as_row(i) for i in items]), encoding="utf-8")
        assert read_items(folder / "t.json") == expected
        pq.write_table(pa.Table.from_pylist([as_typed(i) for i in items]), folder / "t.parquet")
        assert read_items(folder / "t.parquet") == expected


@given(
    acts=st.lists(
        st.tuples(IDS, IDS, st.sampled_from(list(ActKind)), st.sampled_from([0.0, 0.5, 3.0, 5.0]), MOMENTS),
        min_size=1,
        max_size=20,
    )
)
@settings(max_examples=100, deadline=None)
def test_acts_are_read_as_written_and_twice_as_once(acts: list[tuple[str, str, ActKind, float, datetime]]) -> None:
    valued = (ActKind.RATE, ActKind.DWELL)
    expected = [
        Acted(
            id=EventId(str(n)),
            user=UserId(user),
            item=ItemId(item),
            kind=kind,
            value=value if kind in valued else None,
            at=at,
        )
        for n, (user, item, kind, value, at) in enumerate(acts)
    ]
    rows = [
        {"id": e.id, "user": e.user, "item": e.item, "kind": e.kind.value, "value": e.value, "at": e.at.isoformat()}
        for e in expected
    ]
    with tempfile.TemporaryDirectory() as name:
        path = Path(name) / "t.csv"
        write_csv(path, rows, ",", "utf-8")
        found: list[Acted] = []
        import_events(path, found.extend, now=NOW)
        assert found == expected
        write_csv(path, [{k: v for k, v in row.items() if k != "id"} for row in rows], ",", "utf-8")
        once: list[Acted] = []
        twice: list[Acted] = []
        import_events(path, once.extend, now=NOW)
        import_events(path, twice.extend, now=NOW, batch=3)
        assert once == twice
        assert len({event.id for event in once}) == len(acts)


@given(content=st.binary(max_size=400) | st.text(max_size=400).map(str.encode))
@example(b'id,title,user,item,kind,text\n"')
@example(b"[1,")
@example(b"{}\n{}")
@example(b'id,title\n"a\nb\n"c"d\n')
@settings(max_examples=300, deadline=None)
def test_any_bytes_are_rows_rejects_or_a_clear_refusal(content: bytes) -> None:
    with tempfile.TemporaryDirectory() as name:
        path = Path(name) / "t.csv"
        for head in (b"", b"id,title,user,item,kind,at,text\n", b'{"id":1,"title":"a","user":2,"item":3,"text":"b"}\n'):
            path.write_bytes(head + content)
            for read in (_items, _acts, _sayings):
                report = _unless_refused(read, path)
                if report is not None:
                    assert report.read == report.kept + report.rejected + report.repeated + report.replaced


def _items(path: Path) -> Report:
    return import_items(path, lambda items: Put(len(items), 0, 0))


def _acts(path: Path) -> Report:
    return import_events(path, len, now=NOW, mapping={"kind": "=view"})


def _sayings(path: Path) -> Report:
    return import_utterances(path, len, now=NOW)


def _unless_refused(read: Callable[[Path], Report], path: Path) -> Report | None:
    """Only a refusal of the whole file is expected; any other error fails the test."""
    try:
        return read(path)
    except InvalidFile:
        return None


@given(major=st.decimals(0, 10**9, places=2), sign=st.sampled_from(["¥{}", "{}元", "¥ {}", "CNY {}", "{} RMB"]))
@settings(max_examples=60, deadline=None)
def test_a_price_is_read_in_any_dress(major: Decimal, sign: str) -> None:
    with tempfile.TemporaryDirectory() as name:
        path = Path(name) / "t.csv"
        path.write_text(f'id,title,price\n1,T,"{sign.format(f"{major:,}")}"\n', encoding="utf-8")
        assert read_items(path)[ItemId("1")].price == Money(int(major * 100), "CNY")
