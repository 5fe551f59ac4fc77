"""Understanding held against dialogue sets of others, as far as their slots say what an Intent says.

The mapping (``docs/reports/slots.md`` has it in a table): an act of informing, searching or playing is a need,
thanks and commands to a device are none; amounts of money and ratings are bounds; artists, actors and directors
are persons; titles, genres, dishes and kinds of things must stand in an interest or a constraint.
"""

import gzip
import json
import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from betimes.domain.intent import Intent
from betimes.errors import InvalidFile, InvalidInput
from betimes.evaluate.understanding import Read, Tally
from betimes.ports import Progress, no_progress
from betimes.text import normalise


@dataclass(frozen=True, slots=True)
class Slotted:
    """A sentence and what its slots say of it.

    Attributes:
        kind: ``need`` or ``none``; nothing where the set does not say.
        fields: the fields that the set annotates; others are not compared.
        constraints: ``(field, op, value)`` of those fields.
        things: words that must stand in an interest or a constraint.
    """

    text: str
    kind: str = ""
    fields: frozenset[str] = frozenset()
    constraints: frozenset[tuple[str, str, object]] = frozenset()
    things: tuple[str, ...] = ()


@dataclass(slots=True)
class SlotReport:
    """Scores over a set."""

    kinds: list[bool] = field(default_factory=list)
    constraints: dict[str, Tally] = field(default_factory=dict)
    things: list[bool] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)

    def rows(self) -> dict[str, float]:
        """The figures by name; those that the set says nothing of are left out."""
        rows: dict[str, float] = {}
        if self.kinds:
            rows |= {"sentences with a kind": len(self.kinds), "kind accuracy": sum(self.kinds) / len(self.kinds)}
        for name, tally in sorted(self.constraints.items()):
            rows |= {f"{name}s": tally.hit + tally.missed, f"{name} F1": tally.f1}
        if self.things:
            rows |= {"things named": len(self.things), "things found": sum(self.things) / len(self.things)}
        return rows


def slotted(folder: Path) -> list[Slotted]:
    """The sentences of a set, known by the name of its folder.

    Raises:
        InvalidInput: the folder is of no set that can be mapped.
        InvalidFile: a file of it is missing or is not of its form.
    """
    for name, loader in _LOADERS.items():
        if folder.name.startswith(name):
            try:
                return list(loader(folder))
            except (OSError, ValueError, KeyError, TypeError, IndexError) as error:
                raise InvalidFile(f"{folder} is not a copy of {name}: {type(error).__name__}: {error}") from error
    raise InvalidInput(f"{folder.name} is no set that can be mapped; known: {', '.join(_LOADERS)}")


def slot_report(read: Read, sentences: Sequence[Slotted], progress: Progress = no_progress) -> SlotReport:
    """Scores a reader."""
    report = SlotReport()
    for done, sentence in enumerate(sentences, 1):
        _score(report, sentence, read(sentence.text, ()).intent)
        progress(done, len(sentences))
    return report


def _score(report: SlotReport, sentence: Slotted, intent: Intent) -> None:
    right = True
    if sentence.kind:
        # What is wanted within a conversation may be read as a need or as a reaction to it; both are served.
        said = "none" if intent.kind == "none" else "need"
        right = said == sentence.kind
        report.kinds.append(right)
    said_all = {(c.field, c.op, _value(c.value)) for c in intent.constraints}
    for name in sentence.fields:
        said_here = {c for c in said_all if c[0] == name}
        gold = {c for c in sentence.constraints if c[0] == name}
        report.constraints.setdefault(name, Tally()).count(Counter(said_here), Counter(gold))
        right &= said_here == gold
    words = [_plain(i.topic) for i in intent.interests] + [_plain(str(c.value)) for c in intent.constraints]
    for thing in map(_plain, sentence.things):
        found = any(thing in word or (word in thing and 2 * len(word) >= len(thing)) for word in words if word)
        report.things.append(found)
        right &= found
    if not right:
        gold_said = sorted(map(str, sentence.constraints))
        report.wrong.append(
            f"{sentence.text}  gold {sentence.kind} {gold_said} {sentence.things}  said {intent.kind} {words}"
        )


def _value(value: object) -> object:
    return float(f"{value:.5g}") if isinstance(value, (int, float)) else _plain(str(value))


def _plain(text: str) -> str:
    return re.sub(r"[\s'\"《》.,!?]", "", normalise(text).lower())


_AMOUNT: Final = re.compile(r"(\d+(?:\.\d+)?)(?:小时|天)?\s*-\s*(\d+(?:\.\d+)?)|(\d+(?:\.\d+)?)")
_CROSSWOZ: Final = {"人均消费": "price", "价格": "price", "门票": "price", "评分": "rating"}


def _crosswoz(folder: Path) -> Iterator[Slotted]:
    """Price and rating of restaurants, hotels and sights; dishes and kinds of hotels as things."""
    for dialogue in _json(folder / "val.json.gz").values():
        for turn in dialogue["messages"]:
            acts = turn["dialog_act"]
            if turn["role"] != "usr" or not acts:
                continue
            informs = [(slot, value) for act, _, slot, value in acts if act == "Inform"]
            bounds = frozenset(
                (_CROSSWOZ[slot], *bound) for slot, value in informs if slot in _CROSSWOZ for bound in _bounds(value)
            )
            kind = "none" if {act for act, *_ in acts} == {"General"} else ""
            if any(slot in _CROSSWOZ or slot == "推荐菜" for slot, _ in informs):
                kind = "need"
            dishes = tuple(value for slot, value in informs if slot == "推荐菜")
            if kind:
                yield Slotted(turn["content"], kind, frozenset(("price", "rating")), bounds, dishes)


