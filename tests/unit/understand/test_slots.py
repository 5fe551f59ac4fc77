"""Dialogue sets of others: each form is read, mapped and scored, and what is no such set is told."""

import gzip
import json
from pathlib import Path
from typing import Any

import pytest

from betimes.domain.intent import Constraint, Intent, IntentKind, Interest, InterestKind
from betimes.errors import InvalidFile, InvalidInput
from betimes.evaluate.slots import Slotted, slot_report, slotted
from betimes.evaluate.understanding import Reading


def packed(path: Path, body: Any, lines: bool = False) -> None:  # noqa: ANN401 - whatever JSON holds
    path.parent.mkdir(parents=True, exist_ok=True)
    text = "\n".join(map(json.dumps, body)) if lines else json.dumps(body)
    with gzip.open(path, "wt", encoding="utf-8") as file:
        file.write(text)


def test_crosswoz_says_prices_and_ratings(tmp_path: Path) -> None:
    acts = [
        ["Inform", "餐馆", "人均消费", "20-40元"],
        ["Inform", "餐馆", "评分", "4分以上"],
        ["Inform", "餐馆", "推荐菜", "面"],
    ]
    turns = [
        {"role": "usr", "content": "找一家人均20到40、4分以上的面馆", "dialog_act": acts},
        {"role": "sys", "content": "好的", "dialog_act": []},
        {"role": "usr", "content": "谢谢", "dialog_act": [["General", "thank", "none", "none"]]},
        {"role": "usr", "content": "电话多少", "dialog_act": [["Request", "餐馆", "电话", ""]]},
    ]
    packed(tmp_path / "crosswoz-zh" / "val.json.gz", {"1": {"messages": turns}})
    first, second = slotted(tmp_path / "crosswoz-zh")
    assert (first.kind, second.kind) == ("need", "none")
    assert first.constraints == {("price", ">=", 20.0), ("price", "<=", 40.0), ("rating", ">=", 4.0)}
    assert first.things == ("面",)


def test_snips_parts_needs_from_orders(tmp_path: Path) -> None:
    folder = tmp_path / "snips-en"
    song = [
        {"text": "play "},
        {"text": "Blue", "entity": "track"},
        {"text": " by "},
        {"text": "A B", "entity": "artist"},
    ]
    for task in ("PlayMusic", "SearchCreativeWork", "SearchScreeningEvent", "GetWeather", "RateBook", "AddToPlaylist"):
        rows = [{"data": song}] if task == "PlayMusic" else [{"data": [{"text": "x"}]}] if task == "GetWeather" else []
        packed(folder / f"train_{task}_full.json.gz", {task: rows})
    music, weather = slotted(folder)
    assert music == Slotted(
        "play Blue by A B", "need", frozenset({"person"}), frozenset({("person", "=", "ab")}), ("Blue",)
    )
    assert weather.kind == "none"


def test_sgd_turns_say_persons_and_genres(tmp_path: Path) -> None:
    def turn(text: str, *actions: dict[str, Any]) -> dict[str, Any]:
        return {"speaker": "USER", "utterance": text, "frames": [{"actions": list(actions)}]}

    inform = {"act": "INFORM", "slot": "starring", "values": ["Jo Doe"]}
    turns = [turn("with Jo Doe", inform), turn("bye", {"act": "GOODBYE", "slot": "", "values": []}), turn("ok")]
    turns[2]["frames"][0]["actions"] = [{"act": "SELECT", "slot": "", "values": []}]
    packed(tmp_path / "sgd-media-en" / "dev_media.jsonl.gz", [{"turns": turns}], lines=True)
    first, second = slotted(tmp_path / "sgd-media-en")
    assert first.constraints == {("person", "=", "jodoe")}
    assert second == Slotted("bye", "none")


def test_mac_slu_and_proslu_say_singers_and_songs(tmp_path: Path) -> None:
    folder = tmp_path / "mac-slu-zh"
    folder.mkdir()
    rows = [
        {"query": "放某人的歌", "semantics": [{"domain": "音乐", "intent": "播放音乐", "slots": {"歌手名": "某人"}}]},
        {"query": "开窗", "semantics": [{"domain": "车载控制", "intent": "车身控制", "slots": {}}]},
    ]
    (folder / "icl_label.jsonl").write_text("\n\n".join(map(json.dumps, rows)), encoding="utf-8")
    song, window = slotted(folder)
    assert song.constraints == {("person", "=", "某人")}
    assert window.kind == "none"
    said = {
        "用户话语": "放某歌",
        "intent": "PLAY_MUSIC",
        "slot": ["O", "B-PLAY_MUSIC.songName", "I-PLAY_MUSIC.songName"],
    }
    packed(tmp_path / "proslu-zh" / "dev.json.gz", {"1": said, "2": dict(said, intent="SEARCH_FLIGHT_TICKET"), "3": []})
    (only,) = slotted(tmp_path / "proslu-zh")
    assert only.things == ("某歌",)


def test_what_is_no_set_is_told(tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match="known: crosswoz"):
        slotted(tmp_path / "other")
    with pytest.raises(InvalidFile, match="not a copy of snips"):
        slotted(tmp_path / "snips-en")


def test_scores_count_the_fields_of_the_set_alone() -> None:
    sentence = Slotted("a", "need", frozenset({"price"}), frozenset({("price", "<=", 40.0)}), ("noodles",))
    right = Intent(
        "a",
        "en",
        IntentKind.NEED,
        (Interest("hot noodles", InterestKind.NEED),),
        (Constraint("price", "<=", 40.0), Constraint("rating", ">=", 4.0)),
    )
    rows = slot_report(lambda text, shown: Reading(right, 0.0), [sentence]).rows()
    assert (rows["kind accuracy"], rows["price F1"], rows["things found"]) == (1.0, 1.0, 1.0)
    wrong = Intent("a", "en", IntentKind.NONE)
    report = slot_report(lambda text, shown: Reading(wrong, 0.0), [sentence])
    assert (report.rows()["kind accuracy"], report.rows()["price F1"], len(report.wrong)) == (0.0, 0.0, 1)
