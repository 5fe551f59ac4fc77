"""Why an item stands where it does: the parts of its score as bars, what each rests on, what would change it."""

from nicegui import ui

from betimes.domain.intent import Intent
from betimes.domain.labels import describe
from betimes.domain.names import Locale, localised
from betimes.domain.slate import Step
from betimes.engine import Why
from betimes.serve.page.tags import Tag, button
from betimes.serve.page.words import part_label, word


def show_why(why: Why, locale: Locale) -> None:
    """Opens a dialog that accounts for an item's place."""
    title = localised(why.item.title, locale) if why.item else why.pick.item
    with ui.dialog() as dialog, Tag("div", classes="sheet"):
        dialog.props["aria-label"] = title
        with Tag("header", classes="sheet-head"):
            with Tag("div"):
                Tag("p", word("place", locale, n=why.place), "quiet")
                Tag("h2", title)
            button("×", dialog.close, "chip-x", aria_label=word("close", locale))
        _parts(why, locale)
        Tag("h3", word("would change", locale))
        Tag("p", why.change)
        if why.pick.propensity < 1.0:
            Tag("p", word("chance", locale, n=round(100 * why.pick.propensity, 1)), "quiet")
        if why.slate.intent is not None:
            _intent(why.slate.intent, locale)
        _trace(why.slate.trace, locale)
    dialog.on("hide", dialog.delete)
    dialog.open()


def _parts(why: Why, locale: Locale) -> None:
    parts = sorted(why.pick.parts.items(), key=lambda pair: -abs(pair[1]))
    longest = max((abs(value) for _, value in parts), default=1.0) or 1.0
    told = {reason.part: reason for reason in why.pick.reasons}
    with Tag("table", classes="parts"):
        Tag("caption", f"{word('score', locale)}: {why.pick.score:.3f}")
        with Tag("thead"), Tag("tr"):
            for name in ("part", "points", "rests on"):
                Tag("th", word(name, locale), scope="col")
        with Tag("tbody"):
            for part, value in parts:
                with Tag("tr"):
                    Tag("th", part_label(part, locale), scope="row")
                    with Tag("td", classes="bar-cell"):
                        sign = "up" if value >= 0.0 else "down"
                        Tag("span", classes=f"bar {sign}", aria_hidden="true").style(
                            f"width: {round(60 * abs(value) / longest, 1)}%"
                        )
                        Tag("span", f"{value:+.3f}", "points")
                    reason = told.get(part)
                    Tag("td", reason.text if reason else "", "quiet")


def _intent(intent: Intent, locale: Locale) -> None:
    Tag("h3", word("reader", locale))
    Tag("p", f"“{intent.text}”", "said")
    with Tag("ul", classes="readings"):
        for interest in intent.interests:
            sign = "−" if interest.polarity < 0 else "+"
            _reading(f"{sign}{localised(interest.topic, locale)}", interest.by, interest.evidence, locale)
        for constraint in intent.constraints:
            _reading(describe(constraint, locale), constraint.by, constraint.evidence, locale)


def _reading(what: str, by: str, evidence: str, locale: Locale) -> None:
    reader = word(f"read by {by}", locale) if by in ("rules", "user") else f"{word('read by model', locale)} ({by})"
    with Tag("li"):
        Tag("strong", what)
        Tag("span", f" {reader}" + (f" · “{evidence}”" if evidence else ""), "quiet")


def _trace(steps: tuple[Step, ...], locale: Locale) -> None:
    Tag("h3", word("trace", locale))
    with Tag("ul", classes="trace"):
        for step in steps:
            with Tag("li"):
                Tag("span", step.name)
                outcome = "" if step.outcome == "ok" else f" · {word(step.outcome, locale)}"
                Tag("span", f"{step.ms:.1f} {word('ms', locale)}{outcome}", "quiet")
