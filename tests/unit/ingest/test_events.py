import csv
import json
import os
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from betimes.domain.event import Acted, ActKind, Event, Said
from betimes.domain.names import EventId, ItemId, UserId
from betimes.errors import Conflict, InvalidFile
from betimes.ingest import Report, import_dir, import_events, import_items, import_utterances
from betimes.ports import Put

NOW = datetime(2024, 6, 1, 12, tzinfo=UTC)


class Log:
    """Takes events as a log does: all of a batch or none, each id once."""

    def __init__(self) -> None:
        self.events: dict[str, Event] = {}
        self.batches: list[int] = []

    def append(self, events: Sequence[Event]) -> None:
        for event in events:
            if self.events.get(event.id, event) != event:
                raise Conflict(event.id)
        self.events.update({event.id: event for event in events})
        self.batches.append(len(events))


def imported(folder: Path, content: str, log: Log | None = None, **mapping: str) -> tuple[Report, Log]:
    path = folder / "events.csv"
    path.write_text(content, encoding="utf-8")
    log = log or Log()
    return import_events(path, log.append, mapping=mapping, now=NOW), log


def reasons(report: Report) -> list[tuple[int, str]]:
    assert report.rejects_path is not None
    with report.rejects_path.open(encoding="utf-8", newline="") as file:
        return [(int(line), reason) for line, reason, _ in list(csv.reader(file))[1:]]


def acts(log: Log) -> list[Acted]:
    return [event for event in log.events.values() if isinstance(event, Acted)]


def test_our_columns(tmp_path: Path) -> None:
    _, log = imported(tmp_path, "id,user,item,kind,value,at\ne1,u,i,rate,4.5,2024-05-01T08:00:00+08:00\n")
    at = datetime(2024, 5, 1, tzinfo=UTC)
    assert acts(log) == [
        Acted(id=EventId("e1"), user=UserId("u"), item=ItemId("i"), kind=ActKind.RATE, value=4.5, at=at)
    ]


@pytest.mark.parametrize(
    ("word", "kind"),
    [
        ("pv", "view"),
        ("Add to cart", "save"),
        ("transaction", "buy"),
        ("购买", "buy"),
        ("收藏", "save"),
        ("点击", "click"),
        ("不喜欢", "dislike"),
        ("浏览", "view"),
        ("SKIP", "skip"),
    ],
)
def test_kinds_by_other_names(tmp_path: Path, word: str, kind: str) -> None:
    _, log = imported(tmp_path, f"用户,商品,行为,时间\nu,i,{word},2024-05-01\n")
    assert [act.kind for act in acts(log)] == [ActKind(kind)]


def test_every_kind_of_ours_is_known_by_its_own_name(tmp_path: Path) -> None:
    rows = "".join(f"u,i,{kind},1,2024-05-01\n" for kind in ActKind)
    _, log = imported(tmp_path, f"user,item,kind,value,at\n{rows}")
    assert [act.kind for act in acts(log)] == list(ActKind)
    assert [act.kind for act in acts(log) if act.value is not None] == [ActKind.RATE, ActKind.DWELL]


def test_without_a_kind_a_rating_is_one_and_an_order_is_bought(tmp_path: Path) -> None:
    report, log = imported(tmp_path, "userId,movieId,rating,timestamp\n1,31,2.5,1260759144\n")
    assert [(a.kind, a.value, a.at.year) for a in acts(log)] == [(ActKind.RATE, 2.5, 2009)]
    assert report.columns["kind"] == "rate for all, as there is a rating"
    _, log = imported(tmp_path, "InvoiceNo,StockCode,CustomerID,InvoiceDate\n5,A,17850.0,2010-12-01 08:26:00\n")
    assert [(a.kind, a.user) for a in acts(log)] == [(ActKind.BUY, "17850")]
    _, log = imported(tmp_path, "user,item,at\nu,i,2024-05-01\n", kind="=view")
    assert [a.kind for a in acts(log)] == [ActKind.VIEW]
    with pytest.raises(InvalidFile, match="--map kind==view"):
        imported(tmp_path, "user,item,at\nu,i,2024-05-01\n")


def test_bad_rows_are_rejected_by_line_and_reason(tmp_path: Path) -> None:
    later = (NOW + timedelta(minutes=6)).isoformat()
    soon = (NOW + timedelta(minutes=4)).isoformat()
    report, log = imported(
        tmp_path,
        "user,item,kind,value,at\n"
        f"u,i,view,,{later}\n"
        f"u,i,view,,{soon}\n"
        ",i,view,,2024-05-01\n"
        "u,,view,,2024-05-01\n"
        "u,i,ogle,,2024-05-01\n"
        "u,i,rate,8,2024-05-01\n"
        "u,i,rate,,2024-05-01\n"
        "u,i,dwell,-1,2024-05-01\n"
        "u,i,view,,\n"
        "u,i,view,,last week\n",
    )
    assert len(log.events) == 1
    found = reasons(report)
    assert [line for line, _ in found] == [2, 4, 5, 6, 7, 8, 9, 10, 11]
    for (_, reason), part in zip(
        found,
        [
            "future",
            "no user",
            "no item",
            "'ogle'",
            "--map value=COLUMN/2",
            "without a value",
            "dwell",
            "no time",
            "time",
        ],
        strict=True,
    ):
        assert part in reason


def test_a_scale_of_ten_is_divided(tmp_path: Path) -> None:
    _, log = imported(tmp_path, "user,item,score,at\nu,i,8,2024-05-01\n", value="score/2")
    assert [act.value for act in acts(log)] == [4.0]


