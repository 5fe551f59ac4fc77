"""How good copy is: what a model writes, against templates, about items and wishes it was not trained on."""

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from betimes.demo.items import catalogue
from betimes.domain.names import Locale, localised
from betimes.errors import ModelError
from betimes.ports import LanguageModel, Progress, no_progress
from betimes.text import segment
from betimes.train.copies import Pair, pairs
from betimes.write.draft import Writer
from betimes.write.verify import problems

#: What writes: a pair in; the draft, and the milliseconds it took.
Draft = Callable[[Pair], tuple[str, float]]


@dataclass(slots=True)
class CopyReport:
    """What became of the drafts of one writer.

    Attributes:
        passed: how many were accepted as they came.
        wrong: how many of the lines shown, those of the template in place of a refused draft among them, say
            something that is not known.
        taken_up: how many of the wishes stand in the line shown, word for word.
        shown: the lines shown.
        drafts: a draft with what is wrong with it, for each that was refused.
    """

    n: int = 0
    passed: int = 0
    wrong: int = 0
    taken_up: int = 0
    wished: int = 0
    ms: list[float] = field(default_factory=list)
    shown: list[str] = field(default_factory=list)
    drafts: list[str] = field(default_factory=list)

    def rows(self) -> dict[str, float]:
        """The figures by name."""
        ms = sorted(self.ms)
        bigrams = [pair for line in self.shown for pair in _bigrams(line)]
        return {
            "lines": self.n,
            "passed at the first draft": self.passed / max(1, self.n),
            "wrong among those shown": self.wrong,
            "wishes taken up": self.taken_up / max(1, self.wished),
            "distinct bigrams": len(set(bigrams)) / max(1, len(bigrams)),
            "characters": sum(map(len, self.shown)) / max(1, self.n),
            "ms p50": ms[len(ms) // 2] if ms else 0.0,
            "ms p95": ms[int(len(ms) * 0.95)] if ms else 0.0,
        }


def unseen(n: int, seed: int = 0) -> list[Pair]:
    """Items that no pair was written for, each with a trait or kind of the item or a wish that others of the pairs had.

    Args:
        n: how many, at most.
        seed: settles which.
    """
    drawn = random.Random(seed)  # noqa: S311 - which pairs are measured is no secret
    written = pairs()
    known = {pair.item.id for pair in written}
    others: dict[tuple[str, Locale], list[str]] = {}
    for pair in written:
        others.setdefault((pair.item.domain, pair.locale), []).extend(pair.wishes)
    found = []
    locales: tuple[Locale, ...] = ("zh", "en")
    for item in catalogue():
        if item.id in known:
            continue
        for locale in locales:
            own = [localised(t, locale) for t in (*item.tags, item.category) if t]
            wishes = [drawn.choice(own)] if own else []
            if drawn.random() < 0.5:
                wishes.append(drawn.choice(others[item.domain, locale]))
            found.append(Pair(item, locale, tuple(dict.fromkeys(wishes))))
    drawn.shuffle(found)
    return found[:n]


def copy_report(
    cases: Sequence[Pair], model: LanguageModel | None, deadline: float = 60.0, progress: Progress = no_progress
) -> dict[str, CopyReport]:
    """The figures of templates and, with a model, of what it drafts and what is shown for it.

    Args:
        deadline: seconds for a draft; one that comes later counts as empty.
    """
    writer = Writer()

    def by_template(case: Pair) -> tuple[str, float]:
        return writer.item_copy(case.item, case.locale, case.focus, ()).text, 0.0

    writers: dict[str, Draft] = {"template": by_template}
    if model is not None:

        def by_model(case: Pair) -> tuple[str, float]:
            try:
                answer = model.complete(writer.prompt(case.item, case.locale, case.focus), timeout=deadline)
            except ModelError:
                return "", deadline * 1e3
            return answer.text, answer.ms

        writers["model"] = by_model
    reports = {}
    for place, (name, draft) in enumerate(writers.items()):
        report = reports[name] = CopyReport()
        for done, case in enumerate(cases, 1):
            line, ms = draft(case)
            report.ms.append(ms)
            _count(report, case, line, by_template(case)[0], writer)
            progress(place * len(cases) + done, len(writers) * len(cases))
    return reports


def _count(report: CopyReport, case: Pair, draft: str, template: str, writer: Writer) -> None:
    accepted = writer.accept(draft, case.item, case.locale, case.said, "draft")
    shown = accepted.text if accepted else template
    report.n += 1
    report.passed += accepted is not None
    report.shown.append(shown)
    report.wrong += bool(problems(shown, case.item, case.said, case.locale))
    report.wished += len(case.wishes)
    report.taken_up += sum(wish.casefold() in shown.casefold() for wish in case.wishes)
    if accepted is None:
        wrong = "; ".join(problems(draft, case.item, case.said, case.locale)) or "empty or too long"
        report.drafts.append(f"{case.item.id} [{case.said}]: {draft}  ({wrong})")


def _bigrams(line: str) -> list[tuple[str, str]]:
    words = [word for word in segment(line.casefold()) if any(map(str.isalnum, word))]
    return list(pairwise(words))
