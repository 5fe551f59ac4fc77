"""What a sentence refuses: spans under a negation, as exclusions or as dislikes."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from betimes.text import tagged
from betimes.understand.aliases import words_of
from betimes.understand.lexicon import Lexicon
from betimes.understand.sentence import Sentence, Span, overlaps

_STOP = r"，,。.;；!！?？\n"
#: Words that refuse the thing after them. 别 alone refuses a thing only where a name follows it.
_BEFORE_ZH = re.compile(
    rf"(?P<word>除了|除开|除去|除(?=[^{_STOP}]{{1,16}}?外(?!套))|(?:千万|绝对)?(?:不要|[唔冇]要|唔好(?=有)|不想要|"
    rf"不想再?[看听吃买找]|不想(?=[爬逛])|"
    rf"不能[有放吃带用是含加]|不[吃含带看听喝加放穿戴收插]|"
    rf"不是(?!很)|不考虑|拒绝?(?!收)|谢绝|排除|去掉|去除|剔除|避雷|避免|抛开|屏蔽|远离|不[买选推]|"
    rf"没有(?=[\u4e00-\u9fff]{{1,8}}的)|没(?=[\u4e00-\u9fff]{{2,8}}的)|没有(?=任何)|"
    rf"(?:^|(?<=[{_STOP} 既又也]))没有|"
    rf"不(?=跟团|爬[山坡楼]|报班|打[针孔]|砸墙|跳跃|露脸|动刀)|不能(?=打孔)|(?:^|(?<=[{_STOP} ]))没(?=人[说讲]话)|"
    rf"[别勿]再?(?:给我|跟我)?再?(?:推荐?|看|听|来|放|是|有|要|带|整|弄|上|配|送|用|加|选|拿|买|出现|提))|避开|忽略|"
    rf"[别勿]再?给我(?!再)|非(?!常|遗|洲|主流|虚构|得|要)(?=[\u4e00-\u9fff]{{2,5}}(?:的|款|版|$|[,，]))|"
    rf"(?P<bare>(?:千万)?别(?!的|人|致|墅|"
    rf"名|处|样|说|提了|急)))"
    rf"(?P<what>[^{_STOP}]{{1,24}})"
)
_WITHOUT_ZH = re.compile(
    r"[无零](?P<what>糖|蔗糖|果糖|代糖|盐|油|奶|乳糖|乳制品|黄油|奶油|酒精|香精|香料|香(?![薰气水])|麸质|谷物?|"
    r"防腐剂?|色素|硅油|硅胶|皂[基碱]|钢圈|钢托|骨|刺|坚果|花生|辣|味精|添加剂|添加糖|咖啡因|酒|广告|字幕|歌词|人声|"
    r"对白|片头|水印|鼓|"
    r"蛋|荧光剂|甲醛|磷|氟|铝|激素|农药|抗生素|矿物油|水杨酸|视黄醇|反式脂肪酸?|化学味|异味|褶)(?!线)"
)
_BEFORE_EN = re.compile(
    rf"(?<![a-z])(?P<word>any(?:thing|one|body|where| [a-z]+) (?:but|bar)|other than|except(?: for)?|excluding|"
    rf"besides|aside from|apart from|"
    rf"rather than|instead of|hold the|leave off|steer clear of|keep away from|without|w/o(?:ut)?|with no|"
    rf"avoid(?:ing)?|skip(?: the| anything)?|minus|zero|sans|must(?: not|n'?t) (?:be|have|contain)|can(?:'?t|not) be|"
    rf"nowhere with|"
    rf"but not|and not|not|no more|no|nothing(?: from| by| with)?|none of (?:that|those)|rather not (?:have|see|get)|"
    rf"(?:don'?t|do not|does(?:n'?t| not)) (?:want|show me|give me|recommend|need|include|have|contain|use|"
    rf"come with|involve|mention|smell of|taste of)(?: me)?(?: any)?|never (?:show|recommend|play)?(?: us|"
    rf" me)?(?: any(?:thing)?(?: with)?)?|"
    rf"refuse to buy from|free of|(?:isn'?t|aren'?t|ain'?t)(?: just)?|nor|ignore|enough with|leave out|"
    rf"stay away from|less)\s+"
    rf"(?P<what>[^{_STOP}:()]{{1,40}})"
)
#: The negation that follows what it refuses: 碎花不要, 飞利浦除外, 佳能就别提了.
_AFTER_ZH = re.compile(
    rf"(?:^|(?<=[{_STOP}、\s(（]))(?:[^{_STOP}、\s()（）]{{0,8}}?除[了掉]?)?"
    rf"(?P<what>[^{_STOP}、\s()（）]{{1,16}}?)(?:那[种类个些款首套][家个]?的?|之类|一类|什么|类)?的?"
    r"(?:就|都|也|先|一律|一概|坚决|自觉|直接|全|统统|通通|千万){0,2}"
    r"(?:(?:不要|除外|[以之]外|免谈|算了|不用了?|别提|不必|pass)(?=再|都|其[他它]|别家|另|的?牌子)|(?<=就)(?:算了|"
    r"别提了?|免了|不必了?|不用了?)|"
    r"(?:不要|不想要|除外|[以之]外|算了|免了?|不[吃看听买用穿擦喝]|(?<=[的也都])不行|不考虑|pass|不用了?|不必了?|不算|免谈|"
    r"别难为我了|拜拜|绕道|跳过|歇歇|歇会儿?|停一停|避一避|"
    r"避开|拿掉|去掉|排除|先?别(?:再|给我|跟我|给)?(?:[看推拿来提放要买说算]|推荐|出现|混进来)?(?:[我了])?)"
    rf"(?=$|[{_STOP}、\s(（)）的了吧哈啊]|天天|已经))"
)
#: The same in English: courgettes no, Mahler excluded, Tarantino is out.
_AFTER_EN = re.compile(
    rf"(?:^|(?<=[{_STOP}] )|(?<=[{_STOP}]))(?P<what>[a-z][a-z' -]{{1,24}}?)(?:(?:'s| is| are)? (?:excluded|out|"
    rf"banned|not allowed)|"
    rf",? (?<!oh )(?<!so )no)(?= in this house)?(?=[{_STOP}]|$)"
)
#: What such a negation follows without refusing a thing: a pronoun, a number, a story.
_NOT_NAMED = re.compile(
    r"^(?:这|那|第|说|问|今天|忙|算$|两个)|[我你他她它]|记得|千万|\d|(?<![a-z])(?:i|it|that|this|if|yes|yeah|why|say|oh|there|hell|but|and|"
    r"hmm+|um+|actually|place|well|ok|okay|wait|maybe|please|thanks|way)(?![a-z])"
)
_SEEN = (
    r"(?:(?:看|听|读|刷|追|跳|吃|用)(?:腻|吐|烂|够|厌|怕|到吐|过?(?:好几|[几两三四五六七八九十百\d])+[遍次回])|"
    r"[看听读刷追](?:过|完|遍))"
)
#: 白夜追凶看过, 金庸的都看遍了: what is named before it.
_SEEN_ZH = re.compile(
    rf"(?:^|(?<=[{_STOP}、\s(（]))(?P<what>[^{_STOP}\s()（）]{{2,16}}?)(?:的|我|他|她|它|也|都|全|真|早就?|已经|快|"
    rf"系列|那几部|这[俩仨]){{0,4}}{_SEEN}(?!半|能|会|就|刚|再|后|之后|不|睡|的|觉得|还|能|可)"
)
_SEEN_TITLE = re.compile(rf"{_SEEN}了?《(?P<what>[^》]{{1,24}})》")
#: What such words follow without a name: a person, a place in a list, a doubt.
_NOT_SEEN = re.compile(
    r"^(?:我|你|他|她|它|这|那|第|前|后|都|谁|有|没|刚|最近|小时候|以前|之前|昨|今|去年|上[次周]|听说|求|推荐|给|来|"
    r"全是|只|能|要|想)|[没不谁我他她让]|一口气|能$|想$|可以$|什么|时候|好$"
)
_MATERIAL = re.compile(
    r"(?P<what>塑料|玻璃|金属|铝合金|不锈钢|硅胶|橡胶|乳胶|木头|实木|真皮|皮革|化纤|涤纶|尼龙|陶瓷|纸|羽绒|羊毛|"
    r"碳纤维)(?!味|片|品)[\u4e00-\u9fff]{1,2}"
)
_QUOTED = re.compile(r"《[^》]+》")
#: A title right after a negation, whoever's it is: 不要赵雷《成都》.
_TITLED = re.compile(r"[^《]{0,8}《(?P<title>[^》]+)》")
#: What all that is shown is, before something else is asked for: 都是塑料的,换木头的.
_ALL_ARE = re.compile(
    rf"(?:都|全|净)是(?P<what>[^{_STOP}]{{2,6}}?)(?:做?的)?(?=[{_STOP}](?:[^{_STOP}]{{0,8}}[{_STOP}])?(?:换(?!个|一)|"
    rf"不要))"
)
#: What must be kept from whoever cannot bear it; other things something is free of say how it is.
_ALLERGENS = frozenset(
    "gluten nut nuts peanut dairy egg lactose soy shellfish wheat sesame milk fish caffeine alcohol".split()
)
_FREE = re.compile(r"(?<![a-z])(?P<what>[a-z]+)[- ]free(?![a-z])(?! (?:of|shipping|delivery|trial|movie|film|app))")
_FREE_LEFT = frozenset("for as is are be feel totally completely it a an the get 's hands stress care toll".split())
_FEELING_ZH = re.compile(r"(?P<word>不喜欢|不爱|讨厌|受不了|最烦|太烦|烦死|怕)(?P<what>[^，,。.;；!！?？\n]{1,16})")
_FEELING_EN = re.compile(
    r"(?<![a-z])(?P<word>hate|can'?t (?:stand|do|deal with)|dislike|(?:don'?t|do not|"
    r"doesn'?t) (?:really )?(?:like|enjoy|care for|do|wear|eat|drink|watch)|"
    r"not (?:really )?(?:a fan of|into|big on)|tired of|sick of|bored (?:of|with)|fed up with|zero interest in|"
    r"over)\s+(?P<what>[^，,。.;；!！?？\n()]{1,40})"
)
#: What a negation says of how a thing is or behaves, not of a thing.
_DEGREE = re.compile(
    r"\s*(?:太|过于|那么|这么|特别|很|老|总|容易|(?:too|so|very|that|as|really|overly|super|just)(?![a-z]))\s*"
)
#: The same said after the part it is of: 塑料味大, logo巨大.
_IN_DEGREE = re.compile(r"[a-z\u4e00-\u9fff]{2,8}[大重多高少贵臭慢吵长短厚薄]")
_STATE = re.compile(
    r"[\u4e00-\u9fff]?(?:吵|吓|碎|生锈|掉|卡|省|挡|勒|磨|漏|褪|闷|晃|断|坏|黏|粘|糊|念|装|跟|把|让|被|叫|搞|花|贵|慢|"
    r"重|大|小|长|短|甜|辣|油|腻|咸|淡|薄|厚|"
    r"硬|软|丑|土|老|密密|怕|嫌)"
)
_MANNERS: Final = words_of("manners")
#: Turns of phrase that hold a negation word and refuse nothing.
_IDIOM = re.compile(
    r"别(?:再)?推荐?(?=$|[,，。])|[别不][^,，。]{0,4}(?:超|过|高于|低于|少于|多于|大于|小于|长于|短于|早于|"
    r"晚于)(?:过|出)?|不到|不足|不(?:是|成)问题|没问题|不错|不要钱|"
    r"不要紧(?![身箍绷])|不吃亏|差不多|不知道|不确定|不限|([要是能好行会买卖吃])不\1|有没有|没有的话|无所谓|"
    r"无(?!人声)[线人缝痛损刷极论聊奈语敌氟框边级印](?!$)|(?<!就)不用|不一定|不怎么|"
    r"不[掉伤贵粘累脱起发变沾刺挑磨硌勒卡呛洇透褪闷晃老土做](?!了)|"
    r"不锈钢|没[啥什有]+(?:人|么|要)|特别|分别|区别|别的|级别|性别|告别|辨别|别人|别致|别墅|非常|不[好太]意思|不满|"
    r"对不起|不过|不然|不但|不仅|不管|不断|不同|不久|没见过|没看过|没听过|"
    r"没[^,，。]{0,4}的没|都没|才不|看不完|忍不住|"
    r"no (?:[a-z]+(?:er|re) than|more than|less than|over|problem|idea|later|rush|preference|limit|matter|one|"
    r"need|clue|heel|worries|doubt|thanks|pressure|object|way|longer|words?|patience|wait|refunds?|more(?=$|[,.;!?])|"
    r"plot|pockets|talent|"
    r"time|matter|experience|luck|hurry|question|soul|car|yeah|please|never mind)(?![a-z])|"
    r"not? (?:more than|less than|spend\w*|pay\w*|over|under|exceed|above|below|past|north|looking|sure|only|bad|"
    r"just|really|too hard|the end|in the|to mention|an? (?:issue|problem|must|fan|big deal|crime|cent|penny|minute|"
    r"second|word|monster|beginner)|yet|at all|that|picky|"
    r"fussy|trying|allowed|required|enough|impressed|ashamed|suicidal|interested|keen|feeling|made of|my|for me|now|"
    r"ever|"
    r"tonight|matter|my thing|going to|seen|before|asking|connected|always|everyone|due|until|tonight)(?![a-z])|"
    r"nothing (?:else|fancy|over|under|above|below|older|newer|stronger|more|less|to do|wrong|specific|yet|grows|"
    r"added|happens|i'?d|about|ever|fits|compares|beats|beyond|"
    r"gets|but)(?![a-z])|"
    r"never ?mind|without (?:breaking|spending|going)|"
    r"(?:don'?t|do not|doesn'?t|won'?t|can'?t|shouldn'?t) (?:care|mind|know|need to|have to|matter|cost|go over|"
    r"exceed|wait|run|want to (?:spend|pay|go)|have (?:much|a lot))|"
    r"why not|if not|or not|whether or not|not (?:\d|have to)|less than|less [a-z]+y(?![a-z])|zero (?:drop|waste|"
    r"interest|sugar)|(?:is|are|ai)n'?t (?:a big deal|there|the point|an? (?:problem|issue|must|crime)|enough|going|"
    r"it(?![a-z])|music|for (?:me|us)|my|"
    r"nobody|paying|selling|one(?![a-z])|cheap|working|nothing)"
)
_END_ZH = re.compile(
    r"(?<![a-z])\s|\s(?![a-z])|[(（)）]|(?<=.)(?:不?要|也不|不[加放含带想能]|没有|别|都|才|就|给?我|给?他|给?她|可以|"
    r"之外|[以]外|外(?=$|的|再|还|都))|(?<=[\u4e00-\u9fff])\d|"
    r"的(?=[\u4e00-\u9fff])|的$|也行|吧$|啊$|哦$|呢$|哈$|谢谢|预算|但是|不过|其他|其它|还有啥|还有什么|因为|已经|天天"
)
_END_EN = re.compile(
    r"\b(?:please|thanks|for|under|over|with|in|at|on|but|because|cause|that|which|who|since|as|is|are|was|if|i|"
    r"it|they|though|budget|around|to|when|while|than|this|these|those|from|lol|omg|"
    r"pl[sz]|bc|b4|cuz|coz|tho|though|he|she|we|you|no one|every(?:one|body|thing)|nothing|thank|like|inside|across|"
    r"between|after|during|only|too|itself|whatsoever|here|either|obviously|at all|thx|just|size|today|tonight|"
    r"anymore|again|ever|lord|ok|"
    r"okay|needs?|so|out there|and i|and it|a[3-6])\b.*$|\s\d+\b.*$|\s?-\s.*$"
)
#: Words that name no thing by themselves.
_NOTHING = frozenset(
    "我 你 他 她 它 这个 这些 那个 今天 不能 出来 在 有 说 算 来 去 叫 给 得 看 发 亏 them it that those".split()
)
_PARTS_ZH = re.compile(r"[、/]|(?<=..)[和跟与及]|或者?|还有|以及|(?<=.)也不要|(?<=.)不要|(?<=.)别")
_PARTS_EN = re.compile(r"\s*(?:,|/|\bor\b|\band\b|\bnor\b|\bno\b|\bnot\b|\bminus\b|\s&\s)\s*")
_LEAD = re.compile(
    r"(?:(?:any|the|a|an|another|anything|of|made (?:of|with)|something|more|else|about|us|me|being|having|have|"
    r"with|from|by|those|these|such|really|like|involving|contain|w(?= )|(?:made|hosted|sponsored|filled|coated|sung|"
    r"narrated|written) (?:by|in|with|from)|in(?= [a-z]+$)|containing|including|featuring|be)(?![a-z])|"
    r"荐|(?:要|带|有|是|含|放|来|用|掺|喂|讲|推(?!车|杆|拿|理)|挑|整(?!理|容))(?=..)|跟我说|一上来就?|一切|凡是|光是|任何|那首|"
    r"那些|所以|但是?|不过|还有|而且|因为|再给我|给我|给|再|搞|推荐|出现|那种|这种|任何|什么|牌子的?|品牌的?|什么的|"
    r"买|比如|所谓|一点|叫我买|"
    r"一律)\s*"
)
_TRAIL = re.compile(
    r"(?:(?:那|这)[种版个些款类](?:的|样)?.*|那[首套几].*|之类.*|什么的|一类.*|这类.*|一律|一概|系列|家族|"
    r"(?<=..)太.+|话题|的|了|吧|啊|哈|呀|坚决|统统|都|也|就)$|\s(?:stuff|things?|content|"
    r"one|ones|brands?|junk|either|type|kind|please|related|version|songs?|movies?|music|videos?|"
    r"needed|required|anything|of all things|tech|ink|lids?|nonsense|tat|style|filled|scented|posts?|companies|base|"
    r"straps)$"
)


@dataclass(frozen=True, slots=True)
class Refusal:
    """Something refused.

    Attributes:
        what: the thing, without the negation.
        feeling: whether it is only a degree or a dislike ("too heavy"), not an exclusion.
        span: where, with its negation.
        at: where the thing itself begins.
        field: what it is where nobody knows it: of what has been seen already, a title.
    """

    what: str
    feeling: bool
    span: Span
    at: int
    field: str = "feature"


def refusals(sentence: Sentence, lexicon: Lexicon) -> list[Refusal]:
    """What a sentence refuses, from left to right."""
    text = sentence.text
    masked = _IDIOM.sub(lambda m: "\x01" * len(m[0]), text)
    found: list[Refusal] = []
    for reader in (_after, _without, _feelings, _seen, _before):
        for refusal in reader(text, masked, lexicon):
            earlier = [r for r in found if overlaps(refusal.span, [r.span])]
            if all(r.span == refusal.span for r in earlier) and refusal not in found:
                found.append(refusal)
    return sorted(found, key=lambda r: r.span)


def _after(text: str, masked: str, lexicon: Lexicon) -> Iterator[Refusal]:
    for pattern, parts in ((_AFTER_ZH, _PARTS_ZH), (_AFTER_EN, _PARTS_EN)):
        for match in pattern.finditer(masked):
            if "\x01" in match["what"] or _NOT_NAMED.search(match["what"]):
                continue
            for thing, at in _parts(match["what"], match.start("what"), parts, lexicon):
                yield Refusal(thing, False, match.span(), at)


def _without(text: str, masked: str, lexicon: Lexicon) -> Iterator[Refusal]:
    """What a thing is to be without, in one word; what all that is shown is, where something else is asked for."""
    for match in (*_WITHOUT_ZH.finditer(masked), *_FREE.finditer(masked)):
        what = match["what"]
        # "Dairy-free" excludes; of "dairy free", in two words, only what may do harm.
        if what not in _FREE_LEFT and (match[0][len(what)] != " " or what in _ALLERGENS or "allerg" in text):
            yield Refusal(what, False, match.span(), match.start("what"))
    for match in _ALL_ARE.finditer(masked):
        yield Refusal(match["what"], False, match.span(), match.start("what"))


def _seen(text: str, masked: str, lexicon: Lexicon) -> Iterator[Refusal]:
    """What was seen, heard or read already, or too often."""
    for match in _SEEN_TITLE.finditer(text):
        yield Refusal(match["what"], False, match.span(), match.start("what"), "title")
    for match in _SEEN_ZH.finditer(masked):
        if "\x01" not in match["what"] and not _NOT_SEEN.search(match["what"]):
            for thing, at in _parts(match["what"], match.start("what"), _PARTS_ZH, lexicon):
                yield Refusal(thing, False, match.span(), at, "title")


def _feelings(text: str, masked: str, lexicon: Lexicon) -> Iterator[Refusal]:
    for pattern, ending, parts in ((_FEELING_ZH, _END_ZH, _PARTS_ZH), (_FEELING_EN, _END_EN, _PARTS_EN)):
        for match in pattern.finditer(masked):
            what = _ended(match["what"], ending, lexicon)
            span = (match.start(), match.start("what") + len(what))
            for thing, at in _parts(what, match.start("what"), parts, lexicon):
                yield Refusal(thing, True, span, at)


def _before(text: str, masked: str, lexicon: Lexicon) -> Iterator[Refusal]:
    titles = [m.span() for m in _QUOTED.finditer(text)]
    for pattern, ending, parts in ((_BEFORE_ZH, _END_ZH, _PARTS_ZH), (_BEFORE_EN, _END_EN, _PARTS_EN)):
        at = 0
        while match := pattern.search(masked, at):
            if any(a < match.start() < b for a, b in titles):
                at = match.end("word")
                continue
            what = _ended(match["what"], ending, lexicon)
            end = match.start("what") + len(what)
            at = max(end, match.end("word"))
            bare = match.groupdict().get("bare") is not None or match["word"] == "less"
            if title := _TITLED.match(text, match.start("what")):
                yield Refusal(title["title"], False, (match.start(), title.end()), title.start("title"), "title")
                at = title.end()
                continue
            for thing, start in _parts(what, match.start("what"), parts, lexicon):
                feeling = _felt(thing) or (bare and not lexicon.fields_of(thing) and not _named(thing))
                yield Refusal(thing, feeling, (match.start(), end), start)


def _felt(thing: str) -> bool:
    """Whether what is refused is how a thing is, a degree or a feeling: too sweet, cheesy."""
    return _DEGREE.match(thing) is not None or thing in _MANNERS or _IN_DEGREE.fullmatch(thing) is not None


def _named(thing: str) -> bool:
    """Whether what follows 别 alone is a thing rather than what it does: 别心形, not 别碎."""
    if len(thing) == 2:
        return tagged(thing)[0][1].startswith(("n", "b", "i", "j", "m", "vn"))
    return 2 < len(thing) < 7 and _STATE.match(thing) is None


def _ended(what: str, ending: re.Pattern[str], lexicon: Lexicon) -> str:
    """The refused span up to where it ends, which is never within a name: 美的 ends in 的."""
    name = next(lexicon.find(Sentence(what)), None)
    found = ending.search(what, name.end if name is not None and name.start == 0 else 1)
    return (what[: found.start()] if found else what).split("\x01", 1)[0]


def _parts(what: str, at: int, parts: re.Pattern[str], lexicon: Lexicon) -> Iterator[tuple[str, int]]:
    """The things in a refused span, each with its place; names that follow each other directly are parted."""
    place = 0
    for part in parts.split(what):
        place = what.find(part, place)
        for thing in _adjacent(_made_of(_trimmed(part, lexicon)), lexicon):
            if thing and thing in part:
                yield thing, at + place + part.find(thing)


def _trimmed(part: str, lexicon: Lexicon) -> str:
    thing = part.strip(" -'\"“”《》")
    while True:
        if "brand" in lexicon.fields_of(thing):
            return thing
        shorter = _LEAD.sub("", thing, count=1) if _LEAD.match(thing) else thing
        shorter = _TRAIL.sub("", shorter).strip(" -'\"“”《》")
        if shorter == thing:
            return "" if thing in _NOTHING or (len(thing) < 2 and thing.isascii()) else thing
        thing = shorter


def _made_of(thing: str) -> str:
    """Of a part and what it is made of (塑料内胆), the material: the part is wanted, of another."""
    match = _MATERIAL.fullmatch(thing)
    return match["what"] if match else thing


def _adjacent(thing: str, lexicon: Lexicon) -> list[str]:
    """A run of known names as single ones: 榴莲火龙果 where both are known."""
    names = list(lexicon.find(Sentence(thing)))
    if len(names) > 1 and sum(n.end - n.start for n in names) == len(thing):
        return [n.value for n in names]
    return [thing]
