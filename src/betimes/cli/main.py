"""``betimes``: the commands, each a thin caller of the engine."""

from typing import Annotated, Literal

import typer

from betimes.cli.common import AsJson, Commands, Db, console, engine, items_of, print_json
from betimes.cli.imports import imports
from betimes.cli.measure import evaluations
from betimes.cli.operate import bench, demo, doctor, rebuild, serve
from betimes.cli.profiles import profiles
from betimes.cli.trainings import trainings
from betimes.serve import wire
from betimes.serve.run import log_to_stderr
from betimes.terminal import intent_view, slate_view, trace_view, why_view

app = typer.Typer(
    name="betimes",
    cls=Commands,
    help="Recommendations that keep up with what people say and do.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
app.add_typer(imports, name="import")
app.add_typer(profiles, name="profile")
app.add_typer(evaluations, name="evaluate")
app.add_typer(trainings, name="train")
app.command()(demo)
app.command()(serve)
app.command()(rebuild)
app.command()(doctor)
app.command()(bench)

User = Annotated[str, typer.Argument(help="The user's id.")]
N = Annotated[int, typer.Option("--n", min=1, max=100, help="How many items.")]
Domain = Annotated[str | None, typer.Option(help="One part of the catalogue; else all of it.")]


@app.command()
def say(
    user: User,
    text: Annotated[str, typer.Argument(help="What the user says, in Chinese or English.")],
    n: N = 10,
    domain: Domain = None,
    wait: Annotated[
        Literal["rules", "model"], typer.Option(help="Answer at once, or when the model has read it.")
    ] = "rules",
    as_json: AsJson = False,
    db: Db = None,
) -> None:
    """Take a sentence in, and print the list that obeys it."""
    with engine(db) as opened:
        slate = opened.say(user, text, n, domain=domain, wait=wait)
        items = items_of(opened, slate)
        if as_json:
            print_json(wire.slate_json(slate, items))
            return
        if slate.intent:
            console.print(intent_view(slate.intent))
        console.print(slate_view(slate, items))
        console.print(trace_view(slate.trace))
        console.print(f"[dim]slate {slate.id}[/dim]")


@app.command()
def act(
    user: User,
    item: Annotated[str, typer.Argument(help="The item's id.")],
    kind: Annotated[str, typer.Argument(help="view click like dislike save buy rate skip dwell")],
    value: Annotated[float | None, typer.Option(help="Stars for rate (0-5), seconds for dwell.")] = None,
    as_json: AsJson = False,
    db: Db = None,
) -> None:
    """Record what a user did with an item."""
    with engine(db, model=False) as opened:
        stored = opened.act(user, item, kind, value)
        if as_json:
            print_json(wire.event_json(stored))
        else:
            console.print(f"recorded at position {stored.seq}")


@app.command()
def recommend(user: User, n: N = 10, domain: Domain = None, as_json: AsJson = False, db: Db = None) -> None:
    """Print the list for a user now."""
    with engine(db, model=False) as opened:
        slate = opened.recommend(user, n, domain=domain)
        items = items_of(opened, slate)
        if as_json:
            print_json(wire.slate_json(slate, items))
            return
        console.print(slate_view(slate, items))
        console.print(trace_view(slate.trace))
        console.print(f"[dim]slate {slate.id}[/dim]")


@app.command()
def understand(
    text: Annotated[str, typer.Argument(help="A sentence in Chinese or English.")],
    user: Annotated[str | None, typer.Option(help="In the light of what this user was shown last.")] = None,
    as_json: AsJson = False,
    db: Db = None,
) -> None:
    """Print what a sentence means, by rules, without recording it."""
    with engine(db, model=False) as opened:
        intent = opened.understand(text, user)
        if as_json:
            print_json(wire.intent_json(intent))
        else:
            console.print(intent_view(intent))


@app.command()
def why(
    slate: Annotated[str, typer.Argument(help="The slate's id, from the answer of say or recommend.")],
    item: Annotated[str, typer.Argument(help="The item's id.")],
    as_json: AsJson = False,
    db: Db = None,
) -> None:
    """Explain an item's place in a slate: the parts, what they rest on, and what would change it."""
    with engine(db, model=False) as opened:
        explained = opened.why(slate, item)
        if as_json:
            print_json(wire.why_json(explained))
        else:
            console.print(why_view(explained))


def main() -> None:
    """Runs the command line."""
    log_to_stderr()
    app()
