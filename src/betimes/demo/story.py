"""The story that ``betimes demo`` tells: a sentence, a list that obeys it, a critique, a click, and why."""

from dataclasses import dataclass
from datetime import UTC, datetime

from rich.console import Console
from rich.rule import Rule
from rich.text import Text

from betimes.demo.items import catalogue
from betimes.demo.users import histories
from betimes.demo.vectors import shipped
from betimes.domain.names import Locale, localised
from betimes.domain.profile import Memory, Profile
from betimes.domain.slate import Slate
from betimes.engine import Engine
from betimes.errors import NotFound
from betimes.ports import Progress, no_progress
from betimes.terminal import intent_view, profile_view, slate_view, trace_view, why_view

PHONE = "我想买一款价格在1000元以下的手机"


@dataclass(frozen=True, slots=True)
class Scene:
    """A sentence by a user who has a history."""

    user: str
    text: str
    title: str


SCENES = (
    Scene("lin", "今晚想看一部烧脑的科幻片，两个半小时以内，不要恐怖的", "一部电影 · a film"),
    Scene("mei", "国庆想去海边玩三四天，带爸妈，节奏慢一点的攻略", "一次旅行 · a trip"),
    Scene("liam", "rock songs for a morning run, under 5 minutes, nothing live", "音乐 · music"),
)


def load(engine: Engine, progress: Progress = no_progress) -> int:
    """Puts the built-in catalogue and its users' histories in; returns the number of items."""
    items = catalogue()
    engine.keep_vectors(*shipped())
    engine.put_items(items, progress)
    engine.record(histories(items, datetime.now(UTC)))
    return len(items)


def tell(engine: Engine, console: Console) -> None:
    """Tells the story over a loaded engine."""
    story = _Story(engine, console)
    _head(console, "一句话，一份听话的列表 · one sentence, one list that obeys")
    first = story.said("rui", PHONE)
    _head(console, "嫌贵 · too dear")
    cheaper = story.said("rui", "太贵了", moved_from=first)
    if cheaper.picks:
        clicked = cheaper.picks[min(2, len(cheaper.picks) - 1)].item
        _head(console, "点一下 · a click")
        engine.act("rui", clicked, "click", slate=cheaper.id)
        title = localised(engine.item(clicked).title, "zh")
        console.print(Text(f"rui 点了 {title}，列表随即变化："))
        changed = engine.recommend("rui")
        console.print(slate_view(changed, engine.items([p.item for p in changed.picks]), moved_from=cheaper))
        console.print(trace_view(changed.trace))
        _head(console, "为什么 · why")
        console.print(why_view(engine.why(changed.id, changed.picks[0].item)))
    for scene in SCENES:
        _head(console, scene.title)
        story.said(scene.user, scene.text)


@dataclass(frozen=True, slots=True)
class _Story:
    engine: Engine
    console: Console

    def said(self, user: str, text: str, moved_from: Slate | None = None) -> Slate:
        """A sentence, what it was taken to mean, the profile before and after, the list, and the times."""
        console = self.console
        console.print(Text(f"{user}: {text}", style="bold yellow"))
        before = self._profile(user)
        slate = self.engine.say(user, text, wait="model")
        locale: Locale = slate.locale
        console.print(Text("理解 understood" if locale == "zh" else "understood", style="dim"))
        if slate.intent:
            console.print(intent_view(slate.intent))
        at = datetime.now(UTC)
        for label, profile in (("之前 before", before), ("之后 after", self._profile(user))):
            console.print(Text(f"画像 profile · {label}", style="dim"))
            console.print(profile_view(profile, locale, Memory(), at, n=5) if profile else Text("—", style="dim"))
        console.print(Text("列表 list", style="dim"))
        console.print(slate_view(slate, self.engine.items([p.item for p in slate.picks]), moved_from=moved_from))
        console.print(trace_view(slate.trace))
        return slate

    def _profile(self, user: str) -> Profile | None:
        try:
            return self.engine.profile(user)
        except NotFound:
            return None


def _head(console: Console, title: str) -> None:
    console.print()
    console.print(Rule(title, style="blue"))
