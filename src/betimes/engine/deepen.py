"""What the language model adds after the first list: a deeper reading, the list it leads to, and copy."""

from collections.abc import Iterator
from dataclasses import replace
from time import perf_counter

import structlog

from betimes.domain.event import Event, Understood, Written
from betimes.domain.intent import Intent
from betimes.domain.names import EventId, SlateId
from betimes.domain.slate import Outcome, Slate, Step
from betimes.engine.checks import ms_since
from betimes.engine.loop import Loop
from betimes.errors import ModelError, ModelTimeout
from betimes.ports import LanguageModel

_log = structlog.get_logger()

#: What a conversation yields, in the order it becomes known.
Update = Slate | Intent | Written


class Deepening:
    """Lets a model read what rules have read, and write what templates have written."""

    def __init__(self, loop: Loop, model: LanguageModel) -> None:
        self._loop = loop
        self._model = model

    def updates(self, said: Event, ruled: Intent, slate: Slate, n: int) -> Iterator[Update]:
        """What the model understood, if it answered; then the slate that holds; then the copy it wrote, if any.

        The slate is the same as before when the model adds nothing, with a step in its trace that says how
        the reading went.
        """
        clock = perf_counter()
        intent = None
        try:
            intent = self._read(said, ruled)
            outcome: Outcome = "ok"
        except ModelTimeout as error:
            outcome = "late"
            _log.warning("model_late", error=str(error))
        except ModelError as error:
            outcome = "fallback"
            _log.warning("model_not_understood", error=str(error), kind=type(error).__name__)
        with self._loop.lock:
            if intent is not None and not self._is_last(said):
                intent, outcome = None, "late"
            step = Step("model", ms_since(clock), outcome)
            slate = self._follow(said, ruled, intent, slate, n, step)
        if intent is not None:
            yield intent
        yield slate
        written = self._write(slate)
        if written is not None:
            yield written

    def _read(self, said: Event, ruled: Intent) -> Intent | None:
        shown = self._loop.shown(ruled.about) if ruled.about is not None else []
        prompt = self._loop.understanding.prompt(ruled, shown)
        if prompt is None:
            return None
        clock = perf_counter()
        answer = self._model.complete(prompt, timeout=self._loop.settings.model_deadline)
        with self._loop.lock:
            merged = self._loop.understanding.merge(
                ruled, answer.text, self._model.name, at=said.at, shown=shown, taught=answer.taught
            )
        return replace(merged, ms=ms_since(clock))

    def _is_last(self, said: Event) -> bool:
        """Whether the sentence still is what its speaker said last: a need since, or an erasure, is not undone."""
        self._loop.state.follow()
        return self._loop.state.profiles.get(said.user).said == said.id

    def _follow(self, said: Event, ruled: Intent, intent: Intent | None, slate: Slate, n: int, step: Step) -> Slate:
        """Takes a reading in, and makes the list anew if it means something else."""
        if intent is None:
            return replace(slate, trace=(*slate.trace, step))
        name = EventId(f"{said.id}:model")
        self._loop.append(
            Understood(id=name, user=said.user, at=said.at, said=said.id, intent=intent, domain=slate.domain)
        )
        if _means(intent) == _means(ruled):
            return replace(slate, trace=(*slate.trace, step))
        return self._loop.show(self._loop.ask(slate.user, slate.at, n, slate.domain, intent.locale), intent, (step,))

    def _write(self, slate: Slate) -> Written | None:
        if not slate.picks or self._loop.settings.model_copies == 0:
            return None
        said = slate.intent.text if slate.intent else ""
        focus = slate.intent.interests if slate.intent else ()
        items = self._loop.state.items([p.item for p in slate.picks[: self._loop.settings.model_copies]])
        copies = {}
        for item in items.values():
            try:
                prompt = self._loop.writer.prompt(item, slate.locale, focus)
                answer = self._model.complete(prompt, timeout=self._loop.settings.model_deadline)
            except ModelError as error:
                _log.warning("model_did_not_write", item=item.id, error=str(error), kind=type(error).__name__)
                break
            copy = self._loop.writer.accept(answer.text, item, slate.locale, said, self._model.name)
            if copy is not None:
                copies[item.id] = copy
        if not copies:
            return None
        written = Written(id=written_id(slate.id), user=slate.user, at=slate.at, slate=slate.id, copies=copies)
        with self._loop.lock:
            if self._loop.state.stores.log.find(EventId(slate.id)) is None:
                return None  # its reader was erased meanwhile
            self._loop.append(written)
        return written


def _means(intent: Intent) -> tuple[object, ...]:
    return intent.kind, intent.interests, intent.constraints


def written_id(slate: SlateId) -> EventId:
    """The id of the copy that came after a slate."""
    return EventId(f"{slate}:copy")


def with_copy(slate: Slate, written: Written) -> Slate:
    """A slate with the copy that came after it."""
    picks = tuple(replace(p, copy=written.copies.get(p.item, p.copy)) for p in slate.picks)
    return replace(slate, picks=picks, copy=written.copy or slate.copy)
