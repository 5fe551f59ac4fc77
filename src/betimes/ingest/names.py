"""Names by which columns are commonly known, in Chinese and English, folded (:func:`columns.fold`).

For each column of ours the names are in order of preference: of ``selling_price`` and
``original_price`` the first is the price, and the other a fact.
"""

from collections.abc import Mapping
from typing import Final

_ITEM_IDS = (
    "itemid goodsid productid skuid spuid sku stockcode movieid songid trackid videoid showid postid asin isbn "
    "商品id 商品编号 商品编码 商品号 物品id 物品编号 货号 影片id 电影id 歌曲id 视频id 编号"
)
_USERS = (
    "userid uid username customer customerid visitorid memberid buyerid reviewerid accountid "
    "用户 用户id 用户编号 用户名 会员 会员id 会员编号 客户 客户id 买家 买家id"
)
_TIMES = (
    "timestamp time datetime date eventtime actiontime createdat createtime createdtime invoicedate orderdate ts "
    "时间 时间戳 日期 行为时间 操作时间 创建时间 下单时间 发生时间"
)


def _split(names: Mapping[str, str]) -> dict[str, tuple[str, ...]]:
    return {ours: tuple(theirs.split()) for ours, theirs in names.items()}


ALIASES: Final[Mapping[str, Mapping[str, tuple[str, ...]]]] = {
    "items": _split(
        {
            "id": _ITEM_IDS,
            "title": "name goodsname productname itemname producttitle goodstitle movietitle songname trackname "
            "标题 名称 商品名称 商品名 商品标题 物品名称 品名 片名 电影名 歌名 歌曲名",
            "text": "description desc content intro goodsintro goodsdesc productdescription shortdescription brief "
            "summary overview plot subtitle 描述 商品描述 简介 商品简介 详情 介绍 内容 正文 摘要",
            "domain": "领域 业务",
            "price": "sellingprice saleprice retailprice currentprice unitprice 价格 售价 现价 单价 销售价 商品价格 "
            "originalprice listprice 原价",
            "currency": "currencycode 币种 货币",
            "brand": "brandname supplier manufacturer maker vendor 品牌 品牌名 品牌名称 厂商 制造商 供应商",
            "category": "categorypath categoryname categories productcategory productcategoryname cate categorylist "
            "类别 分类 类目 品类 商品类别 商品分类 商品类目",
            "tags": "tag keywords keyword labels 标签 关键词 关键字",
            "image": "imageurl img imgurl imghigh picture pic picurl photo thumbnail cover coverurl poster "
            "图片 主图 图片地址 图片链接 封面 海报",
            "published": "publishedat publishtime publishdate releasedate datereleased releasetime createtime "
            "createdat dateadded addtime firstseen 发布时间 发布日期 上架时间 上市时间 上映日期 上映时间 创建时间",
            "available": "instock isavailable isonsale onsale publishstatus 可售 "
            "在售 有货 是否有货 是否上架 上架 是否在售",
        }
    ),
    "events": _split(
        {
            "id": "eventid actionid 事件id 事件编号",
            "user": _USERS,
            "item": _ITEM_IDS + " goods product movie song 商品 物品 物料",
            "kind": "action actiontype event eventtype behavior behaviortype behaviour behaviourtype type "
            "行为 行为类型 动作 事件 事件类型 操作 类型",
            "value": "rating score stars dwell dwelltime 评分 打分 分数 星级 停留时长",
            "at": _TIMES,
            "order": "invoiceno invoice orderid orderno transactionid 订单 订单号 订单编号 订单id 发票号",
        }
    ),
    "utterances": _split(
        {
            "id": "utteranceid messageid inputid 消息id 输入id",
            "user": _USERS,
            "text": "utterance query sentence message input userinput content question 文本 内容 输入 用户输入 查询 "
            "话语 用户话语 消息 语句 句子",
            "domain": "领域 业务",
            "at": _TIMES,
        }
    ),
}

#: Facts that have a common field name, by the folded names of columns.
FACTS: Final[Mapping[str, str]] = {
    name: field
    for field, names in {
        "screen": "屏幕 屏幕尺寸 screensize displaysize",
        "color": "颜色 colour 色",
        "weight": "重量 净重",
        "memory": "内存 运行内存 ram",
        "storage": "存储 存储容量 机身存储 机身内存",
        "battery": "电池 电池容量 batterycapacity",
        "person": "导演 演员 主演 主创 作者 歌手 director directors actor actors cast artist artists author singer",
        "year": "年份 年代 releaseyear",
        "rating": "评分 averagerating",
        "duration": "时长 片长 runtime",
        "genre": "genres 类型 风格 题材",
        "language": "语言 languages",
        "country": "国家 地区 countries",
        "material": "材质 面料",
        "flavour": "口味 flavor",
        "ingredient": "成分 配料 食材 ingredients",
        "size": "尺码 尺寸",
        "capacity": "容量",
        "power": "功率",
        "model": "型号",
        "place": "地点 目的地",
        "season": "季节",
        "episodes": "集数",
    }.items()
    for name in names.split()
}
