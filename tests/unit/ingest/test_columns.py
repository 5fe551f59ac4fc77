from pathlib import Path

import pytest

from betimes.errors import InvalidFile, InvalidInput
from betimes.ingest.columns import Layout, layout
from betimes.ingest.rows import where
from betimes.ingest.tables import open_table


def found(folder: Path, header: str, what: str = "items", **mapping: str) -> Layout:
    path = folder / "t.csv"
    path.write_text(f"{header}\n", encoding="utf-8")
    return layout(what, open_table(path), mapping, file=path.name)


def columns(layout: Layout) -> dict[str, tuple[str, ...]]:
    return {ours: source.columns for ours, source in layout.sources.items()}


def test_common_chinese_and_english_names_are_recognised(tmp_path: Path) -> None:
    zh = columns(found(tmp_path, "商品ID,名称,售价（元）,品牌,类别,屏幕尺寸[英寸]"))
    assert zh == {
        "id": ("商品ID",),
        "title": ("名称",),
        "price": ("售价（元）",),
        "brand": ("品牌",),
        "category": ("类别",),
    }
    en = columns(found(tmp_path, "GOODS_ID,goods-name,Selling Price,original_price,Manufacturer"))
    assert en["price"] == ("Selling Price",)
    assert en["brand"] == ("Manufacturer",)
    acts = columns(found(tmp_path, "用户,商品,行为,时间", "events"))
    assert set(acts) == {"user", "item", "kind", "at"}


def test_our_own_name_comes_before_a_common_one(tmp_path: Path) -> None:
    assert columns(found(tmp_path, "sku,name,title,id"))["title"] == ("title",)


def test_what_is_left_over_is_a_fact_with_the_unit_of_its_header(tmp_path: Path) -> None:
    facts = found(tmp_path, "id,title,屏幕 [in],Colour,weight(g),is new,skip_me", skip="skip_*").facts
    assert {c: (f.name, f.unit) for c, f in facts.items()} == {
        "屏幕 [in]": ("screen", "in"),
        "Colour": ("color", ""),
        "weight(g)": ("weight", "g"),
        "is new": ("is_new", ""),
    }


def test_a_mapping_wins_and_may_name_a_fact_a_constant_or_a_divisor(tmp_path: Path) -> None:
    said = found(
        tmp_path,
        "id,name,title,cents,d,c",
        **{"title": "name", "price": "cents/100", "domain": "=video", "person": "d+c"},
    )
    assert said.sources["title"].columns == ("name",)
    assert str(said.sources["price"].divisor) == "100"
    assert said.sources["domain"].of({}) == "video"
    assert {c for c, f in said.facts.items() if f.name == "person"} == {"d", "c"}


def test_a_missing_column_is_told_with_what_there_is_and_what_to_try(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_text("Das Wort,Wort,Nummer\na,b,1\na,b,2\n")
    with pytest.raises(InvalidFile, match=r"items need id and title.*'Wort'.*--map id=Nummer --map title='Das Wort'"):
        layout("items", open_table(path), {}, file="t.csv")
    with pytest.raises(InvalidFile, match="only one column; is the delimiter"):
        found(tmp_path, "id:title:price")
    with pytest.raises(InvalidFile, match="no column 'nmae' for --map title=nmae; is it 'name'"):
        found(tmp_path, "id,name", title="nmae")


@pytest.mark.parametrize("mapping", [{"price": "price/0"}, {"colour": "=red"}])
def test_a_mapping_that_means_nothing_is_refused(tmp_path: Path, mapping: dict[str, str]) -> None:
    with pytest.raises(InvalidInput):
        found(tmp_path, "id,title,price", **mapping)


@pytest.mark.parametrize(
    ("condition", "kept"),
    [
        ("n>0", ["1"]),
        ("n>=0", ["1", "2"]),
        ("n != 0", ["1", "3", "4"]),
        ("name='TV Show'", ["3"]),
        ("n<=0 and name=film", ["2"]),
    ],
)
def test_conditions(tmp_path: Path, condition: str, kept: list[str]) -> None:
    path = tmp_path / "t.csv"
    path.write_text("id,n,name\n1,2.5,film\n2,0,film\n3,-1,TV Show\n4,x,__import__('os')\n")
    table = open_table(path)
    holds = where(condition, table)
    rows = [cells for _, cells in table if isinstance(cells, dict)]
    expected = kept if condition != "n>=0" else ["1", "2"]
    assert [cells["id"] for cells in rows if holds(cells)] == expected


def test_a_condition_is_not_a_program(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_text("id,n\n1,2\n")
    table = open_table(path)
    with pytest.raises(InvalidInput, match="column, operator and value"):
        where("__import__('os').system('true')", table)
    with pytest.raises(InvalidFile, match="no column"):
        where("m>1", table)
