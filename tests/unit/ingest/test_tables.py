import gzip
import json
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from betimes.errors import InvalidFile
from betimes.ingest.tables import Broken, Cells, open_table


def write(folder: Path, content: str | bytes, name: str = "t.csv") -> Path:
    path = folder / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def good(path: Path, **how: str) -> list[Cells]:
    return [cells for _, cells in open_table(path, **how) if not isinstance(cells, Broken)]


def broken(path: Path) -> list[tuple[int, Broken]]:
    return [(line, cells) for line, cells in open_table(path) if isinstance(cells, Broken)]


@pytest.mark.parametrize("delimiter", [",", "\t", ";", "|"])
def test_the_delimiter_is_found_out(tmp_path: Path, delimiter: str) -> None:
    rows = [["id", "title"], ["1", "Tea, green; loose"], ["2", "Cup"]]
    text = "\n".join(delimiter.join(f'"{cell}"' for cell in row) for row in rows)
    assert good(write(tmp_path, text)) == [{"id": "1", "title": "Tea, green; loose"}, {"id": "2", "title": "Cup"}]


def test_a_delimiter_can_be_said(tmp_path: Path) -> None:
    path = write(tmp_path, "id:title\n1:Tea\n")
    assert good(path, delimiter=":") == [{"id": "1", "title": "Tea"}]
    with pytest.raises(InvalidFile, match="one character"):
        open_table(path, delimiter="::")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "gb18030"])
def test_the_encoding_is_found_out(tmp_path: Path, encoding: str) -> None:
    path = write(tmp_path, "编号,名称\n1,降噪耳机\n".encode(encoding))
    assert good(path) == [{"编号": "1", "名称": "降噪耳机"}]


def test_another_encoding_is_refused_by_the_byte_and_taken_when_said(tmp_path: Path) -> None:
    path = write(tmp_path, "id,title\n1,Café au lait\n2,Crème brûlée\n".encode("cp1252"))
    with pytest.raises(InvalidFile, match=r"byte 0xe9 at position 14, in line 2.*--map encoding=windows-1252"):
        open_table(path)
    assert good(path, encoding="windows-1252")[0]["title"] == "Café au lait"
    with pytest.raises(InvalidFile, match="no text encoding 'hex'"):
        open_table(path, encoding="hex")


def test_western_letters_that_pair_up_are_not_taken_for_chinese(tmp_path: Path) -> None:
    path = write(tmp_path, "id,title\n1,Müller\n".encode("cp1252"))
    assert path.read_bytes().decode("gb18030")
    with pytest.raises(InvalidFile, match="0xfc"):
        open_table(path)


def test_a_wrong_byte_far_into_the_file_is_found_before_anything_is_read(tmp_path: Path) -> None:
    path = write(tmp_path, b"id,title\n" + b"1,Tea\n" * 400_000 + b"2,\xff\n")
    with pytest.raises(InvalidFile, match="0xff at position 2,400,011, in line 400,002"):
        open_table(path)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "is empty"),
        (b"id,title\n1,Te\x00a\n", "NUL byte in line 2"),
        ("id,title\n1,Tea\n".encode("utf-16-le"), "NUL byte in line 1"),
        (bytes(range(256)) * 64, "NUL byte"),
        (b"PK\x03\x04rest of a workbook", "Excel"),
        (b"\x1f\x8b\x08\x00 not really packed", "damaged gzip"),
        (b"PAR1 not really parquet", "not a sound Parquet file"),
        (b"\n\n\n", "no header"),
        (b"id,title,id\n1,a,2\n", "'id' more than once"),
        (b'[{"id": 1}, {"id": ', "not a JSON array after element 1"),
    ],
)
def test_what_is_no_table_is_refused(tmp_path: Path, content: bytes, message: str) -> None:
    with pytest.raises(InvalidFile, match=message):
        open_table(write(tmp_path, content))


def test_a_missing_file_and_a_folder_are_refused(tmp_path: Path) -> None:
    with pytest.raises(InvalidFile, match="there is no file"):
        open_table(tmp_path / "none.csv")
    with pytest.raises(InvalidFile, match="cannot be read"):
        open_table(tmp_path)


