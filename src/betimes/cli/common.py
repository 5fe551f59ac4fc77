"""What the commands share: settings, the engine, the console, and errors told in one line."""

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated, Any

import typer
from pydantic import ValidationError
from pydantic_settings import SettingsError
from rich.console import Console
from typer.core import TyperGroup

import betimes.engine
from betimes.domain.item import Item
from betimes.domain.names import ItemId
from betimes.domain.slate import Slate
from betimes.engine import Engine
from betimes.errors import BetimesError, InvalidInput
from betimes.ports import Progress
from betimes.settings import Settings
from betimes.terminal import progress_bar

console = Console()
complaints = Console(stderr=True)

Db = Annotated[str | None, typer.Option("--db", help="SQLite file or database URL; else BETIMES_DB, else betimes.db.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON, as the HTTP service answers.")]


class Commands(TyperGroup):
    """A group of commands that tells in one line what goes wrong for a reason the user can mend."""

    def invoke(self, ctx: Any) -> Any:  # noqa: ANN401  # typer keeps the one to itself, commands return anything
        """Runs the command. Exit codes: 1 for what is told, 130 for Ctrl-C; 2 is a wrong command line."""
        try:
            return super().invoke(ctx)
        except BetimesError as error:
            complaints.print(f"[red]{type(error).__name__}[/red]: ", end="")
            plain(complaints, str(error))
            raise typer.Exit(1) from error
        except KeyboardInterrupt as error:
            plain(complaints, "stopped; what was stored is kept, and the same command again completes it")
            raise typer.Exit(130) from error


def settings_of(db: str | None = None) -> Settings:
    """The settings, with the database that a command names.

    Raises:
        InvalidInput: a variable of the environment has a value that cannot be.
    """
    try:
        settings = Settings()
    except ValidationError as error:
        wrong = "; ".join(f"BETIMES_{'_'.join(map(str, e['loc'])).upper()}: {e['msg']}" for e in error.errors())
        raise InvalidInput(f"the settings cannot be used: {wrong}") from error
    except SettingsError as error:
        raise InvalidInput(f"the settings cannot be read: {error}; write what is not a plain value as JSON") from error
    return settings.model_copy(update={"db": db}) if db else settings


@contextmanager
def watched(label: str) -> Iterator[Progress]:
    """A bar of progress for one long task."""
    with progress_bar(complaints, label) as bar:
        task = bar.add_task("", total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)


@contextmanager
def engine(db: str | None, *, model: bool = True) -> Iterator[Engine]:
    """An engine for one command, closed after it.

    Args:
        model: whether the command may need the language model.
    """
    settings = settings_of(db)
    if not model:
        settings = settings.model_copy(update={"model": "none"})
    with watched("reading the catalogue and the log") as progress:
        opened = betimes.engine.open(settings=settings, progress=progress)
    with opened:
        yield opened


def items_of(engine: Engine, slate: Slate) -> dict[ItemId, Item]:
    """The items that a slate speaks of."""
    nearest = [slate.empty.nearest] if slate.empty and slate.empty.nearest else []
    return engine.items([*(p.item for p in slate.picks), *nearest])


def plain(to: Console, text: str) -> None:
    """Text that may hold anything, as it is: no markup, no colours, no line broken."""
    to.print(text, markup=False, highlight=False, soft_wrap=True)


def print_json(body: Any) -> None:  # noqa: ANN401  # whatever JSON holds
    """JSON for a machine to read: not coloured, not wrapped."""
    json.dump(body, sys.stdout, ensure_ascii=False, indent=2)
    sys.stdout.write("\n")
