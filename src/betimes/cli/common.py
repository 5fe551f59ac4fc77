"""What the commands share: the database option, the console, and errors told in one line."""

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console

import betimes.engine
from betimes.engine import Engine
from betimes.settings import Settings
from betimes.terminal import progress_bar

console = Console()
complaints = Console(stderr=True)

Db = Annotated[str | None, typer.Option("--db", help="SQLite file or database URL; else BETIMES_DB, else betimes.db.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON, as the HTTP service answers.")]
File = Annotated[Path, typer.Argument(exists=False, help="The file to read.")]


@contextmanager
def engine(db: str | None, *, model: bool = True) -> Iterator[Engine]:
    """An engine for one command, closed after it.

    Args:
        model: whether the command may need the language model.
    """
    settings = Settings()
    changed = ({"db": db} if db else {}) | ({} if model else {"model": "none"})
    settings = settings.model_copy(update=changed)
    with progress_bar(complaints, "reading the catalogue and the log") as bar:
        task = bar.add_task("", total=None)
        opened = betimes.engine.open(
            settings=settings, progress=lambda done, total: bar.update(task, completed=done, total=total)
        )
    with opened:
        yield opened


def print_json(body: Any) -> None:  # noqa: ANN401  # whatever JSON holds
    """JSON for a machine to read: not coloured, not wrapped."""
    json.dump(body, sys.stdout, ensure_ascii=False, indent=2)
    sys.stdout.write("\n")
