"""``betimes evaluate replay``: the past played again, the engine beside its peers."""

import json
from collections.abc import Sequence
from datetime import timedelta
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import numpy as np
import typer

from betimes.cli.common import AsJson, complaints, console, plain, watched
from betimes.errors import InvalidInput, ModelUnavailable
from betimes.evaluate.understanding import report_view


class How(StrEnum):
    """When a request is made."""

    BASKET = "basket"
    ITEM = "item"
    CART = "cart"
    LAST = "last"


_UNITS = {"s": 1.0, "m": 60.0, "h": 3_600.0, "d": 86_400.0}


def _time(text: str) -> timedelta:
    """A time such as ``90s``, ``1m``, ``2h`` or ``21d``."""
    try:
        return timedelta(seconds=float(text[:-1]) * _UNITS[text[-1:]])
    except (KeyError, ValueError) as error:
        raise InvalidInput(f"a time is a number and s, m, h or d, such as 30m; not {text!r}") from error


def _part(text: str) -> float | timedelta:
    """A share such as ``0.2``, or a time."""
    if text[-1:].isalpha():
        return _time(text)
    try:
        share = float(text)
    except ValueError as error:
        raise InvalidInput(f"the test part is a share such as 0.2 or a time such as 21d, not {text!r}") from error
    if not 0.0 < share < 0.5:
        raise InvalidInput(f"the share for the test lies between 0 and 0.5, not {share:g}")
    return share


def replay(
    folder: Annotated[Path, typer.Argument(help="A folder of uci-online-retail, MovieLens or Last.fm files.")],
    how: Annotated[
        How,
        typer.Option(
            "--protocol",
            help="A request before each basket, each item in the order of the file (item) or in one settled by chance "
            "(cart), or each user's last basket.",
        ),
    ] = How.BASKET,
    again: Annotated[bool, typer.Option("--again", help="Lists may hold what a user had before.")] = False,
    test: Annotated[str, typer.Option(help="The last part that is scored: a share, or a time such as 21d.")] = "0.2",
    lag: Annotated[str, typer.Option(help="How late what happens is known: 0s,1m,1h,1d,never.")] = "0s",
    peer: Annotated[list[str] | None, typer.Option(help="A peer to play too; may be repeated; all for all.")] = None,
    sasrec_python: Annotated[
        Path | None,
        typer.Option(
            envvar="BETIMES_SASREC_PYTHON",
            help="The Python that has rectools[torch], for the peer sasrec; else an environment is made under --out.",
        ),
    ] = None,
    diversity: Annotated[float, typer.Option(min=0.0, help="What likeness to an earlier pick costs.")] = 0.0,
    limit: Annotated[int | None, typer.Option(min=1, help="At most so many requests, evenly spread.")] = None,
    jobs: Annotated[int, typer.Option(min=1, help="Replays that run at once.")] = 1,
    out: Annotated[Path, typer.Option(help="Where outcomes are kept, to go on after a stop.")] = Path("replay"),
    plot: Annotated[Path | None, typer.Option(help="Draw NDCG with its intervals to this PNG or SVG.")] = None,
    as_json: AsJson = False,
) -> None:
    """Play the past again: predict, score, then reveal; for the engine and, with --peer, for its peers."""
    try:
        from betimes.evaluate.contest import contest, entries, title_vectors  # noqa: PLC0415 - what few have installed
        from betimes.evaluate.datasets import timeline  # noqa: PLC0415
        from betimes.evaluate.metrics import interval, ndcg, summary  # noqa: PLC0415
        from betimes.evaluate.plot import drawn  # noqa: PLC0415
        from betimes.evaluate.replay import Protocol  # noqa: PLC0415
        from betimes.train.timeline import Span  # noqa: PLC0415
    except ImportError as error:
        raise ModelUnavailable(f"{error.name} is not installed: pip install 'betimes[evaluate]'") from error
    played = timeline(folder, out)
    if how in (How.ITEM, How.CART):
        played = played.one_by_one(by_chance=how is How.CART)
    span = Span.of(played, _part(test))
    lags = [None if text == "never" else _time(text) for text in lag.split(",")]
    protocol = Protocol(again=again, limit=limit, last=how is How.LAST)
    names = peer or []
    python = _sasrec_python(names, sasrec_python, out)
    chosen = entries(protocol, lags, [*names, "sasrec"] if python else names, diversity)
    counts = dict.fromkeys((item.id for item in played.items), 0)
    for basket in played.baskets[: span.test]:
        for item in basket.items:
            counts[item] += 1
    shares = np.array(list(counts.values())) / sum(counts.values())
    vectors = title_vectors(played, out)
    with watched("replaying") as progress:
        done = dict(contest(played, span, chosen, out, jobs=jobs, progress=progress, sasrec_python=python))
    found = {entry: done[entry] for entry in chosen}
    rows = {entry.label: summary(outcomes, shares, vectors) for entry, outcomes in found.items()}
    ours = found[chosen[0]]
    against = {
        entry.label: interval(ndcg(ours) - ndcg(outcomes), ours.users)
        for entry, outcomes in found.items()
        if entry is not chosen[0]
    }
    if plot is not None:
        bars = {entry.label: interval(ndcg(outcomes), outcomes.users) for entry, outcomes in found.items()}
        drawn(bars, f"NDCG@{protocol.n}, {played.name}, {how}, {'all items' if again else 'new items'}", plot)
    if as_json:
        told = {name: [i.mean, i.low, i.high] for name, i in against.items()}
        typer.echo(json.dumps({"order": played.digest, "figures": rows, "NDCG less": told}, ensure_ascii=False))
        return
    plain(console, f"{played.name}: {len(played.baskets)} requests in order {played.digest[:16]}")
    plain(console, f"learned from {span.test - span.train}, scored from {played.baskets[span.test].at.isoformat()}")
    console.print(report_view(rows))
    for name, less in against.items():
        plain(
            console,
            f"NDCG of {chosen[0].label} less that of {name}: {less.mean:+.4f} ({less.low:+.4f} to {less.high:+.4f})",
        )


def _sasrec_python(names: Sequence[str], given: Path | None, out: Path) -> Path | None:
    """The interpreter that the peer ``sasrec`` is to run in; none if it is not to play.

    It plays if it is named, and with ``all`` where its environment is there: making that fetches gigabytes.
    """
    from betimes.evaluate.peers.environment import found, made  # noqa: PLC0415
    from betimes.evaluate.peers.sasrec import Sasrec, Served  # noqa: PLC0415

    named = Sasrec.name in names
    if not named and "all" not in names:
        return None
    folder = out / "sasrec"
    python = given or found(folder)
    if python is None and named:
        with watched(f"installing RecTools in {folder}") as progress:
            python = made(folder, progress)
    if python is None:
        plain(complaints, "sasrec does not play: it needs an environment of its own; --peer sasrec makes one")
        return None
    Served(python)  # what is wrong with it is told before hours of replay, not after
    return python
