"""Copy: from templates at once, from a model after, and never anything that is not known."""

from collections.abc import Sequence
from typing import Final

from betimes.domain.intent import Constraint, Interest, InterestKind
from betimes.domain.item import Item
from betimes.domain.labels import describe, money
from betimes.domain.names import Locale, localised
from betimes.domain.slate import Copy, Empty
from betimes.ports import Prompt, Taught
from betimes.write.facts import fitting_tags, price_of, telling_facts
from betimes.write.verify import problems

#: What the task is called by adapters.
TASK: Final = "write"

_MOST_TOKENS = 60
_LONGEST = {"zh": 60, "en": 140}

_INSTRUCTIONS = {
    "zh": "根据给出的资料写一句简短的推荐语。只能使用资料里的事实，不夸张，不添加任何资料里没有的内容。",
    "en": "Write one short line about the item from the facts given. Use only these facts, and no praise.",
}
_EXAMPLES: dict[str, tuple[tuple[str, str], ...]] = {
    "zh": (
        ("名称：雪峰保温杯；类别：水杯；容量 0.5 升；价格 59 元；想要：上班", "0.5 升的水杯，上班用正好，59 元。"),
        (
            "名称：海边的旅店；类别：爱情片；2014；时长 98 分钟；想要：治愈",
            "2014 年的爱情片，98 分钟，想要治愈可以看看。",
        ),
    ),
    "en": (
        (
            "name: Hillside Mug; category: mug; capacity 0.4 L; price $12; wanted: office",
            "A 0.4 L mug for the office, $12.",
        ),
        (
            "name: The Quiet Inn; category: drama film; 2014; duration 98 min; wanted: calm",
            "A 2014 drama film of 98 min if you want calm.",
        ),
    ),
}


class Writer:
    """Writes the line beside an item and the line above a slate."""

    def item_copy(
        self, item: Item, locale: Locale, focus: Sequence[Interest], constraints: Sequence[Constraint]
    ) -> Copy:
        """A line from a template: what was wished for and is so, the facts that matter, the price."""
        tags = fitting_tags(item, locale, focus)
        facts = telling_facts(item, locale, focus, constraints)
        told = [*tags, *facts]
        if not told:
            told = [localised(t, locale) for t in item.tags[:2]]
        category = localised(item.category, locale)
        price = price_of(item, locale)
        comma, stop = ("，", "。") if locale == "zh" else (", ", ".")
        said = comma.join([p for p in (category, *told, price) if p])
        return Copy(f"{said}{stop}" if said else localised(item.title, locale))

    def slate_copy(
        self,
        items: Sequence[Item],
        locale: Locale,
        focus: Sequence[Interest],
        constraints: Sequence[Constraint],
        empty: Empty | None,
    ) -> Copy:
        """A line above the list: what it answers, how many there are, and their range of prices."""
        if empty is not None:
            return Copy(empty.text)
        needs = [i.topic for i in focus if i.kind is InterestKind.NEED and i.polarity > 0]
        things = ("、" if locale == "zh" else ", ").join(localised(t, locale) for t in dict.fromkeys(needs))
        held = ("，" if locale == "zh" else ", ").join(describe(c, locale) for c in constraints if c.hard)
        prices = _range(items, locale)
        if locale == "zh":
            head = f"{things or '为你推荐'}：{len(items)} 个结果"
            return Copy("；".join(p for p in (head, held, prices) if p) + "。")
        count = f"{len(items)} {'result' if things else 'pick'}{'' if len(items) == 1 else 's'}"
        head = f"{count} for {things or 'you'}"
        return Copy("; ".join(p for p in (head, held, prices) if p) + ".")

    def prompt(self, item: Item, locale: Locale, focus: Sequence[Interest]) -> Prompt:
        """The task of writing a line about an item, for a model."""
        name, category, traits, wanted, price = (
            ("名称：", "类别：", "特点：", "想要：", "价格 ")
            if locale == "zh"
            else ("name: ", "category: ", "traits: ", "wanted: ", "price ")
        )
        comma, parted = ("、", "；") if locale == "zh" else (", ", "; ")
        wishes = [localised(i.topic, locale) for i in focus if i.polarity > 0][:3]
        fitting = fitting_tags(item, locale, focus)
        tags = list(dict.fromkeys([*fitting, *(localised(t, locale) for t in item.tags)]))[:3]
        lines = [
            f"{name}{localised(item.title, locale)}",
            f"{category}{localised(item.category, locale)}" if item.category else "",
            *telling_facts(item, locale, focus, (), n=4),
            f"{traits}{comma.join(tags)}" if tags else "",
            f"{price}{price_of(item, locale)}" if item.price else "",
            f"{wanted}{comma.join(wishes)}" if wishes else "",
        ]
        sheet = parted.join(line for line in lines if line)
        return Prompt(
            instructions=_INSTRUCTIONS[locale],
            examples=_EXAMPLES[locale],
            input=sheet,
            max_tokens=_MOST_TOKENS,
            task=TASK,
            taught=Taught(sheet, grammar=None, max_tokens=_MOST_TOKENS),
        )

    def accept(self, draft: str, item: Item, locale: Locale, said: str, by: str) -> Copy | None:
        """A model's draft as copy, or none when it is empty, too long, or says what is not known."""
        line = draft.strip().strip('"“”').strip()
        if not line or "\n" in line or len(line) > _LONGEST[locale]:
            return None
        return None if problems(line, item, said, locale) else Copy(line, by)


def _range(items: Sequence[Item], locale: Locale) -> str:
    prices = [i.price for i in items if i.price is not None]
    if len(prices) < 2 or len({p.currency for p in prices}) > 1:
        return ""
    low, high = min(prices, key=lambda p: p.minor), max(prices, key=lambda p: p.minor)
    if locale == "zh":
        return f"价格 {money(low, locale)} 到 {money(high, locale)}"
    return f"from {money(low, locale)} to {money(high, locale)}"
