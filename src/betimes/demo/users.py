"""A few dozen plausible people and what they did: made up from a seed, dated back from the moment of the demo."""

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from betimes.domain.event import Acted, ActKind
from betimes.domain.item import Item
from betimes.domain.names import EventId, UserId


@dataclass(frozen=True, slots=True)
class Persona:
    """Someone who likes some things more than others.

    Attributes:
        likes: words that the category, the tags or the people of an item may contain.
        acts: about how many acts they have.
    """

    user: str
    likes: tuple[str, ...]
    acts: int = 24


PERSONAS = (
    Persona("lin", ("科幻", "烧脑", "耳机", "科技", "编程"), 40),
    Persona("mei", ("旅行", "海边", "徒步", "民谣", "相机", "防晒"), 36),
    Persona("jay", ("摇滚", "跑步", "运动", "健身", "跑鞋"), 36),
    Persona("hao", ("游戏", "手机", "笔记本", "电子"), 30),
    Persona("yun", ("华语流行", "爱情", "口红", "护肤", "美食"), 30),
    Persona("tao", ("悬疑", "犯罪", "咖啡", "爵士"), 28),
    Persona("qing", ("亲子", "动画", "合家欢", "儿童", "绘本"), 28),
    Persona("bo", ("摄影", "相机", "旅行", "纪录片"), 26),
    Persona("an", ("瑜伽", "素食", "轻音乐", "睡前", "护肤"), 26),
    Persona("rui", ("性价比", "手机", "充电宝", "手环"), 24),
    Persona("song", ("古典", "历史", "战争", "茶"), 24),
    Persona("xia", ("减脂", "跑步", "空气炸锅", "健身"), 24),
    Persona("ning", ("猫", "治愈", "动画", "零食"), 22),
    Persona("kai", ("隐私", "编程", "人工智能", "笔记本"), 22),
    Persona("dan", ("厨房", "电饭煲", "美食", "家常"), 22),
    Persona("emma", ("jazz", "coffee", "city walk", "drama"), 26),
    Persona("liam", ("rock", "running", "headphones", "thriller"), 26),
    Persona("olivia", ("science fiction", "pop", "travel", "camera"), 24),
    Persona("noah", ("gaming", "laptop", "electronic", "programming"), 24),
    Persona("ava", ("yoga", "vegetarian", "folk", "skin"), 22),
    Persona("lucas", ("hiking", "tent", "documentary", "outdoor"), 22),
    Persona("mia", ("comedy", "pop", "lipstick", "beginner"), 20),
    Persona("ethan", ("phone", "budget", "crime", "hip hop"), 20),
    Persona("zoe", ("family", "animation", "children", "baking"), 20),
    Persona("leo", ("classical", "piano", "studying", "tea"), 18),
    Persona("ivy", ("romance", "seaside", "ambient", "bedtime"), 18),
    Persona("max", ("war", "history", "tech", "smartwatch"), 18),
    Persona("ruth", ("kitchen", "food", "soundtrack"), 16),
    Persona("omar", ("strength", "electronic", "chocolate"), 16),
    Persona("nina", ("horror", "rock", "city"), 14),
)

_KINDS: Mapping[str, Sequence[tuple[ActKind, float]]] = {
    "shop": ((ActKind.VIEW, 4), (ActKind.CLICK, 4), (ActKind.LIKE, 1), (ActKind.SAVE, 1), (ActKind.BUY, 1)),
    "video": ((ActKind.CLICK, 4), (ActKind.DWELL, 2), (ActKind.RATE, 2), (ActKind.SAVE, 1), (ActKind.SKIP, 1)),
    "music": ((ActKind.CLICK, 4), (ActKind.DWELL, 3), (ActKind.LIKE, 2), (ActKind.SKIP, 1)),
    "social": ((ActKind.VIEW, 3), (ActKind.CLICK, 4), (ActKind.LIKE, 2), (ActKind.SAVE, 1)),
}


def histories(items: Sequence[Item], until: datetime, seed: int = 7) -> list[Acted]:
    """What everyone did in the ten weeks before ``until``, in order of time; equal arguments, equal histories."""
    events = [act for persona in PERSONAS for act in _history(persona, items, until, seed)]
    return sorted(events, key=lambda e: (e.at, e.id))


def _history(persona: Persona, items: Sequence[Item], until: datetime, seed: int) -> list[Acted]:
    chance = random.Random(f"{seed} {persona.user}")  # noqa: S311  # repeatable, not secret
    liked = [i for i in items if any(word in _words(i) for word in persona.likes)] or list(items)
    events: list[Acted] = []
    at = until - timedelta(days=70)
    while len(events) < persona.acts:
        at = min(at + timedelta(days=chance.expovariate(persona.acts / 5 / 68)), until - timedelta(hours=1))
        moment = at
        for _ in range(chance.randint(2, 7)):
            item = chance.choice(liked if chance.random() < 0.85 else items)
            kinds = _KINDS.get(item.domain, _KINDS["social"])
            kind = chance.choices([k for k, _ in kinds], [w for _, w in kinds])[0]
            moment += timedelta(seconds=chance.randint(20, 240))
            events.append(
                Acted(
                    id=EventId(f"demo:{persona.user}:{len(events)}"),
                    user=UserId(persona.user),
                    at=min(moment, until),
                    item=item.id,
                    kind=kind,
                    value=_value(kind, item in liked, chance),
                )
            )
    return events


def _value(kind: ActKind, liked: bool, chance: random.Random) -> float | None:
    if kind is ActKind.RATE:
        return chance.choice((4.0, 4.5, 5.0) if liked else (1.5, 2.5, 3.0, 3.5))
    return float(chance.randint(15, 400)) if kind is ActKind.DWELL else None


def _words(item: Item) -> str:
    people = item.facts.get("person", ())
    named = people if isinstance(people, tuple) else ()
    return " ".join((item.title, item.category, *item.tags, *named)).casefold()
