"""``betimes train``: models made from sentences."""

from pathlib import Path
from typing import Annotated

import typer

from betimes.cli.common import Db, console, engine, plain, settings_of
from betimes.errors import ModelUnavailable
from betimes.models.weights import shipped_adapters
from betimes.train.corrections import corrections
from betimes.train.examples import Annotated as Sentence
from betimes.train.examples import from_file, packaged
from betimes.train.generate import generated
from betimes.understand.prompt import TASK

trainings = typer.Typer(help="Train models on sentences and what they mean.", no_args_is_help=True)


@trainings.command()
def understanding(
    base: Annotated[
        str, typer.Option(help="packaged:gemma, a GGUF file, a folder of transformers, or an id on the hub.")
    ] = "packaged:gemma",
    corpus: Annotated[
        list[str] | None, typer.Option(help="training for the packaged corpora, or a file; may be repeated.")
    ] = None,
    out: Annotated[Path, typer.Option(help="Where checkpoints, the adapter and its card go.")] = Path("understanding"),
    start: Annotated[
        str | None,
        typer.Option(help="An adapter to begin with: shipped, or a GGUF file of the same base and rank."),
    ] = None,
    epochs: Annotated[float, typer.Option(min=0.01, help="Passes over the sentences, at most.")] = 2.0,
    rank: Annotated[int, typer.Option(min=1, help="Rank of the adapter.")] = 16,
    seed: Annotated[int, typer.Option(help="Settles the order and the beginning.")] = 0,
    from_log: Annotated[
        bool, typer.Option("--from-log", help="Add the sentences whose reading their users corrected, with consent.")
    ] = False,
    from_catalogue: Annotated[
        int, typer.Option(min=0, help="Add so many sentences made from the names of the catalogue.")
    ] = 0,
    db: Db = None,
) -> None:
    """Teach a language model to read sentences; goes on where it was stopped."""
    try:
        from betimes.train.lora import TrainConfig  # noqa: PLC0415 - torch, which few have
        from betimes.train.understanding import ADAPTER, teach  # noqa: PLC0415
    except ImportError as error:
        raise ModelUnavailable(f"{error.name} is not installed: pip install 'betimes[train]'") from error
    named = [from_file(Path(name)) if Path(name).suffix else packaged(name) for name in corpus or ["training"]]
    examples = [example for sentences in named for example in sentences]
    if from_log or from_catalogue:
        examples += _own(db, from_log=from_log, from_catalogue=from_catalogue, seed=seed)
    config = TrainConfig(rank=rank, alpha=2 * rank, epochs=epochs, seed=seed)
    begun = shipped_adapters()[TASK] if start == "shipped" else Path(start) if start else None
    card = teach(base, examples, out, config, start=begun, cache=settings_of(None).cache)
    plain(console, f"{out / ADAPTER}: {sum(card.sentences.values())} sentences, sha256 {card.sha256}")


def _own(db: str | None, *, from_log: bool, from_catalogue: int, seed: int) -> list[Sentence]:
    """The installation's own sentences."""
    found: list[Sentence] = []
    with engine(db, model=False) as opened:
        if from_log:
            found += [sentence for history in opened.histories() for sentence in corrections(history)]
            plain(console, f"{len(found)} corrected sentences of users who consent")
        if from_catalogue:
            found += generated(list(opened.all_items()), from_catalogue, seed)
    return found
