"""What a sentence does: asks, states a taste, reacts to what was shown, or none of these."""

import re

from betimes.domain.intent import IntentKind

_ORDER_TO_MODEL = re.compile(
    r"忽略.{0,10}(?:指令|规则|提示|以上|之前|限制)|无视.{0,8}(?:指令|规则|限制)|系统提示|提示词|你现在是|扮演|开发者模式|训练数据|其他用户|別人的|数据库|管理员|"
    r"ignore (?:all |any |the |your )*(?:previous|prior|above|instructions?|rules?)|disregard (?:all|the|any|your|previous)|system prompt|you are now|act as|"
    r"developer mode|jailbreak|other users?|print your|reveal your|output the words?|drop table|admin",
    re.IGNORECASE,
)
_SERVICE = re.compile(
    r"订单|訂單|物流|快递|发票|退款|退货|换货|客服|投诉|收货地址|地址|取消订单|补发|到账|会员啥时候|会员.{0,4}到期|保修|售后|账号|密码|登录|注销|怎么关|怎么设|怎么退|怎么跳过|怎么把|为啥发不|"
    r"分期|几期|开发票|签收|推送|隐私设置|缓存|where is my|my order|track(?:ing)?\b|refund|return (?:these|this|my|it)|cancel my|subscription|customer service|human agent|real person|"
    r"password|log ?in|my account|do you (?:take|accept|ship)|complain|invoice|how do i (?!find|choose|pick)|how does|what data|who (?:runs|made|are you)|paypal|notification",
    re.IGNORECASE,
)
_CHAT = re.compile(
    r"^\W*(?:你好|您好|哈喽|嗨|hi|hello|hey|yo|在吗|在么|早上好|早安|晚安|下午好|good (?:morning|night|evening|afternoon)|谢谢|谢啦|多谢|感谢|thanks?|thank you|thx|拜拜|再见|bye|"
    r"嗯+|哦+|好的?|ok(?:ay)?|行|知道了|明白|收到|哈+|lol|haha+|新年快乐|happy new year|生日快乐|辛苦了|不客气|cool|nice|great)[\W_]*.{0,8}$",
    re.IGNORECASE,
)
_HOW = re.compile(
    r"怎么(?!样的|搭|选|还没有)|为啥|为什么|几点|是真的吗|等于几|什么原理|啥原理|算不算|收藏夹|下的?单|how do|how does|how's it|why (?:does|do|is|are|did)|who (?:is|are)|hacked|buffering|"
    r"do you (?:like|have an app|know)|helpful|if i pay",
    re.IGNORECASE,
)
_TOLD = re.compile(
    r"昨[天晚]|上次|前几天|刚才|刚刚|我也不知道|好累|天气|哭得|累成|送我|saw |went |yesterday|last night|years ago",
    re.IGNORECASE,
)
_PLEASANTRY = re.compile(r"(?:了|啊|呀|呢|哦|吗|嘛|吧|～|~|!|！|\?|？|\.\.\.)$")
_PAST = re.compile(
    r"上个?月.{0,12}买|去年.{0,12}买|上次.{0,20}(?:买|推)|昨天.{0,10}(?:买|看|吃)|bought .{0,40}(?:last|ago|yesterday)|(?:last|years? ago|yesterday).{0,40}(?:bought|got)|已经买了",
    re.IGNORECASE,
)
_ABOUT_SYSTEM = re.compile(
    r"你(?:咋|怎么)知道|为啥我首页|为什么给我推|你是(?:谁|机器人|ai)|怎么推荐|偷听|你觉得人|who are you|are you (?:a|an|real)|why (?:do|did|are) you|what are you",
    re.IGNORECASE,
)
_ASKING = re.compile(
    r"想买|想要|要买|买个|买一|想换|换个|求|推荐|有没有|有啥|有什么|来[一点个首部杯份些]|找|给我|帮我|想看|想听|想吃|想去|预算|看看|哪[个款种里家]|什么.{0,6}(?:好|合适)|需要|送[给我]?|放一?[首点些]|播放|"
    r"\bwant\b|looking for|\bneed\b|recommend|suggest|show me|find|give me|any good|\bplay\b|something|anything|where can i|what'?s (?:a|the) (?:good|best)|which|gift|put on|got any|i'?d like|buy",
    re.IGNORECASE,
)
_LASTING = re.compile(
    r"一直|从小|平时|平常|向来|每天|我(?:最|就|特别|很|超)?(?:喜欢|爱|偏爱)|一般不|从来不|对.{1,8}(?:过敏|无感|不耐受)|过敏|不耐受|吃素|素食|爱好者|党$|是我的命|我(?:不吃|不喝|不看|不听)|百听不厌|绝对不碰|碰不得|真不行|我是.{0,8}(?:皮|控|迷|党|粉)|"
    r"[党控粉迷](?=$|，|,|。|一枚|！|!|；)|最爱|不碰|吃不[惯慣]|避[开開]|(?:别|不要)再?给我推|(?:我|都)不爱|口味偏|脾胃|茹素|我信|对我来说|循环|会分心|"
    r"never show|fan here|hard pass|makes? me (?:want|sick|super)|in general$|\bi follow\b|i care about|i (?:really )?don'?t (?:wear|enjoy|do)|we only|"
    r"i'?m (?:a|an|allergic|into|not into|vegan|vegetarian|here for)|\balways\b|i (?:love|like|enjoy|prefer|hate|refuse|never|only (?:eat|wear|watch|listen)|don'?t (?:eat|drink|like)|can'?t (?:do|stand|eat))|"
    r"huge fan|big fan|not a fan|raised me|we'?re a|allergic|my favou?rite|intoleran|for me$|every (?:day|night|morning|weekend)|zero interest|i wear",
    re.IGNORECASE,
)
_NOW = re.compile(
    r"想买|想染|点个|求|推荐|有没有|预算|以内|以下|打卡|looking for|recommend|\bneed\b|show me a|find me|want to (?:buy|see|watch)|i want|i'?m after|tops\b|i'?d like|under \$?\d",
    re.IGNORECASE,
)
_REACTION = re.compile(
    r"^(?:都|这些|这几个|这个|那个|第[一二三四五六\d]|前[两三\d]|后[两三\d]|最后|太|有点|不太|还是|换|再|更|没|别的|其他|贵|便宜|就(?:要|买)?(?:第|这|那)|跟第|像第|和第|类似第|看过|听过|不喜欢|不好|不行|不要|好看|一般|可以|啥玩意|丑)|"
    r"太.{1,4}了|(?:便宜|短|小|轻|新|长|大|亮)(?:一)?(?:点|些)|换个|换一|还有(?:别的|其他)|(?:第[一二三四五六\d]|前[两三]|中间那|最后一)[个款部首条双件篇]?|这[几些]?[个款]|cheaper|too \w+|another|different|"
    r"(?:the )?(?:first|second|third|fourth|last|middle|1st|2nd|3rd) (?:one|two)?|these|those|none of|not these|more like|similar to|shorter|longer|smaller|bigger|newer|older|lighter|pricey|expensive|instead|"
    r"seen (?:it|them|that)|ugly|boring|meh|why would|the (?:colou?rs?|price|brand)|anything else|something else|other (?:brands?|options?|colou?rs?)|next\b|i'?ll take|love (?:it|the)|what about",
    re.IGNORECASE,
)


