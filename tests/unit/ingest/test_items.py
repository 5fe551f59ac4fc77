import csv
import json
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import pytest

from betimes.domain.item import Item, Money, Quantity
from betimes.domain.names import ItemId
from betimes.errors import InvalidFile, InvalidInput
from betimes.ingest import ItemDefaults, Report, import_items
from betimes.ports import Put


class Shelf:
    """Takes items as a catalogue does, and remembers the batches."""

    def __init__(self) -> None:
        self.items: dict[str, Item] = {}
        self.batches: list[int] = []

    def put(self, items: Sequence[Item]) -> Put:
        added = sum(item.id not in self.items for item in items)
        same = sum(self.items.get(item.id) == item for item in items)
        self.items.update({item.id: item for item in items})
        self.batches.append(len(items))
        return Put(added, len(items) - added - same, same)


def imported(folder: Path, content: str, **mapping: str) -> tuple[Report, Shelf]:
    path = folder / "items.csv"
    path.write_text(content, encoding="utf-8")
    shelf = Shelf()
    return import_items(path, shelf.put, mapping=mapping), shelf


def rejects(report: Report) -> list[list[str]]:
    assert report.rejects_path is not None
    with report.rejects_path.open(encoding="utf-8", newline="") as file:
        return list(csv.reader(file))


FULL = """id,title,text,domain,price,currency,brand,category,tags,image,published,available,screen [in],颜色,5g,battery
p1,荣耀 X50 / Honor X50,"大屏, 续航久",shop,1399,CNY,荣耀 / Honor,手机 / phone,续航|5G,https://x/y.jpg,2023-07-05,yes,6.78,黑|银,是,5800mAh
p2,Cup,,home,$4.5,,,,,,,no,,,否,
"""


def test_every_column_of_ours_and_typed_facts(tmp_path: Path) -> None:
    report, shelf = imported(tmp_path, FULL)
    assert shelf.items["p1"] == Item(
        id=ItemId("p1"),
        title="荣耀 X50 / Honor X50",
        text="大屏, 续航久",
        domain="shop",
        price=Money(139900, "CNY"),
        brand="荣耀 / Honor",
        category="手机 / phone",
        tags=("续航", "5G"),
        facts={"screen": Quantity(6.78, "in"), "color": ("黑", "银"), "5g": True, "battery": Quantity(5800.0, "mAh")},
        image="https://x/y.jpg",
        published=datetime(2023, 7, 5, tzinfo=UTC),
    )
    cup = shelf.items["p2"]
    assert (cup.domain, cup.price, cup.available, cup.facts) == ("home", Money(450, "USD"), False, {"5g": False})
    assert (report.read, report.kept, report.rejected, report.put) == (2, 2, 0, Put(2, 0, 0))
    assert report.rejects_path is None
    assert not list(tmp_path.glob("*rejects*"))
    assert report.columns["screen"] == "number [in] from screen [in]"
    assert report.columns["5g"] == "flag from 5g"
    assert json.loads(json.dumps(report.to_json()))["put"] == {"added": 2, "changed": 0, "unchanged": 0}
    assert "read 2, kept 2, rejected 0" in str(report)


def test_bad_rows_are_rejected_by_line_and_reason_and_the_rest_is_kept(tmp_path: Path) -> None:
    report, shelf = imported(
        tmp_path,
        "id,title,price,published,available,currency\n"
        "1,Tea,-5,,,\n"
        "2,Tea,NaN,,,\n"
        "3,Tea,99999999999,,,\n"
        ",Tea,1,,,\n"
        "5,\u200b,1,,,\n"
        "6,Tea,1,someday,,\n"
        "7,Tea,1,,perhaps,\n"
        "8,Tea,1,,,bananas\n"
        "9,Tea\n"
        "10,Tea,,,,\n",
    )
    assert list(shelf.items) == ["10"]
    assert shelf.items["10"].price is None
    rows = rejects(report)
    assert rows[0] == ["line", "reason", "row"]
    assert [(row[0], row[1].partition(" (")[0].partition(";")[0]) for row in rows[1:]] == [
        ("2", "the price is negative"),
        ("3", "the price is not a finite number"),
        ("4", "the price is absurd"),
        ("5", "no id"),
        ("6", "no title"),
        ("7", "the date of publication is not a time"),
        ("8", "available is neither yes nor no"),
        ("9", "an unknown currency"),
        ("10", "fewer cells than the header"),
    ]
    assert rows[1][2] == "1,Tea,-5,,,"
    assert (report.read, report.kept, report.rejected) == (10, 1, 9)
    assert report.reasons["the price is negative"] == 1


