"""``betimes train``: models made from sentences."""

import json
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Annotated

import typer

from betimes.cli.common import Db, console, engine, plain, settings_of, watched
from betimes.domain.event import Acted
from betimes.domain.names import ItemId, TrainedKind
from betimes.errors import ModelUnavailable
from betimes.models import embedder_from
from betimes.models.embed import CachedEmbedder
from betimes.models.weights import shipped_adapters
from betimes.ports import Embedder, Stores
from betimes.stores import open_stores
from betimes.train import copies, corrections, examples
from betimes.train.generate import generated
from betimes.train.lessons import Lesson, copy_lessons, reading_lessons
from betimes.train.timeline import Span, Timeline
from betimes.understand.line import meaning_of
from betimes.understand.prompt import TASK as UNDERSTAND
from betimes.write.draft import TASK as WRITE

trainings = typer.Typer(help="Train models on sentences and what they mean.", no_args_is_help=True)

Base = Annotated[str, typer.Option(help="packaged:gemma, a GGUF file, a folder of transformers, or an id on the hub.")]
Out = Annotated[Path, typer.Option(help="Where checkpoints, the adapter and its card go.")]
Start = Annotated[
    str | None, typer.Option(help="An adapter to begin with: shipped, or a GGUF file of the same base and rank.")
]
Epochs = Annotated[float, typer.Option(min=0.01, help="Passes over the sentences, at most.")]
Rank = Annotated[int, typer.Option(min=1, help="Rank of the adapter.")]
Seed = Annotated[int, typer.Option(help="Settles the order and the beginning.")]


@trainings.command()
def understanding(
    base: Base = "packaged:gemma",
    corpus: Annotated[
        list[str] | None, typer.Option(help="training for the packaged corpora, or a file; may be repeated.")
    ] = None,
    from_log: Annotated[
        bool, typer.Option("--from-log", help="Add the sentences whose reading their users corrected, with consent.")
    ] = False,
    from_catalogue: Annotated[
        int, typer.Option(min=0, help="Add so many sentences made from the names of the catalogue.")
    ] = 0,
    out: Out = Path("understanding"),
    start: Start = None,
    epochs: Epochs = 2.0,
    rank: Rank = 16,
    seed: Seed = 0,
    db: Db = None,
) -> None:
    """Teach a language model to read sentences; goes on where it was stopped."""
    named = [
        examples.from_file(Path(name)) if Path(name).suffix else examples.packaged(name)
        for name in corpus or ["training"]
    ]
    sentences = [sentence for corpus in named for sentence in corpus]
    if from_log or from_catalogue:
        sentences += _own(db, from_log=from_log, from_catalogue=from_catalogue, seed=seed)
    chosen, held_out = map(reading_lessons, examples.split(sentences))
    _teach(UNDERSTAND, base, chosen, held_out, out, start, epochs=epochs, rank=rank, seed=seed)


@trainings.command()
def copy(
    base: Base = "packaged:gemma",
    out: Out = Path("copy"),
    start: Start = None,
    epochs: Epochs = 3.0,
    rank: Rank = 16,
    seed: Seed = 0,
) -> None:
    """Teach a language model to write the line beside an item; goes on where it was stopped."""
    chosen, held_out = map(copy_lessons, copies.split(copies.pairs()))
    _teach(WRITE, base, chosen, held_out, out, start, epochs=epochs, rank=rank, seed=seed)


Name = Annotated[str | None, typer.Option(help="What to call it; by default the day and time.")]


@trainings.command()
def ranker(
    name: Name = None,
    test: Annotated[float, typer.Option(min=0.02, max=0.4, help="The latest share of the log, to try it on.")] = 0.1,
    db: Db = None,
) -> None:
    """Learn from the log what behaviour is worth in the score; put to use if it does better on the latest part."""
    with _lacking_told():
        from betimes.evaluate.metrics import ndcg  # noqa: PLC0415 - what few have installed
        from betimes.evaluate.replay import Protocol, replay  # noqa: PLC0415
        from betimes.train.factors import FactorsConfig  # noqa: PLC0415
        from betimes.train.rehearsal import Rehearsal  # noqa: PLC0415
    with _stored(db) as (stores, embedder), watched("learning from the log") as progress:
        timeline = _past(stores)
        span, protocol = Span.of(timeline, test), Protocol(again=True, limit=1_000)
        # What does not serve must not be counted on.
        factors = FactorsConfig() if "factors" in stores.trained.in_use() else None
        with closing(Rehearsal(timeline, embedder, factors=factors)) as learned:
            body = learned.learn(timeline, span, progress=progress).dump()
            tried = replay(learned, timeline, span, protocol, progress, revealed=span.test)
        with closing(Rehearsal(timeline, embedder, factors=factors)) as plain_one:
            plain_one.propose(timeline, span.test)
            before = replay(plain_one, timeline, span, protocol, progress)
        after, without = float(ndcg(tried).mean()), float(ndcg(before).mean())
        called = _kept(stores, "ranker", name, body, use=after > without)
    verdict = "in use" if after > without else "kept, and not put to use"
    plain(console, f"ranker {called}: NDCG@10 {after:.4f}, without it {without:.4f}; {verdict}")


