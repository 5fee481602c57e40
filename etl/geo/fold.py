"""A name as written goes in; the key under which names are compared comes out.

Folded away: case, accents, apostrophes, full stops, hyphens, and the short forms St, Mt and Ft at the start
("St. Louis" and "Saint Louis" meet), and traditional Chinese characters become simplified. Letters stay in their
script: nothing is transliterated here.
"""

from __future__ import annotations

import unicodedata

# Letters that carry no combining mark to strip, yet are spelt plainly in English text.
_PLAIN = {"ł": "l", "ø": "o", "đ": "d", "ð": "d", "ı": "i", "æ": "ae", "œ": "oe", "þ": "th"}
# Traditional characters → simplified, those that names are written with: gazetteers have often only one of the two.
_TRADITIONAL = (
    "輔爾烏蘭羅馬華盧維貝達納薩諾內亞紐倫漢慶廣東寧遼龍濟陽頓約國臺灣島縣區鎮鄉門關長無錫蘇吳鄭瀋莊連倉贛"
    "魯豐義衛車輪邁遜選還邊鄧鄒釋鈉銀鐵錄開陳陰陸隊雖雙離難電靈韋韓順須領頭顯飛養餘駐驅魚鮑鳥鳳鹽麗麥黃點"
    "齊圖圓團場塊堅墳壓壩壽夾奧奪奮婁孫學宮寶將專對導層屬岡峽崗嶺巖帶帥師幹幾庫廈廠廬張強彌彎徑從復恆慮憲"
    "應懷戰戶掃揚換損擁擊據攝斷於時晉暉曆書會條楊極榮構槍樓標樞樹橋機檔權歐歲歷歸殘殺殼毀氣決沒況涇淚淺淵"
    "減測渾湯溝滄滅滿漁潔潤澤濃濱濕瀘瀾灤災烴煙燈爭爺牆獎獨獲獻瑪環瓊畫異當療發監盤眾睜礦碼禮種稱積穩窩競"
    "筆節範築簡籃糧紀紅級純紙細終組結絕統經綠網緊緬線緣縱總織繩續罷羣聖聞聯聲職膠腦臨與興舊艦艱萊萬葉蓋蔣"
    "蘆處號虧蝦蟲術衝裏補製複見規視覺觀計訊討訓記設許訴該語說課調談請論諸謀謝證識譯議護讓豬貢財責貨貴費賀"
    "賓賴賽贊趙躍軍軟較載輕輝輸轉農運過違遠適遲遷鄰鋼錢鍋鐘闊閩隨險際霧靜項預頻題額顧風館驗驚體鬥鯨鶴鷹凱"
    "剛劉勞勝協卻厲參嗎嚴傑僑價億優兩凍創劃動務匯塗壯聶徹頗墾喬錶緯茲薊蕭譚鞏騰髮"
)
_SIMPLIFIED = (
    "辅尔乌兰罗马华卢维贝达纳萨诺内亚纽伦汉庆广东宁辽龙济阳顿约国台湾岛县区镇乡门关长无锡苏吴郑沈庄连仓赣"
    "鲁丰义卫车轮迈逊选还边邓邹释钠银铁录开陈阴陆队虽双离难电灵韦韩顺须领头显飞养余驻驱鱼鲍鸟凤盐丽麦黄点"
    "齐图圆团场块坚坟压坝寿夹奥夺奋娄孙学宫宝将专对导层属冈峡岗岭岩带帅师干几库厦厂庐张强弥弯径从复恒虑宪"
    "应怀战户扫扬换损拥击据摄断于时晋晖历书会条杨极荣构枪楼标枢树桥机档权欧岁历归残杀壳毁气决没况泾泪浅渊"
    "减测浑汤沟沧灭满渔洁润泽浓滨湿泸澜滦灾烃烟灯争爷墙奖独获献玛环琼画异当疗发监盘众睁矿码礼种称积稳窝竞"
    "笔节范筑简篮粮纪红级纯纸细终组结绝统经绿网紧缅线缘纵总织绳续罢群圣闻联声职胶脑临与兴旧舰艰莱万叶盖蒋"
    "芦处号亏虾虫术冲里补制复见规视觉观计讯讨训记设许诉该语说课调谈请论诸谋谢证识译议护让猪贡财责货贵费贺"
    "宾赖赛赞赵跃军软较载轻辉输转农运过违远适迟迁邻钢钱锅钟阔闽随险际雾静项预频题额顾风馆验惊体斗鲸鹤鹰凯"
    "刚刘劳胜协却厉参吗严杰侨价亿优两冻创划动务汇涂壮聂彻颇垦乔表纬兹蓟萧谭巩腾发"
)
_DROP = ".'’‘ʼ`´ʹ′ʻʿ\u200c\u200d\u00ad"
_SPACE = "-‐‑–—/,_\u00a0"
_HAN = dict(zip(_TRADITIONAL, _SIMPLIFIED, strict=True))
_MARKS = (chr(code) for code in range(0x300, 0x20000) if unicodedata.combining(chr(code)))
# One pass does it all: marks and stops go, dashes part words, letters with strokes become plain.
_TABLE = str.maketrans(
    {**dict.fromkeys(_MARKS), **_PLAIN, **dict.fromkeys(_DROP), **dict.fromkeys(_SPACE, " "), **_HAN}
)
_LEADING = {"st": "saint", "mt": "mount", "ft": "fort"}


def fold(name: str) -> str:
    """The comparison key of a name; empty when nothing of it can be compared."""
    text = name.casefold()
    if text.isascii():
        if text.isalpha():  # half of all names, and most words
            return text
    elif not unicodedata.is_normalized("NFKD", text):
        text = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold())
    words = text.translate(_TABLE).split()
    if len(words) > 1 and words[0] in _LEADING:
        words[0] = _LEADING[words[0]]
    return " ".join(words)