def _bounds(value: str) -> list[tuple[str, float]]:
    match = _AMOUNT.search(value)
    if match is None:
        return []  # free, or not
    if match[1]:
        return [(">=", float(match[1])), ("<=", float(match[2]))]
    # Five is the highest rating there is: exactly five, and five or more, are the same.
    op = ">=" if "以上" in value or value == "5分" else "<=" if "以下" in value else "="
    return [(op, float(match[3]))]


_SNIPS_NEEDS: Final = ("PlayMusic", "SearchCreativeWork", "SearchScreeningEvent")
_SNIPS_NONE: Final = ("GetWeather", "RateBook", "AddToPlaylist")
_SNIPS_THINGS: Final = frozenset(("genre", "track", "album", "object_name", "movie_name"))


def _snips(folder: Path) -> Iterator[Slotted]:
    """Music by its artist, works by their name; the weather, ratings and playlists are orders to a device."""
    for task in (*_SNIPS_NEEDS, *_SNIPS_NONE):
        for row in _json(folder / f"train_{task}_full.json.gz", encoding="latin-1")[task]:
            parts = row["data"]
            text = "".join(part["text"] for part in parts).strip()
            if task in _SNIPS_NONE:
                yield Slotted(text, "none")
                continue
            persons = frozenset(("person", "=", _plain(p["text"])) for p in parts if p.get("entity") == "artist")
            things = tuple(p["text"] for p in parts if p.get("entity") in _SNIPS_THINGS)
            yield Slotted(text, "need", frozenset(("person",)), persons, things)


_SGD_PERSONS: Final = frozenset(("starring", "director", "directed_by", "artist", "actors"))
_SGD_THINGS: Final = frozenset(("genre", "movie_name", "title", "album", "song_name", "category", "subcategory"))


def _sgd(folder: Path) -> Iterator[Slotted]:
    """Films, songs and events that a user asks for, turn by turn; thanks and farewells are none."""
    with gzip.open(folder / "dev_media.jsonl.gz", "rt", encoding="utf-8") as lines:
        turns = [turn for line in lines for turn in json.loads(line)["turns"] if turn["speaker"] == "USER"]
    for turn in turns:
        acts = [action for frame in turn["frames"] for action in frame["actions"]]
        if {a["act"] for a in acts} <= {"THANK_YOU", "GOODBYE"}:
            yield Slotted(turn["utterance"], "none")
        informs = [(a["slot"], value) for a in acts if a["act"] == "INFORM" for value in a["values"]]
        if any(slot in _SGD_PERSONS | _SGD_THINGS for slot, _ in informs):
            persons = frozenset(("person", "=", _plain(value)) for slot, value in informs if slot in _SGD_PERSONS)
            things = tuple(value for slot, value in informs if slot in _SGD_THINGS)
            yield Slotted(turn["utterance"], "need", frozenset(("person",)), persons, things)


def _mac_slu(folder: Path) -> Iterator[Slotted]:
    """Music and films in a car; the car's own controls are none."""
    for line in (folder / "icl_label.jsonl").read_text(encoding="utf-8").splitlines():
        if not line.strip():
            continue
        row = json.loads(line)
        said = [s for s in row["semantics"] if isinstance(s, dict)]
        domains = {s["domain"] for s in said}
        wanted = [s for s in said if s["intent"] in ("播放音乐", "播放影视")]
        if domains == {"车载控制"}:
            yield Slotted(row["query"], "none")
        elif wanted and len(said) == 1:
            found: Mapping[str, Any] = wanted[0]["slots"]
            names = [found[slot] for slot in ("歌手名", "演员名") if isinstance(found.get(slot), str)]
            things = tuple(found[slot] for slot in ("歌曲名", "片名") if isinstance(found.get(slot), str))
            persons = frozenset(("person", "=", _plain(name)) for name in names)
            yield Slotted(row["query"], "need", frozenset(("person",)), persons, things)


_PROSLU_THINGS: Final = ("songName", "videoName", "voiceName")
_PROSLU_PERSONS: Final = ("artist", "actor")


def _proslu(folder: Path) -> Iterator[Slotted]:
    """Music, video and talk to play or to search for; journeys are left out."""
    for row in _json(folder / "dev.json.gz").values():
        if not isinstance(row, dict) or row["intent"].partition("_")[2] not in ("MUSIC", "VIDEO", "VOICE"):
            continue
        values: dict[str, str] = {}
        for char, tag in zip(row["用户话语"], row["slot"], strict=False):
            if tag != "O":
                name = tag.partition(".")[2]
                values[name] = values.get(name, "") + char
        persons = frozenset(("person", "=", _plain(values[name])) for name in _PROSLU_PERSONS if name in values)
        things = tuple(values[name] for name in _PROSLU_THINGS if name in values)
        yield Slotted(row["用户话语"], "need", frozenset(("person",)), persons, things)


_LOADERS: Final[Mapping[str, Callable[[Path], Iterator[Slotted]]]] = {
    "crosswoz": _crosswoz,
    "snips": _snips,
    "sgd": _sgd,
    "mac-slu": _mac_slu,
    "proslu": _proslu,
}


def _json(path: Path, encoding: str = "utf-8") -> Any:  # noqa: ANN401 - whatever the set holds
    with gzip.open(path, "rt", encoding=encoding) as file:
        return json.load(file)
