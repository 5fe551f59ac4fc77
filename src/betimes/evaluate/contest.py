"""The engine and its peers over one timeline, each in a process of its own, with what they reached kept."""

import hashlib
import json
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import asdict, dataclass, fields, replace
from datetime import timedelta
from multiprocessing import get_context
from pathlib import Path

import numpy as np

from betimes.domain.names import ItemId, UserId
from betimes.engine.state import passage
from betimes.errors import InvalidInput
from betimes.evaluate.contender import Contender
from betimes.evaluate.peers import NAMES, peers
from betimes.evaluate.replay import Outcomes, Player, Protocol, replay
from betimes.models import embedder_from
from betimes.models.embed import CachedEmbedder
from betimes.ports import Embedder, Progress, Vectors, no_progress
from betimes.recommend.features import FEATURES
from betimes.recommend.tables import Tables
from betimes.settings import Settings
from betimes.stores import open_stores
from betimes.train.factors import FactorsConfig
from betimes.train.ranker import RankerConfig
from betimes.train.rehearsal import PLAIN, Rehearsal
from betimes.train.timeline import Basket, Span, Timeline

OURS = "betimes"
_FACTORS = FactorsConfig()


class Classical:
    """A peer as a player: what it may not show is taken out of its scores."""

    def __init__(self, contender: Contender, timeline: Timeline) -> None:
        self.name = contender.name
        self._contender = contender
        self._ids = [item.id for item in timeline.items]
        self._numbers = {item: number for number, item in enumerate(self._ids)}
        self._users: dict[UserId, int] = {}
        for basket in timeline.baskets:
            self._users.setdefault(basket.user, len(self._users))
        self._had: dict[int, set[int]] = {}
        self._there = np.zeros(len(self._ids), dtype=bool)

    def reveal(self, baskets: Sequence[Basket]) -> None:
        """Takes in what happened."""
        for basket in baskets:
            user = self._users[basket.user]
            items = np.array([self._numbers[item] for item in basket.items], dtype=np.int64)
            self._contender.reveal(user, items, basket.at.timestamp())
            self._had.setdefault(user, set()).update(items.tolist())
            self._there[items] = True

    def ranked(self, request: Basket, n: int, *, again: bool) -> list[ItemId]:
        """The best of the items that someone has gone for by now."""
        user = self._users[request.user]
        scores = np.where(self._there, self._contender.scores(user, request.at.timestamp()), -np.inf)
        if not again:
            scores[list(self._had.get(user, ()))] = -np.inf
        best = np.argsort(-scores, kind="stable")[:n]
        return [self._ids[number] for number in best.tolist() if np.isfinite(scores[number])]


@dataclass(frozen=True, slots=True)
class Entry:
    """One replay of a contest.

    Attributes:
        player: ``betimes`` or the name of a peer.
        protocol: how it is asked and scored.
        diversity: what likeness to an earlier pick costs the engine's picks.
    """

    player: str
    protocol: Protocol
    diversity: float = 0.0

    @property
    def label(self) -> str:
        """What tells it from the others of a contest."""
        lag = self.protocol.lag
        parts = [self.player]
        if lag is None or lag:
            parts.append("never" if lag is None else f"lag {lag}")
        if self.diversity:
            parts.append(f"diversity {self.diversity:g}")
        return ", ".join(parts)

    def path(self, folder: Path, timeline: Timeline, span: Span) -> Path:
        """Where its outcomes are kept; another order of the data or another protocol is another file."""
        said = json.dumps([timeline.digest, len(timeline.baskets), asdict(span), asdict(self)], default=str)
        return folder / f"{timeline.name}-{hashlib.sha256(said.encode()).hexdigest()[:16]}.npz"


