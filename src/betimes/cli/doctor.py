"""What is installed, what runs, and what is wrong, each found out by trying it."""

import platform
from collections.abc import Callable
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, requires, version
from time import perf_counter

from packaging.requirements import Requirement
from rich.console import RenderableType
from rich.table import Table
from rich.text import Text

from betimes.errors import BetimesError
from betimes.models import embedder_from, model_from
from betimes.ports import Prompt
from betimes.settings import Settings
from betimes.stores import open_stores


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing looked at. ``detail`` says what was found or, where it is not well, how to mend it."""

    what: str
    ok: bool
    detail: str


def examine(settings: Settings) -> list[Finding]:
    """Tries each part that the settings name."""
    return [
        Finding("python", True, f"{platform.python_version()} on {platform.platform()}"),
        _packages(),
        _tried("database", lambda: _database(settings)),
        _tried("embedder", lambda: _embedder(settings)),
        _tried("model", lambda: _model(settings)),
    ]


def _tried(what: str, look: Callable[[], str]) -> Finding:
    try:
        return Finding(what, True, look())
    except BetimesError as error:
        return Finding(what, False, f"{type(error).__name__}: {error}")


def _packages() -> Finding:
    found, missing = [], []
    for line in requires("betimes") or []:
        requirement = Requirement(line)
        if requirement.marker is not None and not requirement.marker.evaluate({"extra": ""}):
            continue
        try:
            have = version(requirement.name)
        except PackageNotFoundError:
            missing.append(str(requirement))
            continue
        found.append(f"{requirement.name} {have}")
        if not requirement.specifier.contains(have, prereleases=True):
            missing.append(f"{requirement} (there is {have})")
    if missing:
        return Finding("packages", False, f"install them with pip: {', '.join(missing)}")
    return Finding("packages", True, f"betimes {version('betimes')}; {', '.join(found)}")


def _database(settings: Settings) -> str:
    stores = open_stores(settings.db)
    try:
        items, events = stores.catalogue.count(), stores.log.head()
        return f"{settings.db}: {items:,} items, {events:,} events"
    finally:
        stores.close()


def _embedder(settings: Settings) -> str:
    embedder = embedder_from(settings.embedder, api_key=settings.api_key)
    clock = perf_counter()
    embedder.queries(["手机 phone"])
    return f"{embedder.name}, {embedder.dim} dimensions, {(perf_counter() - clock) * 1e3:.0f} ms a query"


def _model(settings: Settings) -> str:
    model = model_from(settings.model, api_key=settings.api_key, cache=settings.cache)
    if model is None:
        return "none: rules and templates only"
    try:
        clock = perf_counter()
        prompt = Prompt("Repeat the word.", (("tea", "tea"),), "milk", max_tokens=4)
        model.complete(prompt, timeout=60.0)
        first = perf_counter() - clock
        clock = perf_counter()
        model.complete(prompt, timeout=60.0)
        again = perf_counter() - clock
        return f"{model.name}: first answer after {first:.1f} s with loading, then {again * 1e3:.0f} ms"
    finally:
        model.close()


def report_view(findings: list[Finding]) -> RenderableType:
    """The findings as a table."""
    table = Table(box=None, pad_edge=False, show_header=False)
    for finding in findings:
        mark = Text("ok", style="green") if finding.ok else Text("wrong", style="bold red")
        table.add_row(mark, Text(finding.what, style="bold"), Text(finding.detail))
    return table
