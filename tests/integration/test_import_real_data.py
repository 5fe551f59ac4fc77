"""Real catalogues and histories, imported as docs/recipes say. They are not part of the project."""

import os
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from betimes.domain.event import Acted, ActKind
from betimes.domain.item import Item, Money, Quantity
from betimes.ingest import ItemDefaults, Report, import_events, import_items
from betimes.ports import Put

DATA = Path(os.environ.get("BETIMES_DATA", Path(__file__).parents[3] / "shared" / "data"))
NOW = datetime(2026, 1, 1, tzinfo=UTC)
UCI = "uci-online-retail/online_retail_until_2011-11-15.csv.gz"


def real(name: str) -> Path:
    path = DATA / name
    if not path.exists():
        pytest.skip(f"{name} is not there; set BETIMES_DATA to the folder that holds it")
    return path


@pytest.fixture
def read_items(tmp_path: Path) -> Callable[..., tuple[Report, dict[str, Item]]]:
    def read(name: str, mapping: Mapping[str, str], **defaults: str) -> tuple[Report, dict[str, Item]]:
        items: dict[str, Item] = {}

        def put(batch: Sequence[Item]) -> Put:
            items.update({item.id: item for item in batch})
            return Put(len(batch), 0, 0)

        report = import_items(
            real(name), put, mapping=mapping, defaults=ItemDefaults(**defaults), rejects=tmp_path / "rejects.csv"
        )
        assert report.kept == len(items)
        assert report.read == report.kept + report.rejected + report.repeated + report.replaced
        return report, items

    return read


Read = Callable[..., tuple[Report, dict[str, Item]]]

CATALOGUES: dict[str, tuple[str, dict[str, str], dict[str, str], int, int]] = {
    "newbee": ("newbee-mall-zh/goods.csv", {"where": "goods_sell_status=0", "skip": "goods_*+stock_num"}, {}, 573, 2),
    "yanxuan": ("yanxuan-litemall-zh/goods.csv", {"skip": "is_*+unit+counter_price"}, {}, 239, 0),
    "macrozheng": ("macrozheng-mall-zh/products.csv", {"text": "sub_title+description", "skip": "*"}, {}, 20, 0),
    "bestbuy": (
        "bestbuy-cellphones/ecommerce.json",
        {"id": "image", "image": "image"},
        {"currency": "USD"},
        3_291,
        0,
    ),
    "zhihu": (
        "zhihu-hot-questions-zh/items_last20000.jsonl.gz",
        {"id": "url", "skip": "last_seen+days"},
        {"domain": "social"},
        20_000,
        0,
    ),
    "films": (
        "netflix-titles/netflix_titles.csv",
        {
            "tags": "listed_in",
            "category": "type",
            "duration [min]": "duration",
            "skip": "rating",
            "where": "type=Movie",
        },
        {"domain": "video"},
        6_131,
        2_676,
    ),
    "series": (
        "netflix-titles/netflix_titles.csv",
        {"tags": "listed_in", "category": "type", "seasons": "duration", "skip": "rating", "where": "type='TV Show'"},
        {"domain": "video"},
        2_676,
        6_131,
    ),
    "movielens": ("movielens-latest-small/movies.csv", {"tags": "genres"}, {"domain": "video"}, 9_125, 0),
}


@pytest.mark.parametrize("name", CATALOGUES)
def test_catalogues(read_items: Read, name: str) -> None:
    path, mapping, defaults, kept, rejected = CATALOGUES[name]
    report, items = read_items(path, mapping, **defaults)
    assert (report.kept, report.rejected) == (kept, rejected)
    assert all(item.title for item in items.values())
    assert {item.domain for item in items.values()} == {defaults.get("domain", "shop")}


def test_a_phone_in_yuan(read_items: Read) -> None:
    path, mapping, defaults, *_ = CATALOGUES["newbee"]
    _, items = read_items(path, mapping, **defaults)
    phone = items["10906"]
    assert phone.title.startswith("Apple iPhone12 Pro")
    assert phone.price == Money(849_900, "CNY")
    assert phone.category == "家电 数码 手机>手机>iPhone"
    assert phone.published == datetime(2020, 10, 14, 10, 32, 55, tzinfo=UTC)


def test_a_film_with_its_people_and_its_minutes(read_items: Read) -> None:
    path, mapping, defaults, *_ = CATALOGUES["films"]
    _, items = read_items(path, mapping, **defaults)
    film = items["s8807"]
    assert (film.title, film.facts["duration"], film.facts["year"]) == (
        "Zubaan",
        Quantity(111.0, "min"),
        Quantity(2015.0),
    )
    assert film.tags == ("Dramas", "International Movies", "Music & Musicals")
    person = film.facts["person"]
    assert isinstance(person, tuple)
    assert person[:2] == ("Mozez Singh", "Vicky Kaushal")


def test_typed_attributes_and_prices_in_cents(read_items: Read) -> None:
    mapping = {
        "price": "price/100",
        "category": "attr_t_product_type",
        "screen [in]": "attr_n_display_diagonal",
        "weight [g]": "attr_n_weight",
        "memory [GB]": "attr_n_internal_memory",
        "color": "attr_t_product_colour",
        "skip": "img_*+ean+name",
    }
    report, items = read_items("icecat/products.jsonl.gz", mapping, currency="USD")
    assert (report.read, report.kept) == (19_406, 19_406)
    laptop = items["2101957"]
    assert (laptop.brand, laptop.category, laptop.price) == ("HP", "Notebook", Money(10_995, "USD"))
    expected: dict[str, Any] = {
        "screen": Quantity(17.0, "in"),
        "weight": Quantity(3460.0, "g"),
        "memory": Quantity(4.0, "GB"),
        "color": ("Silver",),
        "attr_b_touchscreen": False,
    }
    found = dict(laptop.facts)
    assert {name: found.get(name) for name in expected} == expected


def test_goods_out_of_invoice_lines(read_items: Read) -> None:
    mapping = {"title": "Description", "skip": "*", "where": "UnitPrice>0 and Quantity>0"}
    report, items = read_items(UCI, mapping, currency="GBP")
    assert (report.read, report.kept, report.rejected) == (471_267, 3_893, 10_730)
    assert items["22080"].title == "RIBBON REEL POLKADOTS"
    assert items["22080"].price == Money(165, "GBP")


@pytest.mark.parametrize(
    ("name", "mapping", "kind", "read", "kept", "reasons"),
    [
        (
            UCI,
            {"kind": "=buy", "where": "Quantity>0"},
            ActKind.BUY,
            471_267,
            347_008,
            {"no user": 114_619, "left out by the condition Quantity>0": 9_640},
        ),
        ("movielens-latest-small/ratings.csv", {}, ActKind.RATE, 100_004, 100_004, {}),
    ],
)
def test_histories(
    tmp_path: Path,
    name: str,
    mapping: Mapping[str, str],
    kind: ActKind,
    read: int,
    kept: int,
    reasons: Mapping[str, int],
) -> None:
    acts: list[Acted] = []
    report = import_events(real(name), acts.extend, mapping=mapping, now=NOW, rejects=tmp_path / "rejects.csv")
    assert (report.read, report.kept, report.reasons) == (read, kept, reasons)
    assert len({act.id for act in acts}) == kept
    assert {act.kind for act in acts} == {kind}
