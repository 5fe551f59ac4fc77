"""An import of items, step by step: a file, which column is what, a preview, the import, what was rejected."""

import shutil
import tempfile
from collections.abc import Callable, Sequence
from itertools import islice
from pathlib import Path
from typing import Final

from nicegui import run, ui
from nicegui.events import UploadEventArguments

from betimes.domain.item import Item
from betimes.domain.labels import money
from betimes.domain.names import Locale, localised
from betimes.engine import Engine
from betimes.errors import BetimesError
from betimes.ingest import import_items
from betimes.ingest.columns import layout
from betimes.ingest.items import ItemDefaults
from betimes.ingest.report import Report
from betimes.ingest.rows import table_of
from betimes.ports import Put
from betimes.serve.page.tags import Tag, button
from betimes.serve.page.words import word

#: Our columns that the form asks about; others are recognised by their names, or become facts.
_ASKED: Final = ("id", "title", "text", "domain", "price", "brand", "category", "tags", "image")
_PREVIEWED: Final = 200
_SAMPLES: Final = 5
_LARGEST: Final = 512 * 1024 * 1024


class ImportView:
    """Takes a file of items through its import."""

    def __init__(self, engine: Engine, locale: Locale) -> None:
        self._engine = engine
        self._locale = locale
        self._folder = Path(tempfile.mkdtemp(prefix="betimes-import-"))
        ui.context.client.on_delete(lambda: shutil.rmtree(self._folder, ignore_errors=True))
        self._file: Path | None = None
        self._chosen: dict[str, ui.select] = {}
        self._done = 0
        label = word("file", locale)
        upload = ui.upload(label=label, auto_upload=True, max_file_size=_LARGEST, on_upload=self._uploaded)
        upload.props(f'flat bordered accept=".csv,.tsv,.jsonl,.json,.parquet,.txt" aria-label="{label}"')
        self._mapping = Tag("div", classes="mapping")
        self._outcome = Tag("div", classes="mapping", aria_live="polite")

    async def begin(self) -> None:
        """Waits for a file."""

    async def _uploaded(self, event: UploadEventArguments) -> None:
        file = self._folder / Path(event.file.name).name
        await event.file.save(file)
        self._file = file
        self._outcome.clear()
        self._mapping.clear()
        with self._mapping:
            try:
                table = await run.io_bound(table_of, file, {})
            except BetimesError as error:
                Tag("p", word("failed", self._locale, why=str(error)), "note")
                return
            if table is not None:
                self._ask(list(table.columns), self._guessed(file))

    def _guessed(self, file: Path) -> dict[str, str]:
        """The column that each of ours is taken for, as far as names tell."""
        try:
            found = layout("items", table_of(file, {}), {}, file=file.name)
        except BetimesError:
            return {}  # no id or title is recognised: that is what the form is for
        return {ours: s.columns[0] for ours, s in found.sources.items() if s.constant is None and len(s.columns) == 1}

    def _ask(self, columns: list[str], guessed: dict[str, str]) -> None:
        locale = self._locale
        Tag("h2", word("columns", locale))
        self._chosen = {}
        options = {"": word("column none", locale), **{c: c for c in columns}}
        with Tag("div", classes="fields"):
            for ours in _ASKED:
                select = ui.select(options, value=guessed.get(ours, ""), label=word(f"item {ours}", locale))
                self._chosen[ours] = select.props("outlined dense")
        with Tag("div", classes="react"):
            button(word("preview", locale), self._preview, "ghost")
            button(word("start import", locale), self._import, "primary")

    async def _preview(self) -> None:
        seen: list[Item] = []

        def look(items: Sequence[Item]) -> Put:
            seen.extend(islice(items, _SAMPLES - len(seen)))
            return Put(0, 0, 0)

        head = await run.io_bound(_head_of, self._file, self._folder) if self._file else None
        report = await self._run(head, look) if head else None
        if report is None:
            return
        counts = {"read": report.read, "kept": report.kept, "rejected": report.rejected}
        with self._outcome:
            Tag("p", word("previewed", self._locale, **counts))
            for reason, count in report.reasons.items():
                Tag("p", f"{count} × {reason}", "note")
            with Tag("ul", classes="entries"):
                for item in seen:
                    with Tag("li", classes="entry"):
                        Tag("strong", localised(item.title, self._locale))
                        Tag("span", " · ".join(filter(None, (item.id, item.brand, item.category))), "entry-main quiet")
                        Tag("span", money(item.price, self._locale) if item.price else "", "price")

    async def _import(self) -> None:
        report = await self._run(self._file, self._engine.put_items) if self._file else None
        if report is None:
            return
        with self._outcome:
            Tag("pre", str(report).replace(str(self._folder), ""))
            rejects = report.rejects_path
            if rejects is not None:
                button(word("rejects", self._locale), lambda: ui.download.file(rejects), "ghost")

    async def _run(self, file: Path, put: Callable[[Sequence[Item]], Put]) -> Report | None:
        """Imports a file as the form says, with progress; what is wrong is told."""
        locale = self._locale
        mapping = {ours: str(s.value) for ours, s in self._chosen.items() if s.value}
        self._outcome.clear()
        self._done = 0
        with self._outcome:
            progress = Tag("p", "", "quiet", role="status")
            timer = ui.timer(0.2, lambda: progress.set_text(word("importing", locale, done=f"{self._done:,}")))
        try:
            return await run.io_bound(
                import_items,
                file,
                put,
                mapping=mapping,
                defaults=ItemDefaults(),
                progress=self._progressed,
            )
        except BetimesError as error:
            with self._outcome:
                Tag("p", word("failed", locale, why=str(error)), "note", role="alert")
            return None
        finally:
            timer.cancel()
            progress.set_text("")

    def _progressed(self, done: int, total: int | None) -> None:
        self._done = done


def _head_of(file: Path, folder: Path) -> Path:
    """The first rows of a file of lines, to be tried; another kind of file whole."""
    if file.suffix == ".parquet":
        return file
    head = folder / f"head{file.suffix}"
    with file.open("rb") as lines:
        head.write_bytes(b"".join(islice(lines, _PREVIEWED + 1)))
    return head
