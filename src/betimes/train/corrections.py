"""What an installation's log teaches, with its users' consent: readings they corrected, and readings that disagree."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from betimes.domain.event import Change, Edited, Erased, Event, Purpose, Said, Understood
from betimes.domain.intent import Constraint, Intent, IntentKind, Interest, InterestKind
from betimes.train.examples import Annotated
from betimes.understand.line import holds, meaning_of


def corrections(history: Iterable[Event]) -> list[Annotated]:
    """The corrected sentences of one user; none unless they consented to training, and do so still.

    An edit counts as a correction of the last sentence understood before it: what it takes away
    must be part of that reading, and what it adds must stand in the sentence. A reaction to a list is left out,
    for its meaning lies in the list.

    Args:
        history: everything stored of the user, in order.
    """
    consented, found = _readings(history)
    return [example for read in found for example in read.corrected()] if consented else []


def disagreements(history: Iterable[Event]) -> list[tuple[str, Intent, Intent]]:
    """The sentences of one user that rules and the model read differently: text, rules' reading, the one that held.

    None unless the user consented to training, and does so still. They are for a person to annotate.
    """
    consented, found = _readings(history)
    if not consented:
        return []
    return [(r.text, r.first, r.intent) for r in found if meaning_of(r.first) != meaning_of(r.intent)]


def _readings(history: Iterable[Event]) -> tuple[bool, list["_Read"]]:
    """Whether the user consents, and their sentences as they were read and edited."""
    consented = False
    texts: dict[str, str] = {}
    last: _Read | None = None
    found: list[_Read] = []
    for event in history:
        match event:
            case Said():
                texts[event.id] = event.text
            case Understood() if event.said in texts:
                if last is None or last.said != event.said:
                    last = _Read(event.said, texts[event.said], event.intent, event.intent)
                    found.append(last)
                else:
                    last.intent = event.intent
            case Edited(change=Change(op="consent", purpose=Purpose.TRAINING)):
                consented = True
            case Edited(change=Change(op="withdraw", purpose=Purpose.TRAINING)):
                consented = False
            case Edited() if last is not None:
                last.edits.append(event.change)
            case Erased():
                found, last, consented = [], None, False
            case _:
                pass
    return consented, found


@dataclass(slots=True)
class _Read:
    """A sentence, its first and its last reading, and what its speaker changed before the next sentence."""

    said: str
    text: str
    first: Intent
    intent: Intent
    edits: list[Change] = field(default_factory=list)

    def corrected(self) -> Iterator[Annotated]:
        if self.intent.kind is IntentKind.CRITIQUE:
            return
        read = meaning_of(self.intent)
        gold: dict[str, Any] = {key: list(value) if isinstance(value, list) else value for key, value in read.items()}
        for change in self.edits:
            self._apply(change, gold)
        if gold != read:
            if gold["kind"] == IntentKind.NONE and any(gold[side] for side in ("topics", "constraints")):
                gold["kind"] = IntentKind.NEED.value
            yield Annotated(self.text, (), gold, self.intent.locale, "")

    def _apply(self, change: Change, gold: dict[str, Any]) -> None:
        match change:
            case Change(op="drop_interest", interest=Interest(topic=topic)):
                _drop(gold, topic)
            case Change(op="set_interest", interest=Interest() as interest) if holds(self.text, interest.topic):
                side = "dislikes" if interest.polarity < 0 else "likes"
                if interest.kind is InterestKind.NEED and interest.polarity > 0:
                    side = "topics"
                if interest.topic not in gold[side]:
                    _drop(gold, interest.topic)
                    gold[side].append(interest.topic)
            case Change(op="drop_constraint", constraint=Constraint() as dropped):
                key = (dropped.field, dropped.op, dropped.value)
                gold["constraints"] = [c for c in gold["constraints"] if (c["field"], c["op"], c["value"]) != key]
            case Change(op="add_constraint", constraint=Constraint() as c) if holds(self.text, c.value):
                gold["constraints"] = [
                    old for old in gold["constraints"] if (old["field"], old["op"]) != (c.field, c.op) or c.op == "!="
                ]
                gold["constraints"].append({"field": c.field, "op": c.op, "value": c.value, "hard": c.hard})
            case _:
                pass


def _drop(gold: dict[str, Any], topic: str) -> None:
    for side in ("topics", "likes", "dislikes"):
        gold[side] = [t for t in gold[side] if t != topic]
