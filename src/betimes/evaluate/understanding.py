"""How well sentences are understood: strict scores against a corpus, by language and by class."""

import json
import zlib
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from importlib.resources import files
from time import perf_counter
from typing import Annotated, Any, Literal

import typer
from rich.console import Console, RenderableType
from rich.table import Table

from betimes.domain.intent import Intent, InterestKind
from betimes.domain.item import Item, Money, Quantity
from betimes.domain.names import ItemId
from betimes.text import normalise
from betimes.understand.aliases import GROUPS
from betimes.understand.cascade import Understanding
from betimes.understand.lexicon import Lexicon

#: The clock of the corpus, for "this year".
CLOCK = datetime(2026, 6, 1, tzinfo=UTC)

#: Fields with a meaning of their own; all others are one class (rule 5 of the annotation).
_DISTINCT = frozenset(
    "price brand person year rating duration delivery_time size screen color weight memory storage battery distance "
    "capacity power length width height episodes battery_life refresh_rate diameter load calories seasons tempo "
    "word_count followers salary".split()
)

Read = Callable[[str, Sequence[Item]], Intent]


@dataclass(frozen=True, slots=True)
class Example:
    """A sentence, the list it may react to, and what it means."""

    text: str
    shown: tuple[Item, ...]
    gold: Mapping[str, Any]
    locale: str
    half: Literal["seen", "unseen"]


@dataclass(slots=True)
class Tally:
    """True positives, false positives and false negatives."""

    hit: int = 0
    extra: int = 0
    missed: int = 0

    def count(self, said: Counter[Any], gold: Counter[Any]) -> None:
        """Adds one sentence."""
        both = sum((said & gold).values())
        self.hit += both
        self.extra += sum(said.values()) - both
        self.missed += sum(gold.values()) - both

    @property
    def precision(self) -> float:
        """The share of what was said that is right; 1 when nothing was said."""
        said = self.hit + self.extra
        return self.hit / said if said else 1.0

    @property
    def recall(self) -> float:
        """The share of what was to be found that was; 1 when there was nothing to find."""
        gold = self.hit + self.missed
        return self.hit / gold if gold else 1.0

    @property
    def f1(self) -> float:
        """The harmonic mean of precision and recall; 1 when there was nothing to find and nothing was said."""
        total = 2 * self.hit + self.extra + self.missed
        return 2 * self.hit / total if total else 1.0


