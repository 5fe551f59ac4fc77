"""What surrounds every view: the way between views, language, light and dark, and who is here."""

from urllib.parse import urlencode

from nicegui import ui

from betimes.domain.names import Locale
from betimes.serve.page.tags import Tag, button, spoken
from betimes.serve.page.words import word

#: Where the page lives in the service.
ROOT = "/page"


def frame(user: str, locale: Locale, view: str) -> Tag:
    """Draws the frame and returns the part below it, to be filled."""
    ui.query("html").props(f"lang={'zh-CN' if locale == 'zh' else 'en'}")
    Tag("a", word("skip", locale), "skip", href="#main")
    with Tag("header", classes="top"):
        Tag("a", word("name", locale), "brand", href=address(user, locale, "say"))
        with Tag("nav", classes="views"):
            for name in ("say", "mine", "operate"):
                here = "page" if name == view else "false"
                Tag("a", word(name, locale), "view", href=address(user, locale, name), aria_current=here)
        with Tag("div", classes="tools"):
            _who(user, locale, view)
            other: Locale = "en" if locale == "zh" else "zh"
            lang = "en" if locale == "zh" else "zh-CN"
            Tag("a", word("language", locale), "tool", href=address(user, other, view), lang=lang)
            button("◐", _turn, "tool", aria_label=f"{word('light', locale)} / {word('dark', locale)}")
    return Tag("div", id="main", tabindex="-1")


def address(user: str, locale: Locale, view: str) -> str:
    """The address of a view."""
    path = "" if view == "say" else view
    return f"{ROOT}/{path}?{urlencode({'user': user, 'locale': locale})}"


def _who(user: str, locale: Locale, view: str) -> None:
    with Tag("form", classes="who", method="get", action=f"{ROOT}/{'' if view == 'say' else view}"):
        with Tag("label"):
            spoken(word("who", locale))
            Tag("input", classes="who-box", name="user", value=user, maxlength="200", autocomplete="off")
        Tag("input", type="hidden", name="locale", value=locale)
        Tag("button", word("switch", locale), "tool", type="submit")


async def _turn() -> None:
    """Turns between light and dark; the browser remembers."""
    await ui.run_javascript("betimes.turn()")