def test_of_rows_with_one_id_the_last_good_one_counts_and_twice_changes_nothing(tmp_path: Path) -> None:
    content = "id,title,price\n1,Tea,5\n2,Cup,1\n1,Tea,5\n1,Tea,6\n1,Tea,-1\n3,Pot,2\n"
    report, shelf = imported(tmp_path, content)
    assert shelf.items["1"].price == Money(600, "CNY")
    assert (report.read, report.kept, report.rejected, report.repeated, report.replaced) == (6, 3, 1, 1, 1)
    again = import_items(tmp_path / "items.csv", shelf.put)
    assert again.put == Put(0, 0, 3)


def test_batches_are_of_the_size_asked_for(tmp_path: Path) -> None:
    path = tmp_path / "items.csv"
    path.write_text("id,title\n" + "".join(f"{n},Tea\n" for n in range(25)) + "0,Tea again\n")
    shelf, seen = Shelf(), []
    import_items(path, shelf.put, batch=10, progress=lambda done, total: seen.append((done, total)))
    assert shelf.batches == [10, 10, 5]
    assert seen[-1] == (26, 26)


def test_defaults_and_constants(tmp_path: Path) -> None:
    path = tmp_path / "items.csv"
    path.write_text("id,title,cents\n1,Tea,499\n")
    shelf = Shelf()
    import_items(path, shelf.put, mapping={"price": "cents/100", "brand": "=Acme"}, defaults=ItemDefaults("tea", "usd"))
    tea = shelf.items["1"]
    assert (tea.domain, tea.price, tea.brand, dict(tea.facts)) == ("tea", Money(499, "USD"), "Acme", {})


def test_long_text_is_cut_with_a_note(tmp_path: Path) -> None:
    report, shelf = imported(tmp_path, f"id,title,text,motto\n1,{'a' * 600},{'b' * 100_000},{'c' * 9_000}\n")
    tea = shelf.items["1"]
    assert (len(tea.title), len(tea.text)) == (500, 20_000)
    assert tea.facts == {"motto": ("c" * 500,)}
    assert set(report.notes) == {"title cut to 500 characters: 1 times", "text cut to 20,000 characters: 1 times"}


def test_facts_are_bounded(tmp_path: Path) -> None:
    path = tmp_path / "items.jsonl"
    hostile = {"id": 1, "title": "Tea", "many": [str(n) for n in range(10_000)]} | {f"f{n}": n for n in range(5_000)}
    path.write_text(json.dumps(hostile) + "\n")
    shelf = Shelf()
    report = import_items(path, shelf.put)
    facts = shelf.items["1"].facts
    assert len(facts) == 64
    assert facts["many"] == tuple(str(n) for n in range(32))
    assert report.notes == ("more than 64 facts, the rest left out: 1 times",)


def test_a_column_is_what_most_of_it_is(tmp_path: Path) -> None:
    rows = "".join(f"{n},T,{n},S|M,0{n},{{}}, Kim{n}, yes\n" for n in range(20))
    _, shelf = imported(tmp_path, f"id,title,weight [kg],size,code,x,singer,ok\n{rows}20,T,heavy,L,x,y,a,maybe\n")
    assert shelf.items["3"].facts == {
        "weight": Quantity(3.0, "kg"),
        "size": ("S", "M"),
        "code": ("03",),
        "x": ("{}",),
        "person": ("Kim3",),
        "ok": ("yes",),
    }
    assert shelf.items["20"].facts["weight"] == ("heavy",)