def test_twice_changes_nothing_and_equal_rows_are_several_acts(tmp_path: Path) -> None:
    content = "user,item,kind,at\nu,i,buy,2024-05-01\nu,i,buy,2024-05-01\nu,i,buy,2024-05-02\n"
    report, log = imported(tmp_path, content)
    assert (report.kept, len(log.events)) == (3, 3)
    before = dict(log.events)
    again, _ = imported(tmp_path, content, log)
    assert (again.kept, log.events) == (3, before)


def test_the_same_acts_in_another_format_have_the_same_ids(tmp_path: Path) -> None:
    _, log = imported(tmp_path, "user,item,kind,at\n7,i,buy,2024-05-01 00:00:00\n")
    path = tmp_path / "events.jsonl"
    path.write_text(json.dumps({"at": 1714521600, "kind": "购买", "item": "i", "user": 7}) + "\n")
    before = dict(log.events)
    import_events(path, log.append, now=NOW)
    assert log.events == before


def test_ids_that_repeat_in_the_file_or_stand_in_the_log(tmp_path: Path) -> None:
    rows = "".join(f"e{n},u,i{n},view,2024-05-01\n" for n in range(20))
    _, log = imported(tmp_path, f"id,user,item,kind,at\n{rows}")
    changed = rows.replace("e7,u,i7", "e7,u,other").replace("e13,u", "e13,v")
    content = (
        f"id,user,item,kind,at\n{changed}new,u,i,buy,2024-05-01\nnew,u,i,buy,2024-05-01\nnew,u,i,view,2024-05-01\n"
    )
    report, log = imported(tmp_path, content, log)
    assert (report.read, report.kept, report.rejected, report.repeated) == (23, 19, 3, 1)
    assert sorted(reasons(report)) == [
        (9, "an id that the log holds with other content ('e7')"),
        (15, "an id that the log holds with other content ('e13')"),
        (24, "an id that an earlier row has with other content ('new')"),
    ]
    assert len(log.events) == 21


def test_a_file_without_times_happened_when_it_was_written(tmp_path: Path) -> None:
    path = tmp_path / "events.csv"
    path.write_text("user,item,kind\nu,i,view\n")
    os.utime(path, (1_700_000_000, 1_700_000_000))
    log = Log()
    report = import_events(path, log.append, now=NOW)
    assert [a.at for a in acts(log)] == [datetime.fromtimestamp(1_700_000_000, UTC)]
    assert report.columns["at"].startswith("when the file was written")


def test_a_batch_is_put_whole_or_not_at_all_when_the_import_is_stopped(tmp_path: Path) -> None:
    path = tmp_path / "events.csv"
    path.write_text("user,item,kind,at\n" + "".join(f"u{n},i,view,2024-05-01\n" for n in range(250)))
    log = Log()

    def stopped(events: Sequence[Event]) -> None:
        if len(log.batches) == 1:
            raise KeyboardInterrupt
        log.append(events)

    with pytest.raises(KeyboardInterrupt):
        import_events(path, stopped, now=NOW, batch=100)
    assert len(log.events) == 100
    report = import_events(path, log.append, now=NOW, batch=100)
    assert (report.kept, len(log.events)) == (250, 250)


def test_utterances(tmp_path: Path) -> None:
    path = tmp_path / "said.csv"
    path.write_text(
        "用户,用户输入,时间\nu,我想买手机,2024-05-01 10:00\nu, ,2024-05-01\n,hello,2024-05-01\n"
        f"u,{'长' * 20_000},2024-05-01\nu,我想买手机,2024-05-01 10:00\n"
    )
    log = Log()
    report = import_utterances(path, log.append, now=NOW)
    assert [(e.user, e.text) for e in log.events.values() if isinstance(e, Said)] == [("u", "我想买手机")] * 2
    assert (report.kept, report.rejected) == (2, 3)
    assert report.reasons == {"a text that cannot be read": 2, "no user": 1}


def test_an_utterance_may_tell_where_it_was_said(tmp_path: Path) -> None:
    path = tmp_path / "said.csv"
    path.write_text("user,text,at,domain\nu,hello,2024-05-01,Music\nu,hello,2024-05-01,\n")
    log = Log()
    assert import_utterances(path, log.append, now=NOW).kept == 2
    assert [e.domain for e in log.events.values() if isinstance(e, Said)] == ["music", None]


def test_a_folder_of_the_three_files(tmp_path: Path) -> None:
    log = Log()
    items: list[object] = []

    def put(batch: Sequence[object]) -> Put:
        items.extend(batch)
        return Put(len(batch), 0, 0)

    def run() -> dict[str, Report]:
        return import_dir(tmp_path, put=put, append=log.append, say=log.append, now=NOW)

    with pytest.raises(InvalidFile, match="holds none of"):
        run()
    (tmp_path / "item_feature.csv").write_text("商品ID,名称\n1,手机\n")
    (tmp_path / "user_action.csv").write_text("用户,商品,行为,时间\nu,1,购买,2024-05-01\n")
    reports = run()
    assert [r.kept for r in reports.values()] == [1, 1, 0]
    assert reports["user_input.csv"].notes == (f"{tmp_path} has no user_input.csv",)
    (tmp_path / "user_input.csv").write_text("用户,输入,时间\nu,便宜点,2024-05-01\n")
    assert run()["user_input.csv"].kept == 1
    assert (len(items), len(log.events)) == (2, 2)


def test_an_item_file_is_no_event_file(tmp_path: Path) -> None:
    path = tmp_path / "items.csv"
    path.write_text("id,title\n1,Tea\n")
    with pytest.raises(InvalidFile, match="events need user and item"):
        import_events(path, Log().append, now=NOW)
    assert import_items(path, lambda items: Put(len(items), 0, 0)).kept == 1