def test_cut_off_gzip_is_refused(tmp_path: Path) -> None:
    whole = gzip.compress(b"id,title\n" + b"".join(b"%d,Tea\n" % n for n in range(10_000)))
    with pytest.raises(InvalidFile, match="damaged gzip"):
        open_table(write(tmp_path, whole[: len(whole) // 2], "t.csv.gz"))


def test_ragged_rows_are_broken_and_the_rest_is_kept(tmp_path: Path) -> None:
    path = write(tmp_path, "id,title\n1,Tea\n2\n\n3,Cup,extra\n4,Pot\n")
    assert [cells["id"] for cells in good(path)] == ["1", "4"]
    assert broken(path) == [
        (3, Broken("fewer cells than the header", "2")),
        (5, Broken("more cells than the header", "3,Cup,extra")),
    ]


@pytest.mark.parametrize("bad", ['2,"Tea', '"2,Tea', '2,"Tea" pot'])
def test_a_stray_quote_costs_its_own_line_only(tmp_path: Path, bad: str) -> None:
    path = write(tmp_path, f'id,title\n1,"Two\nlines"\n{bad}\n3,Cup\n4,"Pot"\n5,Pan\n')
    assert good(path) == [
        {"id": "1", "title": "Two\nlines"},
        {"id": "3", "title": "Cup"},
        {"id": "4", "title": "Pot"},
        {"id": "5", "title": "Pan"},
    ]
    assert [(line, b.row) for line, b in broken(path)] == [(4, bad)]


def test_a_long_cell_is_read_and_an_endless_one_is_broken(tmp_path: Path) -> None:
    path = write(tmp_path, f"id,title\n1,{'x' * 100_000}\n2,{'x' * 5_000_000}\n3,Cup\n")
    assert [len(str(cells["title"])) for cells in good(path)] == [100_000, 3]
    assert len(broken(path)) >= 1


def test_json_in_lines_packed_and_in_an_array(tmp_path: Path) -> None:
    things = [{"id": n, "specs": {"screen": {"size": 6.1}}, "tags": ["a", "b"]} for n in range(300)]
    lines = "".join(json.dumps(thing) + "\n" for thing in things)
    flat = [{"id": n, "specs.screen.size": 6.1, "tags": ["a", "b"]} for n in range(300)]
    assert good(write(tmp_path, gzip.compress(lines.encode()), "t.jsonl.gz")) == flat
    assert good(write(tmp_path, json.dumps(things, indent=2), "t.json")) == flat
    assert good(write(tmp_path, json.dumps(things), "flat.json")) == flat


def test_a_json_array_larger_than_the_buffer(tmp_path: Path) -> None:
    things = [{"id": n, "text": "x" * 3_000} for n in range(3_000)]
    assert good(write(tmp_path, json.dumps(things), "t.json")) == things


def test_lines_that_are_not_json_objects_are_broken(tmp_path: Path) -> None:
    path = write(tmp_path, '{"id": 1}\nnot json\n[1]\n' + "[" * 100_000 + '\n{"id": 2}\n', "t.jsonl")
    assert [cells["id"] for cells in good(path)] == [1, 2]
    assert [(line, b.reason) for line, b in broken(path)] == [
        (2, "not JSON"),
        (3, "not a JSON object"),
        (4, "not JSON"),
    ]
    array = write(tmp_path, '[{"id": 1}, null, 12, {"id": 2}]', "t.json")
    assert [cells["id"] for cells in good(array)] == [1, 2]
    assert [line for line, _ in broken(array)] == [2, 3]


def test_parquet_in_several_row_groups(tmp_path: Path) -> None:
    rows = [{"id": n, "specs": {"ram": 8.0}, "tags": ["a"]} for n in range(2_500)]
    path = tmp_path / "t.parquet"
    pq.write_table(pa.Table.from_pylist(rows), path, row_group_size=700)
    table = open_table(path)
    assert table.total == 2_500
    assert table.columns == ("id", "specs.ram", "tags")
    assert good(path) == [{"id": n, "specs.ram": 8.0, "tags": ["a"]} for n in range(2_500)]