def test_a_column_that_begins_empty_is_judged_by_its_first_value(tmp_path: Path) -> None:
    rows = "".join(f"{n},T,,,\n" for n in range(300))
    report, shelf = imported(tmp_path, f"id,title,weight [kg],new,empty\n{rows}300,T,2.5,yes,\n301,T,3,no,\n")
    assert shelf.items["300"].facts == {"weight": Quantity(2.5, "kg"), "new": True}
    assert shelf.items["301"].facts == {"weight": Quantity(3.0, "kg"), "new": False}
    assert report.columns["weight"] == "number [kg] from weight [kg]"
    assert report.columns["empty"] == "nothing from empty"


def test_json_keeps_its_types_and_nested_values(tmp_path: Path) -> None:
    path = tmp_path / "items.json"
    path.write_text(
        json.dumps(
            [
                {
                    "sku": 7,
                    "name": "TV",
                    "categories": ["TV", "OLED"],
                    "specs": {"screen": 55, "hdr": True, "ports": ["HDMI", "USB"], "weight": "18 kg"},
                    "price": {"amount": 999.5},
                    "nothing": None,
                    "also nothing": [],
                }
            ]
        )
    )
    shelf = Shelf()
    import_items(path, shelf.put, mapping={"price": "price.amount", "weight": "specs.weight"})
    tv = shelf.items["7"]
    assert tv.category == "TV > OLED"
    assert tv.price == Money(99950, "CNY")
    assert tv.facts == {
        "weight": Quantity(18.0, "kg"),
        "screen": Quantity(55.0),
        "hdr": True,
        "ports": ("HDMI", "USB"),
    }


def test_a_cell_that_spells_an_object_holds_facts(tmp_path: Path) -> None:
    cell = json.dumps({"材质": "棉", "重量": "190g"}, ensure_ascii=False).replace('"', '""')
    _, shelf = imported(tmp_path, f'id,title,attributes\n1,T,"{cell}"\n2,U,{{}}\n')
    assert shelf.items["1"].facts == {"material": ("棉",), "weight": Quantity(190.0, "g")}
    assert shelf.items["2"].facts == {}


def test_an_image_that_is_a_program_is_left_out(tmp_path: Path) -> None:
    report, shelf = imported(tmp_path, "id,title,image\n1,T,javascript:alert(1)\n2,U,img/a:b.png\n")
    assert (shelf.items["1"].image, shelf.items["2"].image) == ("", "img/a:b.png")
    assert report.notes == ("an image that is not a web address, left out: 1 times",)


def test_conditions_reject(tmp_path: Path) -> None:
    report, shelf = imported(tmp_path, "id,title,n\n1,T,1\n2,U,0\n", where="n>0")
    assert list(shelf.items) == ["1"]
    assert report.reasons == {"left out by the condition n>0": 1}


def test_rejects_go_where_they_can_be_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    path = tmp_path / "items.csv"
    path.write_text("id,title\n,Tea\n")
    (tmp_path / "items.csv.rejects.csv").mkdir()  # whoever runs the tests may not write a folder as a file
    with pytest.raises(InvalidInput, match="--rejects"):
        import_items(path, Shelf().put)
    inner = tmp_path / "read-only"
    inner.mkdir()
    monkeypatch.chdir(inner)
    report = import_items(path, Shelf().put)
    assert report.rejects_path == inner / "items.csv.rejects.csv"
    said = import_items(path, Shelf().put, rejects=tmp_path / "mine.csv")
    assert said.rejects_path == tmp_path / "mine.csv"


def test_a_file_with_a_header_only_is_empty_and_one_without_ours_is_refused(tmp_path: Path) -> None:
    report, shelf = imported(tmp_path, "id,title\n")
    assert (report.read, report.kept, shelf.batches) == (0, 0, [])
    with pytest.raises(InvalidFile, match="items need id and title"):
        imported(tmp_path, "17,Tea\n18,Cup\n")
