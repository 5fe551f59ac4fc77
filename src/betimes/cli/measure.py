"""``betimes evaluate``: how good it is, by figures."""

import json
from pathlib import Path
from typing import Annotated, Literal

import typer

from betimes.cli.common import AsJson, complaints, console, plain, settings_of
from betimes.evaluate.copy import copy_report, unseen
from betimes.evaluate.understanding import report_view, understanding_report
from betimes.models import model_from
from betimes.terminal import progress_bar
from betimes.train.examples import from_file, packaged

evaluations = typer.Typer(help="Measure how good it is, by figures.", no_args_is_help=True)


@evaluations.command()
def understanding(
    corpus: Annotated[
        str, typer.Option("--set", help="frozen, training, held-out, the name of a packaged corpus, or a file.")
    ] = "frozen",
    model: Annotated[
        str, typer.Option(help="rules, default for the model of the settings, or a model's name.")
    ] = "rules",
    by: Annotated[Literal["all", "language", "domain", "half"], typer.Option(help="A column for each.")] = "all",
    limit: Annotated[int, typer.Option(min=1, help="At most so many sentences, evenly spread.")] = 100_000,
    confusions: Annotated[int, typer.Option(min=0, help="List so many of the sentences misread.")] = 0,
    as_json: AsJson = False,
) -> None:
    """Score the reading of annotated sentences: rules and, with a model, the model alone and both together."""
    path = Path(corpus)
    examples = from_file(path) if path.suffix == ".jsonl" else packaged(corpus)
    examples = examples[:: max(1, -(-len(examples) // limit))]
    settings = settings_of(None)
    spec = {"rules": "none", "default": settings.model}.get(model, model)
    opened = model_from(spec, api_key=settings.api_key, cache=settings.cache)
    try:
        with progress_bar(complaints, "reading") as bar:
            task = bar.add_task("", total=None)
            reports = understanding_report(
                examples, opened, by, progress=lambda done, total: bar.update(task, completed=done, total=total)
            )
    finally:
        if opened is not None:
            opened.close()
    if as_json:
        typer.echo(json.dumps({name: report.rows() for name, report in reports.items()}, ensure_ascii=False))
        return
    console.print(report_view({name: report.rows() for name, report in reports.items()}))
    for name, report in reports.items():
        for line in report.confusions[:confusions]:
            plain(console, f"{name}: {line}")


@evaluations.command()
def copy(
    model: Annotated[str, typer.Option(help="none, default for that of the settings, or a model's name.")] = "none",
    limit: Annotated[int, typer.Option(min=1, help="So many items and wishes.")] = 200,
    refused: Annotated[int, typer.Option(min=0, help="List so many of the drafts refused.")] = 0,
    lines: Annotated[int, typer.Option(min=0, help="List so many of the lines shown.")] = 0,
    as_json: AsJson = False,
) -> None:
    """Score the lines beside items that no line was written for: templates and, with a model, its drafts."""
    settings = settings_of(None)
    opened = model_from(settings.model if model == "default" else model, api_key=settings.api_key, cache=settings.cache)
    try:
        with progress_bar(complaints, "writing") as bar:
            task = bar.add_task("", total=None)
            reports = copy_report(
                unseen(limit), opened, progress=lambda done, total: bar.update(task, completed=done, total=total)
            )
    finally:
        if opened is not None:
            opened.close()
    if as_json:
        typer.echo(json.dumps({name: report.rows() for name, report in reports.items()}, ensure_ascii=False))
        return
    console.print(report_view({name: report.rows() for name, report in reports.items()}))
    for name, report in reports.items():
        for line in (*report.shown[:lines], *report.drafts[:refused]):
            plain(console, f"{name}: {line}")