def contest(
    timeline: Timeline,
    span: Span,
    entries: Sequence[Entry],
    folder: Path,
    *,
    jobs: int = 1,
    progress: Progress = no_progress,
    sasrec_python: Path | None = None,
) -> Iterator[tuple[Entry, Outcomes]]:
    """The outcomes of each entry as it is done. What was done in an earlier run over the same folder is not done again.

    Args:
        folder: where outcomes are kept, and embeddings of titles.
        jobs: how many replays run at once.
        sasrec_python: the interpreter of the environment that the peer ``sasrec`` runs in.
    """
    folder.mkdir(parents=True, exist_ok=True)
    waiting = [entry for entry in entries if not entry.path(folder, timeline, span).exists()]
    for entry in entries:
        if entry not in waiting:
            yield entry, _kept(entry.path(folder, timeline, span))
    if jobs == 1:
        for done, entry in enumerate(waiting):
            progress(done, len(waiting))
            yield entry, play(timeline, span, entry, folder, sasrec_python=sasrec_python)
        return
    with ProcessPoolExecutor(jobs, mp_context=get_context("spawn")) as pool:
        futures = {
            pool.submit(play, timeline, span, entry, folder, sasrec_python=sasrec_python): entry for entry in waiting
        }
        for done, future in enumerate(as_completed(futures), 1):
            progress(done, len(waiting))
            yield futures[future], future.result()


def play(
    timeline: Timeline,
    span: Span,
    entry: Entry,
    folder: Path,
    progress: Progress = no_progress,
    sasrec_python: Path | None = None,
) -> Outcomes:
    """Plays one entry from the beginning and keeps what came of it."""
    player: Player
    if entry.player == OURS:
        served = Rehearsal(timeline, _embedder(folder), replace(PLAIN, diversity=entry.diversity), _FACTORS)
        try:
            _learned(served, timeline, span, folder, progress)
            outcomes = replay(served, timeline, span, entry.protocol, progress, revealed=span.test)
        finally:
            served.close()
    else:
        users = len({basket.user for basket in timeline.baskets})
        [peer] = peers(users, len(timeline.items), [entry.player], sasrec_python)
        player = Classical(peer, timeline)
        outcomes = replay(player, timeline, span, entry.protocol, progress)
    path = entry.path(folder, timeline, span)
    part = path.with_suffix(".part.npz")
    np.savez_compressed(part, **{f.name: getattr(outcomes, f.name) for f in fields(outcomes)})
    part.replace(path)
    return outcomes


def _learned(served: Rehearsal, timeline: Timeline, span: Span, folder: Path, progress: Progress) -> None:
    """Brings the engine up to the test with the ranker learned before it, which all its entries share."""
    settings = [asdict(span), asdict(RankerConfig()), asdict(_FACTORS), list(FEATURES.items())]
    said = json.dumps([timeline.digest, len(timeline.baskets), *settings])
    path = folder / f"ranker-{hashlib.sha256(said.encode()).hexdigest()[:16]}.npz"
    tables = _kept_ranker(path)
    if tables is not None:
        served.follow(timeline, span.test, progress)
        served.use(tables)
        served.propose(timeline, span.test)
        return
    tables = served.learn(timeline, span, progress=progress)
    part = path.with_suffix(".part")
    part.write_bytes(tables.dump())
    part.replace(path)


def _kept_ranker(path: Path) -> Tables | None:
    """The ranker in a file; none where there is none or it was learned by another version, and one must be anew."""
    try:
        return Tables.load(path.read_bytes())
    except (FileNotFoundError, InvalidInput):
        return None


def _kept(path: Path) -> Outcomes:
    with np.load(path, allow_pickle=False) as held:
        return Outcomes(**{name: held[name] for name in held.files})


def entries(
    protocol: Protocol, lags: Sequence[timedelta | None], names: Sequence[str] = (), diversity: float = 0.0
) -> list[Entry]:
    """The engine at every lag, and the peers named, without lag; ``all`` names every peer of this environment."""
    chosen = dict.fromkeys(peer for name in names for peer in (NAMES if name == "all" else (name,)))
    ours = [Entry(OURS, replace(protocol, lag=lag), diversity) for lag in lags]
    return [*ours, *(Entry(name, protocol) for name in chosen)]


def title_vectors(timeline: Timeline, folder: Path) -> Vectors:
    """The unit vector of each item of a timeline; shape ``(items, dim)``."""
    return _embedder(folder).passages([passage(item) for item in timeline.items])


def _embedder(folder: Path) -> Embedder:
    """The embedder of the settings, which keeps in a folder what it embedded, for the replays to come."""
    vectors = open_stores(f"sqlite:///{folder / 'vectors.db'}").vectors
    return CachedEmbedder(embedder_from(Settings().embedder, api_key=""), vectors)