def kind_of(text: str, *, shown: bool, anew: bool, things: bool, bounded: bool) -> tuple[IntentKind, float]:
    """The kind of a normalised, lower-cased sentence, and how sure that is.

    Args:
        shown: whether a list was shown before.
        anew: whether it names a kind of thing that the list does not hold.
        things: whether it names a thing, a brand or a person.
        bounded: whether it holds a constraint.
    """
    asking = bool(_ASKING.search(text))
    if _CHAT.match(text) and not bounded and not (asking and things):
        return IntentKind.NONE, 0.95
    if shown and not anew and _REACTION.search(text):
        return IntentKind.CRITIQUE, 0.9
    if shown and not anew and not asking and not things:
        return IntentKind.CRITIQUE, 0.6
    if _ORDER_TO_MODEL.search(text) and not (things and asking):
        return IntentKind.NONE, 0.9
    if (_SERVICE.search(text) or _ABOUT_SYSTEM.search(text) or _HOW.search(text)) and not (
        asking and things and bounded
    ):
        return IntentKind.NONE, 0.85
    if (_PAST.search(text) or _TOLD.search(text)) and not asking and not bounded:
        return IntentKind.NONE, 0.8
    if _LASTING.search(text) and not _NOW.search(text):
        return IntentKind.TASTE, 0.75
    if asking or things or bounded:
        return IntentKind.NEED, 0.9 if things and (asking or bounded) else 0.7
    if _PLEASANTRY.search(text) or re.fullmatch(r"[a-z]{9,}|[\W\d_]*", text):
        return IntentKind.NONE, 0.5
    return IntentKind.NEED, 0.4


def is_order_to_model(text: str) -> re.Match[str] | None:
    """The words by which a text tries to give the model or the system orders, if it does."""
    return _ORDER_TO_MODEL.search(text)