@trainings.command()
def sequence(
    name: Name = None,
    out: Annotated[Path, typer.Option(help="Where checkpoints and the card go.")] = Path("sequence"),
    epochs: Annotated[int, typer.Option(min=1, help="Passes over the histories, at most.")] = 30,
    seed: Annotated[int, typer.Option(min=0, help="Settles chance.")] = 0,
    db: Db = None,
) -> None:
    """Teach a small transformer what is likely next from the log, and put it to use; goes on where it was stopped."""
    with _lacking_told():
        from betimes.train.sequence import WEIGHTS, SequenceConfig, train_sequence  # noqa: PLC0415 - torch
    with _stored(db) as (stores, _), watched("learning what comes next") as progress:
        histories: dict[str, list[ItemId]] = {}
        for basket in _past(stores).baskets:
            histories.setdefault(basket.user, []).extend(basket.items)
        config = SequenceConfig(epochs=epochs, seed=seed)
        card = train_sequence(list(histories.values()), out, config, progress)
        called = _kept(stores, "sequence", name, (out / WEIGHTS).read_bytes(), use=True)
    plain(console, f"sequence {called}: {card.users} users, NDCG@10 {max(card.ndcg):.4f}; in use")


@trainings.command()
def factors(
    name: Name = None,
    seed: Annotated[int, typer.Option(min=0, help="Settles where the vectors begin.")] = 0,
    db: Db = None,
) -> None:
    """Learn from the log which items go with whom, as vectors, and put them to use."""
    with _lacking_told():
        from betimes.train.factors import FactorsConfig, fit_factors  # noqa: PLC0415 - what few have installed
    with _stored(db) as (stores, _), watched("learning who goes for what") as progress:
        acts = (event for event in stores.log.read() if isinstance(event, Acted))
        model = fit_factors(acts, FactorsConfig(seed=seed), progress)
        called = _kept(stores, "factors", name, model.dump(), use=True)
    plain(console, f"factors {called}: {len(model.ids)} items; in use")


@trainings.command()
def use(
    kind: Annotated[TrainedKind, typer.Argument(help="ranker, sequence or factors.")],
    name: Annotated[str | None, typer.Argument(help="One of those that were trained; none lists them.")] = None,
    nothing: Annotated[bool, typer.Option("--nothing", help="Serve without one of this kind.")] = False,
    db: Db = None,
) -> None:
    """Put what was trained earlier to use, or list it; servers that run take it up within a second."""
    with _stored(db) as (stores, _):
        if name is not None or nothing:
            stores.trained.use(kind, None if nothing else name)
        for one in stores.trained.listed(kind):
            plain(console, f"{'*' if one.used else ' '} {one.name}  {one.at.isoformat(timespec='seconds')}")


@contextmanager
def _stored(db: str | None) -> Iterator[tuple[Stores, Embedder]]:
    """The stores of a database, and the embedder of the settings over its cache."""
    settings = settings_of(db)
    stores = open_stores(settings.db)
    try:
        yield stores, CachedEmbedder(embedder_from(settings.embedder, api_key=settings.api_key), stores.vectors)
    finally:
        stores.close()


@contextmanager
def _lacking_told() -> Iterator[None]:
    try:
        yield
    except ImportError as error:
        raise ModelUnavailable(f"{error.name} is not installed: pip install 'betimes[train]'") from error


def _past(stores: Stores) -> Timeline:
    """What the log says was gone for, acts within half an hour of each other as one."""
    items = [revised.item for revised in stores.catalogue.changes() if revised.item is not None]
    acts = [event for event in stores.log.read() if isinstance(event, Acted)]
    return Timeline.of("the log", items, acts, timedelta(minutes=30))


def _kept(stores: Stores, kind: TrainedKind, name: str | None, body: bytes, *, use: bool) -> str:
    at = datetime.now(UTC)
    called = name or at.strftime("%Y-%m-%dT%H:%M:%SZ")
    stores.trained.save(kind, called, at, body)
    if use:
        stores.trained.use(kind, called)
    return called


@trainings.command()
def disagreements(
    out: Annotated[Path, typer.Argument(help="The file to write, in the form of a corpus.")], db: Db = None
) -> None:
    """Write the sentences that rules and the model read differently, of users who consent, for a person to annotate.

    The reading that held stands as the gold to be corrected, that of the rules beside it.
    """
    with engine(db, model=False) as opened, out.open("w", encoding="utf-8") as file:
        found = [found for history in opened.histories() for found in corrections.disagreements(history)]
        for text, ruled, held in found:
            row = {"text": text, "shown": None, "gold": meaning_of(held), "rules": meaning_of(ruled)}
            file.write(json.dumps(row, ensure_ascii=False) + "\n")
    plain(console, f"{out}: {len(found)} sentences")


def _teach(
    task: str,
    base: str,
    lessons: Sequence[Lesson],
    held_out: Sequence[Lesson],
    out: Path,
    start: str | None,
    *,
    epochs: float,
    rank: int,
    seed: int,
) -> None:
    with _lacking_told():
        from betimes.train.lora import TrainConfig  # noqa: PLC0415 - torch, which few have
        from betimes.train.teach import teach  # noqa: PLC0415
    begun = shipped_adapters()[task] if start == "shipped" else Path(start) if start else None
    config = TrainConfig(rank=rank, alpha=2 * rank, epochs=epochs, seed=seed)
    card = teach(task, base, lessons, held_out, out, config, start=begun, cache=settings_of(None).cache)
    plain(console, f"{out / task}.gguf: {sum(card.lessons.values())} lessons, sha256 {card.sha256}")


def _own(db: str | None, *, from_log: bool, from_catalogue: int, seed: int) -> list[examples.Annotated]:
    """The installation's own sentences."""
    found: list[examples.Annotated] = []
    with engine(db, model=False) as opened:
        if from_log:
            found += [sentence for history in opened.histories() for sentence in corrections.corrections(history)]
            plain(console, f"{len(found)} corrected sentences of users who consent")
        if from_catalogue:
            found += generated(list(opened.all_items()), from_catalogue, seed)
    return found
