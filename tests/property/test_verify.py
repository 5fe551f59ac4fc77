"""Templates say only what is so, and verification does not let a changed number through."""

from datetime import UTC, datetime

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from betimes.domain.intent import Constraint, Interest, InterestKind
from betimes.domain.item import Item, Money, Quantity
from betimes.domain.names import ItemId, Locale, has_han
from betimes.write.draft import Writer
from betimes.write.verify import problems

NAMES = ["小米 14 / Xiaomi 14", "流浪地球 / The Wandering Earth", "云南之旅 / A trip to Yunnan", "月光 / Clair de lune"]
TEXTS = ["吴京 / Wu Jing", "黑色 / black", "昆明 / Kunming", "纯棉 / cotton", "花生 / peanut", "3D 打印 / 3D printing"]
amounts = st.floats(0.01, 20_000) | st.integers(1, 9_999).map(float)


def quantities(*units: str) -> st.SearchStrategy[Quantity]:
    return st.builds(Quantity, amounts, st.sampled_from(units))


facts = st.fixed_dictionaries(
    {},
    optional={
        "screen": quantities("in", "英寸", "cm"),
        "memory": quantities("GB", "TB", "MB"),
        "battery": quantities("mAh"),
        "duration": quantities("min", "h", "分钟"),
        "year": st.integers(1900, 2030).map(lambda year: Quantity(float(year))),
        "rating": st.sampled_from([7.9, 8.0, 9.25]).map(Quantity),
        "days": st.integers(1, 30).map(lambda days: Quantity(float(days))),
        "weight": quantities("kg", "g", "斤"),
        "distance": quantities("km", "m"),
        "refresh_rate": quantities("Hz", "rpm"),
        "person": st.lists(st.sampled_from(TEXTS), min_size=1, max_size=4, unique=True).map(tuple),
        "color": st.lists(st.sampled_from(TEXTS), min_size=1, max_size=2, unique=True).map(tuple),
        "waterproof": st.booleans(),
        "5g": st.booleans(),
    },
)
items = st.builds(
    Item,
    id=st.just(ItemId("i")),
    title=st.sampled_from(NAMES),
    price=st.none()
    | st.builds(Money, st.integers(1, 10**8), st.sampled_from(["CNY", "USD", "EUR", "JPY", "HKD", "GBP"])),
    brand=st.sampled_from(["", "小米 / Xiaomi"]),
    category=st.sampled_from(["手机 / phone", "科幻片 / science fiction film", "攻略 / guide"]),
    tags=st.lists(st.sampled_from(["游戏 / gaming", "治愈 / calm", "90 年代 / 1990s"]), max_size=3, unique=True).map(
        tuple
    ),
    facts=facts,
    published=st.just(datetime(2026, 1, 1, tzinfo=UTC)),
)
focuses = st.lists(
    st.builds(
        Interest,
        st.sampled_from(["手机", "phone", "游戏", "gaming", "吴京", "屏幕大", "轻"]),
        st.sampled_from(InterestKind),
        st.sampled_from([1, -1]),
    ),
    max_size=3,
)
constraints = st.lists(
    st.sampled_from(
        [Constraint("screen", ">=", 6.0), Constraint("person", "=", "吴京"), Constraint("price", "<=", 9.0)]
    ),
    max_size=2,
)
locales = st.sampled_from(["zh", "en"])


@settings(deadline=None)
@given(items, locales, focuses, constraints)
def test_a_template_passes_its_own_verification(
    item: Item, locale: Locale, focus: list[Interest], said: list[Constraint]
) -> None:
    copy = Writer().item_copy(item, locale, focus, said)
    assert copy.by == "template"
    assert problems(copy.text, item, "", locale) == []


@settings(deadline=None)
@given(items, locales, focuses, constraints)
def test_a_template_is_in_the_readers_language(
    item: Item, locale: Locale, focus: list[Interest], said: list[Constraint]
) -> None:
    text = Writer().item_copy(item, locale, focus, said).text
    assert has_han(text) == (locale == "zh")


@settings(deadline=None)
@given(items, locales, st.data())
def test_a_changed_digit_does_not_pass(item: Item, locale: Locale, data: st.DataObject) -> None:
    """Whichever number of a true line is changed, it is noticed, unless it then is another true one."""
    text = Writer().item_copy(item, locale, (), ()).text
    places = [n for n, char in enumerate(text) if char.isdigit()]
    assume(places)
    place = data.draw(st.sampled_from(places))
    digit = data.draw(st.sampled_from([d for d in "123456789" if d != text[place]]))
    changed = f"{text[:place]}{digit}{text[place + 1 :]}"
    assert problems(changed, item, "", locale) != []


@settings(deadline=None)
@given(items, st.text(max_size=60), st.text(max_size=40), locales)
def test_any_text_at_all_is_judged(item: Item, draft: str, said: str, locale: Locale) -> None:
    assert isinstance(problems(draft, item, said, locale), list)


@settings(deadline=None)
@given(
    items,
    st.sampled_from(["苹果", "华为", "刘德华", "iPhone", "Leica", "最好", "best", "免费", "free", "骁龙"]),
    locales,
)
def test_a_name_or_a_praise_slipped_into_a_true_line_is_noticed(item: Item, slipped: str, locale: Locale) -> None:
    text = Writer().item_copy(item, locale, (), ()).text
    assert any(slipped.casefold() in p for p in problems(f"{text} {slipped}", item, "", locale))
