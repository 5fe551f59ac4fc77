"""``betimes demo | serve | rebuild | doctor | bench``."""

import os
import sys
import tempfile
import threading
import webbrowser
from pathlib import Path
from typing import Annotated

import typer

import betimes.engine
from betimes.cli.common import AsJson, Db, complaints, console, engine, plain, print_json, settings_of
from betimes.cli.doctor import examine, report_view
from betimes.cli.imports import Mapped, Where, mapping_of
from betimes.demo.story import load, tell
from betimes.evaluate.bench import ACTS, USERS, Past, Sizes, bench_view, run_bench
from betimes.serve.run import claim, run
from betimes.stores import open_stores
from betimes.terminal import progress_bar

Host = Annotated[str, typer.Option(help="Address to listen on.")]
Port = Annotated[int, typer.Option(min=1, max=65_535, help="Port to listen on.")]


def demo(
    once: Annotated[bool, typer.Option("--once", help="Tell the story and end; else serve the API after it.")] = False,
    host: Host = "127.0.0.1",
    port: Port = 8000,
) -> None:
    """Tell the story of the loop on the built-in catalogue, then serve it."""
    if not once:
        claim(host, port)
    with tempfile.TemporaryDirectory(prefix="betimes-demo-") as folder:
        settings = settings_of(str(Path(folder) / "demo.db"))
        with betimes.engine.open(settings=settings) as opened:
            with progress_bar(complaints, "embedding the built-in catalogue") as bar:
                task = bar.add_task("", total=None)
                n = load(opened, lambda done, total: bar.update(task, completed=done, total=total))
            model = opened.model.name if opened.model else "none"
            plain(console, f"{n} items, model {model}")
            tell(opened, console)
            if not once:
                plain(console, f"\n{_serving(host, port)}")
                _open_page(host, port)
                run(opened, host, port)


def serve(
    host: Host = "127.0.0.1",
    port: Port = 8000,
    workers: Annotated[int, typer.Option(min=1, help="Processes; each holds the catalogue in memory.")] = 1,
    db: Db = None,
) -> None:
    """Serve the page and the HTTP API over a database; with several processes, the API alone."""
    claim(host, port)
    if workers == 1:
        with engine(db) as opened:
            plain(console, _serving(host, port))
            run(opened, host, port)
        return
    settings = settings_of(db)
    open_stores(settings.db).close()  # what is wrong with the database is told once, not by every worker
    os.environ["BETIMES_DB"] = settings.db  # where the workers' settings come from
    # The page lives in one process; behind several, a browser's next request would meet another.
    plain(console, _serving(host, port, page=False))
    run(None, host, port, workers)


def _address(host: str, port: int) -> str:
    return f"http://{f'[{host}]' if ':' in host else host}:{port}"


def _serving(host: str, port: int, page: bool = True) -> str:
    where = _address(host, port)
    return f"serving {f'the page on {where}/ and ' if page else ''}the API on {where}/v1 — stop with Ctrl-C"


def _open_page(host: str, port: int) -> None:
    """Opens the page in the browser of whoever sits here, a moment after the service begins to listen."""
    windowed = sys.platform in ("darwin", "win32") or any(map(os.environ.get, ("DISPLAY", "WAYLAND_DISPLAY")))
    if windowed and console.is_terminal:
        opening = threading.Timer(1.5, webbrowser.open, [f"{_address(host, port)}/"])
        opening.daemon = True
        opening.start()


def rebuild(db: Db = None) -> None:
    """Fold every state anew from the log."""
    with engine(db, model=False) as opened, progress_bar(complaints, "folding the log") as bar:
        task = bar.add_task("", total=None)
        seq = opened.rebuild(lambda done, total: bar.update(task, completed=done, total=total))
        console.print(f"rebuilt as of position {seq}")


def doctor(as_json: AsJson = False, db: Db = None) -> None:
    """Say what is installed, which model and embedder run, and what is wrong."""
    findings = examine(settings_of(db))
    if as_json:
        print_json([{"what": f.what, "ok": f.ok, "detail": f.detail} for f in findings])
    else:
        console.print(report_view(findings))
    if not all(f.ok for f in findings):
        raise typer.Exit(1)


def bench(
    sizes: Annotated[str, typer.Option(help="Catalogue sizes, parted by commas.")] = "10000,100000",
    users: Annotated[int, typer.Option(min=1, help="How many people acted before.")] = USERS,
    acts: Annotated[int, typer.Option(min=1, help="How often they acted, all together.")] = ACTS,
    seed: Annotated[int, typer.Option(help="Settles what is made up.")] = 0,
    events: Annotated[Path | None, typer.Option(help="A file of real events for the import figure.")] = None,
    mapping: Mapped = None,
    where: Where = None,
    out: Annotated[Path | None, typer.Option(help="Also write the figures there, as JSON.")] = None,
    as_json: AsJson = False,
) -> None:
    """Measure the path in one run, and print a table."""
    result = run_bench(Sizes.parse(sizes), Past(users, acts), seed, events, mapping_of(mapping, where), complaints)
    if out is not None:
        out.write_text(result.to_json(), encoding="utf-8")
    if as_json:
        typer.echo(result.to_json())
    else:
        console.print(bench_view(result))
