"""``betimes train``: models made from sentences."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from betimes.cli.common import Db, console, engine, plain, settings_of
from betimes.errors import ModelUnavailable
from betimes.models.weights import shipped_adapters
from betimes.train import copies, corrections, examples
from betimes.train.generate import generated
from betimes.train.lessons import Lesson, copy_lessons, reading_lessons
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
    try:
        from betimes.train.lora import TrainConfig  # noqa: PLC0415 - torch, which few have
        from betimes.train.teach import teach  # noqa: PLC0415
    except ImportError as error:
        raise ModelUnavailable(f"{error.name} is not installed: pip install 'betimes[train]'") from error
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
