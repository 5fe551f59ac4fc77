"""How well sentences are understood: strict scores against a corpus, by language and by class."""

import zlib
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from time import perf_counter
from typing import Any, Literal

from rich.console import RenderableType
from rich.table import Table

from betimes.domain.intent import Intent, IntentKind, InterestKind
from betimes.domain.item import Item
from betimes.errors import ModelError, ModelNonsense
from betimes.ports import Completion, LanguageModel, Progress, Prompt, no_progress
from betimes.text import locale_of, normalise
from betimes.train.examples import CLOCK, Annotated
from betimes.understand.aliases import GROUPS
from betimes.understand.cascade import Understanding
from betimes.understand.lexicon import Lexicon
from betimes.understand.prompt import parse, understanding_prompt

#: Fields with a meaning of their own; all others are one class (rule 5 of the annotation).
_DISTINCT = frozenset(
    "price brand person year rating duration delivery_time size screen color weight memory storage battery distance "
    "capacity power length width height episodes battery_life refresh_rate diameter load calories seasons tempo "
    "word_count followers salary".split()
)


class Grouping(StrEnum):
    """What examples may be grouped by; half is of the first corpus, see :func:`half`."""

    LANGUAGE = "language"
    DOMAIN = "domain"
    HALF = "half"


Read = Callable[[str, Sequence[Item]], "Reading"]


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
    asked: int = 0
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
            "model asked": self.asked / max(1, self.n),
            "ms p50": ms[len(ms) // 2] if ms else 0.0,
            "ms p95": ms[int(len(ms) * 0.95)] if ms else 0.0,
        }


def half(example: Annotated) -> Literal["seen", "unseen"]:
    """Which half of the first corpus a sentence is in: rules were written from the errors of the seen one."""
    return "seen" if zlib.crc32(example.text.encode()) % 2 else "unseen"


@dataclass(frozen=True, slots=True)
class Reading:
    """What a reader made of a sentence.

    Attributes:
        intent: what it means.
        ms: how long that took, the model's time included.
        asked: whether a model was asked.
    """

    intent: Intent
    ms: float
    asked: bool = False


_GROUPS: Mapping[Grouping, Callable[[Annotated], str]] = {
    Grouping.LANGUAGE: lambda e: e.locale,
    Grouping.DOMAIN: lambda e: e.domain or "any",
    Grouping.HALF: half,
}


def readers(understanding: Understanding, model: LanguageModel | None, deadline: float) -> dict[str, Read]:
    """The readers to compare: rules; with a model, the model by itself, and both as the engine joins them.

    Args:
        deadline: seconds for an answer of the model; one that comes later, or makes no sense, counts as none.
    """

    def by_rules(text: str, shown: Sequence[Item]) -> Reading:
        clock = perf_counter()
        return Reading(understanding.read(text, at=CLOCK, shown=shown), (perf_counter() - clock) * 1e3)

    if model is None:
        return {"rules": by_rules}
    # A model that is prompted by examples sees the same prompt in both readings, and is asked once.
    untaught: dict[str, Completion] = {}

    def answer(prompt: Prompt) -> Completion:
        if prompt.input not in untaught:
            try:
                said = model.complete(prompt, timeout=deadline)
            except ModelError:
                said = Completion("", 0.0, 0)
            if said.taught:
                return said
            untaught[prompt.input] = said
        return untaught[prompt.input]

    def alone(text: str, shown: Sequence[Item]) -> Reading:
        locale = locale_of(normalise(text))
        said = answer(understanding_prompt(text, locale, shown))
        try:
            read = parse(said.text)
        except ModelNonsense:
            return Reading(Intent(text, locale, IntentKind.NONE), said.ms, asked=True)
        return Reading(Intent(text, locale, read.kind, read.interests, read.constraints), said.ms, asked=True)

    def cascade(text: str, shown: Sequence[Item]) -> Reading:
        first = by_rules(text, shown)
        prompt = understanding.prompt(first.intent, shown)
        if prompt is None:
            return first
        said = answer(prompt)
        ms = first.ms + said.ms
        try:
            intent = understanding.merge(first.intent, said.text, model.name, at=CLOCK, shown=shown, taught=said.taught)
        except ModelNonsense:
            return replace(first, ms=ms, asked=True)
        return Reading(intent, ms, asked=True)

    return {"rules": by_rules, "model": alone, "cascade": cascade}


def evaluate(read: Read, examples: Iterable[Annotated]) -> Report:
    """Scores a reader."""
    report = Report()
    for example in examples:
        _count(report, example, read(example.text, example.shown))
    return report


def _count(report: Report, example: Annotated, reading: Reading) -> None:
    report.ms.append(reading.ms)
    report.asked += reading.asked
    _score(report, example, reading.intent)


def _score(report: Report, example: Annotated, intent: Intent) -> None:
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


def report_view(rows: Mapping[str, Mapping[str, float]]) -> RenderableType:
    """Scores side by side, a column for each reader or writer."""
    table = Table()
    table.add_column("score")
    for name in rows:
        table.add_column(name, justify="right")
    for score in dict.fromkeys(score for scores in rows.values() for score in scores):
        table.add_row(score, *(_figure(scores.get(score)) for scores in rows.values()))
    return table


def _figure(value: float | None) -> str:
    if value is None:
        return ""
    return f"{value:.0f}" if value == int(value) else f"{value:.3f}"


def understanding_report(
    examples: Sequence[Annotated],
    model: LanguageModel | None,
    by: Sequence[Grouping] = (),
    deadline: float = 60.0,
    progress: Progress = no_progress,
) -> dict[str, Report]:
    """Scores of every reader over all the examples and over every group of them, without any catalogue."""
    compared = readers(Understanding(Lexicon()), model, deadline)
    reports: dict[str, Report] = {}
    done = 0
    for reader, read in compared.items():
        for example in examples:
            reading = read(example.text, example.shown)
            for group in ("", *(_GROUPS[grouping](example) for grouping in by)):
                _count(reports.setdefault(f"{group} {reader}".strip(), Report()), example, reading)
            done += 1
            progress(done, len(examples) * len(compared))
    return dict(sorted(reports.items(), key=lambda report: report[0].rpartition(" ")[0]))
