"""``betimes profile``: what a person may see and change of their own."""

from datetime import UTC, datetime
from typing import Annotated

import typer

from betimes.cli.common import AsJson, Db, console, engine, print_json
from betimes.domain.event import Change, Purpose
from betimes.domain.profile import Memory
from betimes.errors import InvalidInput
from betimes.serve import wire
from betimes.terminal import profile_view

profiles = typer.Typer(help="See, edit, pause, export and erase what is known of a user.", no_args_is_help=True)

User = Annotated[str, typer.Argument(help="The user's id.")]


@profiles.command()
def show(user: User, as_json: AsJson = False, db: Db = None) -> None:
    """Print a user's profile."""
    with engine(db, model=False) as opened:
        profile, at = opened.profile(user), datetime.now(UTC)
        if as_json:
            print_json(wire.profile_json(profile, Memory(), at))
        else:
            console.print(profile_view(profile, profile.locale or "zh", Memory(), at, n=30))


@profiles.command()
def edit(
    user: User,
    set_interest: Annotated[list[str] | None, typer.Option("--set", help="topic=strength, strength 0 to 1.")] = None,
    drop: Annotated[list[str] | None, typer.Option(help="A topic to forget.")] = None,
    hide: Annotated[list[str] | None, typer.Option(help="An item never to show.")] = None,
    unhide: Annotated[list[str] | None, typer.Option(help="An item to show again.")] = None,
    consent: Annotated[
        list[Purpose] | None,
        typer.Option(
            help="Allow it; training: corrected sentences may train the model; domains: what is said and done in "
            "one domain counts in the others."
        ),
    ] = None,
    withdraw: Annotated[list[Purpose] | None, typer.Option(help="Allow it no longer.")] = None,
    db: Db = None,
) -> None:
    """Change interests, hidden items and consents."""
    changes: list[dict[str, object]] = []
    for pair in set_interest or []:
        topic, equals, strength = pair.rpartition("=")
        if not equals or not topic:
            raise InvalidInput(f"--set takes topic=strength, not {pair!r}; for example: --set 徒步=0.8")
        changes.append({"op": "set_interest", "interest": {"topic": topic, "strength": strength}})
    changes += [{"op": "drop_interest", "interest": {"topic": topic}} for topic in drop or []]
    changes += [{"op": "hide", "item": item} for item in hide or []]
    changes += [{"op": "unhide", "item": item} for item in unhide or []]
    changes += [{"op": "consent", "purpose": purpose} for purpose in consent or []]
    changes += [{"op": "withdraw", "purpose": purpose} for purpose in withdraw or []]
    _change(user, [wire.change_from(c) for c in changes], db)


@profiles.command()
def pause(user: User, db: Db = None) -> None:
    """Stop learning from a user; lists still obey what is said."""
    _change(user, [Change(op="pause")], db)


@profiles.command()
def resume(user: User, db: Db = None) -> None:
    """Learn from a user again."""
    _change(user, [Change(op="resume")], db)


@profiles.command()
def export(user: User, db: Db = None) -> None:
    """Print everything stored about a user, as JSON."""
    with engine(db, model=False) as opened:
        print_json({"user": user, "events": [wire.event_json(e) for e in opened.export(user)]})


@profiles.command()
def erase(
    user: User,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
    db: Db = None,
) -> None:
    """Forget a user: events, profile, and their share in what all users have in common."""
    if not yes:
        typer.confirm(f"Everything about {user!r} will be gone for good. Erase it?", abort=True)
    with engine(db, model=False) as opened:
        opened.erase(user)
        console.print("erased")


def _change(user: str, changes: list[Change], db: str | None) -> None:
    with engine(db, model=False) as opened:
        for change in changes:
            opened.edit(user, change)
        profile = opened.profile(user)
        console.print(profile_view(profile, profile.locale or "zh", Memory(), datetime.now(UTC), n=30))
