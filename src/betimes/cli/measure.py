"""``betimes evaluate``: how good it is, by figures."""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer

from betimes.cli.common import AsJson, console, plain, settings_of, watched
from betimes.cli.replays import replay
from betimes.evaluate.copy import copy_report, unseen
from betimes.evaluate.domains import domain_report
from betimes.evaluate.slots import slot_report, slotted
from betimes.evaluate.understanding import Grouping, readers, report_view, understanding_report
from betimes.models import model_from
from betimes.ports import LanguageModel
from betimes.train.examples import from_file, packaged
from betimes.understand.cascade import Understanding
from betimes.understand.lexicon import Lexicon

evaluations = typer.Typer(help="Measure how good it is, by figures.", no_args_is_help=True)
evaluations.command()(replay)

Model = Annotated[str, typer.Option(help="rules, default for the model of the settings, or a model's name.")]
Confusions = Annotated[int, typer.Option(min=0, help="List so many of the sentences misread.")]


@evaluations.command()
def understanding(
    corpus: Annotated[
        str, typer.Option("--set", help="frozen, training, held-out, the name of a packaged corpus, or a file.")
    ] = "frozen",
    model: Model = "rules",
    by: Annotated[list[Grouping] | None, typer.Option(help="Columns for each; may be repeated.")] = None,
    limit: Annotated[int, typer.Option(min=1, help="At most so many sentences, evenly spread.")] = 100_000,
    confusions: Confusions = 0,
    as_json: AsJson = False,
) -> None:
    """Score the reading of annotated sentences: rules and, with a model, the model alone and both together."""
    path = Path(corpus)
    examples = from_file(path) if path.suffix == ".jsonl" else packaged(corpus)
    examples = examples[:: max(1, -(-len(examples) // limit))]
    with _opened(model) as opened, watched("reading") as progress:
        reports = understanding_report(examples, opened, by or (), progress=progress)
    rows = {name: report.rows() for name, report in reports.items()}
    _told(rows, [f"{name}: {line}" for name, r in reports.items() for line in r.confusions[:confusions]], as_json)


@evaluations.command()
def slots(
    folders: Annotated[
        list[Path], typer.Argument(help="Folders of crosswoz, snips, sgd, mac-slu or proslu, known by their names.")
    ],
    model: Model = "rules",
    limit: Annotated[int, typer.Option(min=1, help="At most so many sentences of each, evenly spread.")] = 100_000,
    confusions: Confusions = 0,
    as_json: AsJson = False,
) -> None:
    """Score the reading of dialogue sets of others, as far as their slots say what an Intent says."""
    reports = {}
    with _opened(model) as opened:
        for folder in folders:
            sentences = slotted(folder)
            sentences = sentences[:: max(1, -(-len(sentences) // limit))]
            compared = readers(Understanding(Lexicon()), opened, 60.0)
            for name in compared.keys() - {"model"}:
                with watched(f"reading {folder.name}") as progress:
                    reports[f"{folder.name} {name}"] = slot_report(compared[name], sentences, progress)
    rows = {name: report.rows() for name, report in sorted(reports.items())}
    _told(rows, [f"{name}: {line}" for name, r in reports.items() for line in r.wrong[:confusions]], as_json)


@evaluations.command()
def copy(
    model: Model = "rules",
    limit: Annotated[int, typer.Option(min=1, help="So many items and wishes.")] = 200,
    refused: Annotated[int, typer.Option(min=0, help="List so many of the drafts refused.")] = 0,
    lines: Annotated[int, typer.Option(min=0, help="List so many of the lines shown.")] = 0,
    as_json: AsJson = False,
) -> None:
    """Score the lines beside items that no line was written for: templates and, with a model, its drafts."""
    with _opened(model) as opened, watched("writing") as progress:
        reports = copy_report(unseen(limit), opened, progress=progress)
    rows = {name: report.rows() for name, report in reports.items()}
    shown = [f"{name}: {line}" for name, r in reports.items() for line in (*r.shown[:lines], *r.drafts[:refused])]
    _told(rows, shown, as_json)


@evaluations.command()
def domains(
    limit: Annotated[int | None, typer.Option(min=1, help="At most so many lists, drawn by lot.")] = None,
    as_json: AsJson = False,
) -> None:
    """Score lists in one domain for people known in another alone, without and with their consent to share."""
    with watched("asking") as progress:
        reports = domain_report(limit, settings_of(None).embedder, progress)
    _told({name: report.rows() for name, report in reports.items()}, [], as_json)


@contextmanager
def _opened(model: str) -> Iterator[LanguageModel | None]:
    """The model of a name, closed after use."""
    settings = settings_of(None)
    spec = {"rules": "none", "default": settings.model}.get(model, model)
    opened = model_from(spec, api_key=settings.api_key, cache=settings.cache)
    try:
        yield opened
    finally:
        if opened is not None:
            opened.close()


def _told(rows: Mapping[str, Mapping[str, float]], lines: list[str], as_json: bool) -> None:
    if as_json:
        typer.echo(json.dumps(rows, ensure_ascii=False))
        return
    console.print(report_view(rows))
    for line in lines:
        plain(console, line)