@dataclass(slots=True)
class Report:
    """Scores over a set of sentences."""

    n: int = 0
    kinds_right: int = 0
    topics_right: int = 0
    topics: Tally = field(default_factory=Tally)
    constraints: Tally = field(default_factory=Tally)
    prices: Tally = field(default_factory=Tally)
    exclusions: Tally = field(default_factory=Tally)
    likes: Tally = field(default_factory=Tally)
    dislikes: Tally = field(default_factory=Tally)
    idle: int = 0
    idle_wrong: int = 0
    ms: list[float] = field(default_factory=list)
    confusions: list[str] = field(default_factory=list)

    def rows(self) -> dict[str, float]:
        """The scores by name."""
        ms = sorted(self.ms)
        return {
            "sentences": self.n,
            "kind accuracy": self.kinds_right / max(1, self.n),
            "topic accuracy": self.topics_right / max(1, self.n),
            "topic F1": self.topics.f1,
            "constraints precision": self.constraints.precision,
            "constraints recall": self.constraints.recall,
            "constraints F1": self.constraints.f1,
            "price F1": self.prices.f1,
            "exclusion F1": self.exclusions.f1,
            "likes F1 (soft)": self.likes.f1,
            "dislikes F1 (soft)": self.dislikes.f1,
            "false positives on none": self.idle_wrong / max(1, self.idle),
            "ms p50": ms[len(ms) // 2] if ms else 0.0,
            "ms p99": ms[int(len(ms) * 0.99)] if ms else 0.0,
        }


def load_corpus(lines: Iterable[str], locale: str) -> list[Example]:
    """Examples from JSON lines. Half of them, by a hash of the text, may be looked at when rules are written."""
    out = []
    for line in lines:
        row = json.loads(line)
        half: Literal["seen", "unseen"] = "seen" if zlib.crc32(row["text"].encode()) % 2 else "unseen"
        shown = tuple(_item(i) for i in row["shown"] or ())
        out.append(Example(row["text"], shown, row["gold"], locale, half))
    return out


def first_corpus() -> list[Example]:
    """The corpus that ships with the package."""
    folder = files("betimes.train.corpus")
    return [
        example
        for locale in ("zh", "en")
        for example in load_corpus(
            folder.joinpath(f"first.{locale}.jsonl").read_text(encoding="utf-8").splitlines(), locale
        )
    ]


def _item(row: Mapping[str, Any]) -> Item:
    facts = {"duration": Quantity(float(row["duration"]), "min")} if row.get("duration") else {}
    price = None if row.get("price") is None else Money.of(row["price"], row.get("currency") or "CNY")
    return Item(
        ItemId(str(row["id"])),
        row["title"],
        price=price,
        brand=row.get("brand") or "",
        category=row.get("category") or "",
        facts=facts,
    )


def evaluate(read: Read, examples: Iterable[Example]) -> Report:
    """Scores a reader."""
    report = Report()
    for example in examples:
        clock = perf_counter()
        intent = read(example.text, example.shown)
        report.ms.append((perf_counter() - clock) * 1e3)
        _score(report, example, intent)
    return report


def _score(report: Report, example: Example, intent: Intent) -> None:
    gold = example.gold
    report.n += 1
    report.kinds_right += intent.kind == gold["kind"]
    said_topics = {_plain(t) for t in intent.topics}
    gold_topics = {_plain(t) for t in gold["topics"]}
    report.topics_right += said_topics == gold_topics
    report.topics.count(Counter(said_topics), Counter(gold_topics))
    said = Counter(_key(c.field, c.op, c.value) for c in intent.constraints)
    true = Counter(_key(c["field"], c["op"], c["value"]) for c in gold["constraints"])
    report.constraints.count(said, true)
    report.prices.count(_of(said, lambda k: k[0] == "price"), _of(true, lambda k: k[0] == "price"))
    report.exclusions.count(_of(said, lambda k: k[1] == "!="), _of(true, lambda k: k[1] == "!="))
    liked = [i.topic for i in intent.interests if i.polarity > 0 and i.kind is not InterestKind.NEED]
    _soft(report.likes, liked, gold["likes"])
    _soft(report.dislikes, [i.topic for i in intent.interests if i.polarity < 0], gold["dislikes"])
    if gold["kind"] == "none":
        report.idle += 1
        report.idle_wrong += bool(intent.interests or intent.constraints)
    if said != true or intent.kind != gold["kind"] or said_topics != gold_topics:
        report.confusions.append(
            f"{example.text}\n"
            f"   gold {gold['kind']} {sorted(gold_topics)} {sorted(map(str, true))} "
            f"+{gold['likes']} -{gold['dislikes']}\n"
            f"   said {intent.kind} {sorted(said_topics)} {sorted(map(str, said))} +{liked}"
        )


def _of(keys: Counter[Any], keep: Callable[[Any], bool]) -> Counter[Any]:
    return Counter({k: n for k, n in keys.items() if keep(k)})


def _key(name: str, op: str, value: object) -> tuple[str, str, object]:
    shown = name if name in _DISTINCT else "open"
    if isinstance(value, (int, float)):
        return shown, op, float(f"{float(value):.5g}")
    text = _plain(str(value))
    try:
        return shown, op, float(text)
    except ValueError:
        pass
    return shown, op, min(GROUPS.get(name, {}).get(text, (text,)))


def _plain(text: str) -> str:
    return normalise(text).lower().replace(" ", "")


def _soft(tally: Tally, said: Sequence[str], gold: Sequence[str]) -> None:
    """Counts as found what contains, or is contained in, the other."""
    left = [_plain(g) for g in gold]
    for text in (_plain(s) for s in said):
        match = next((g for g in left if g in text or text in g), None)
        if match is None:
            tally.extra += 1
        else:
            tally.hit += 1
            left.remove(match)
    tally.missed += len(left)


def report_view(reports: Mapping[str, Report]) -> RenderableType:
    """Scores side by side."""
    table = Table()
    table.add_column("score")
    for name in reports:
        table.add_column(name, justify="right")
    rows = {name: report.rows() for name, report in reports.items()}
    for score in next(iter(rows.values())):
        table.add_row(
            score, *(f"{r[score]:.3f}" if r[score] != int(r[score]) else f"{r[score]:.0f}" for r in rows.values())
        )
    return table


def main(confusions: Annotated[int, typer.Option(help="List so many of the sentences misread.")] = 0) -> None:
    """Prints the scores of the rules over the first corpus, without any catalogue."""
    understanding = Understanding(Lexicon())
    examples = first_corpus()

    def read(text: str, shown: Sequence[Item]) -> Intent:
        return understanding.read(text, at=CLOCK, shown=shown)

    columns = {
        "all": examples,
        "zh": [e for e in examples if e.locale == "zh"],
        "en": [e for e in examples if e.locale == "en"],
        "seen half": [e for e in examples if e.half == "seen"],
        "unseen half": [e for e in examples if e.half == "unseen"],
    }
    reports = {name: evaluate(read, chosen) for name, chosen in columns.items()}
    console = Console()
    console.print(report_view(reports))
    for line in reports["seen half"].confusions[:confusions]:
        console.print(line, markup=False, highlight=False)


if __name__ == "__main__":
    typer.run(main)
