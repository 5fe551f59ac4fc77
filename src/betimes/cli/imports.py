"""``betimes import``: files of items, events and utterances into the database."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from betimes.cli.common import AsJson, Db, complaints, console, engine, plain, print_json
from betimes.errors import InvalidInput
from betimes.ingest import ItemDefaults, Report, import_dir, import_events, import_items, import_utterances
from betimes.ports import Progress
from betimes.terminal import progress_bar

imports = typer.Typer(help="Read items, events and utterances from CSV, JSON lines and Parquet.", no_args_is_help=True)

File = Annotated[Path, typer.Argument(help="The file: .csv, .jsonl, .json or .parquet, also .gz.")]
Mapped = Annotated[
    list[str] | None,
    typer.Option("--map", help="ours=theirs, for a column that is not recognised; ours==constant for a constant."),
]
Where = Annotated[str | None, typer.Option(help="Keep only rows for which this holds, such as Quantity>0.")]
Rejects = Annotated[Path | None, typer.Option(help="Where rejected rows go; by default beside the file.")]
Domain = Annotated[str, typer.Option(help="The domain of items that name none.")]
Currency = Annotated[str, typer.Option(help="The currency of prices that name none.")]


@imports.command()
def items(
    file: File,
    mapping: Mapped = None,
    where: Where = None,
    domain: Domain = "shop",
    currency: Currency = "CNY",
    rejects: Rejects = None,
    as_json: AsJson = False,
    db: Db = None,
) -> None:
    """Import items of the catalogue."""
    with engine(db, model=False) as opened:
        _run(
            file.name,
            lambda progress: import_items(
                file,
                opened.put_items,
                mapping=mapping_of(mapping, where),
                defaults=ItemDefaults(domain=domain, currency=currency),
                rejects=rejects,
                progress=progress,
            ),
            as_json,
        )


@imports.command()
def events(
    file: File,
    mapping: Mapped = None,
    where: Where = None,
    rejects: Rejects = None,
    as_json: AsJson = False,
    db: Db = None,
) -> None:
    """Import what users did with items."""
    with engine(db, model=False) as opened:
        _run(
            file.name,
            lambda progress: import_events(
                file,
                opened.record,
                mapping=mapping_of(mapping, where),
                now=datetime.now(UTC),
                rejects=rejects,
                progress=progress,
            ),
            as_json,
        )


@imports.command()
def utterances(
    file: File,
    mapping: Mapped = None,
    where: Where = None,
    rejects: Rejects = None,
    as_json: AsJson = False,
    db: Db = None,
) -> None:
    """Import what users said; each sentence is understood by rules as it is read."""
    with engine(db, model=False) as opened:
        _run(
            file.name,
            lambda progress: import_utterances(
                file,
                opened.record_said,
                mapping=mapping_of(mapping, where),
                now=datetime.now(UTC),
                rejects=rejects,
                progress=progress,
            ),
            as_json,
        )


@imports.command("dir")
def folder(
    folder: Annotated[Path, typer.Argument(help="Holds item_feature.csv, user_action.csv, user_input.csv.")],
    domain: Domain = "shop",
    currency: Currency = "CNY",
    as_json: AsJson = False,
    db: Db = None,
) -> None:
    """Import the three files of a folder."""
    with engine(db, model=False) as opened, progress_bar(complaints, folder.name) as bar:
        task = bar.add_task("", total=None)
        reports = import_dir(
            folder,
            put=opened.put_items,
            append=opened.record,
            say=opened.record_said,
            defaults=ItemDefaults(domain=domain, currency=currency),
            now=datetime.now(UTC),
            progress=lambda done, total: bar.update(task, completed=done, total=total),
        )
    if as_json:
        print_json({name: report.to_json() for name, report in reports.items()})
    else:
        for name, report in reports.items():
            plain(console, f"{name}: {report}")


def _run(what: str, work: Callable[[Progress], Report], as_json: bool) -> None:
    with progress_bar(complaints, what) as bar:
        task = bar.add_task("", total=None)
        report = work(lambda done, total: bar.update(task, completed=done, total=total))
    if as_json:
        print_json(report.to_json())
    else:
        plain(console, str(report))


def mapping_of(pairs: list[str] | None, where: str | None) -> Mapping[str, str]:
    """The mapping that ``--map`` and ``--where`` spell.

    Raises:
        InvalidInput: a pair is not ``ours=theirs``.
    """
    mapping = {}
    for pair in pairs or []:
        ours, equals, theirs = pair.partition("=")
        if not equals or not ours or not theirs:
            raise InvalidInput(f"--map takes ours=theirs, not {pair!r}; for example: --map title=goods_name")
        mapping[ours] = theirs
    if where:
        mapping["where"] = where
    return mapping
