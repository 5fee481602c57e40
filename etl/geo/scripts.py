"""Scripts without capitals: how names stand in their texts, and which names are left alone there. Tables only.

Chinese, Japanese and Thai put no space between words; Arabic and Hebrew write prepositions and conjunctions onto the
word; Korean writes particles onto its end. Names that are everyday words, family names or titles in the language of
the script are stop names: what a capital tells elsewhere nothing tells here, so precision goes before recall.
"""

from __future__ import annotations

import re

from etl.geo.words import word_set

# One stretch of a script: a word where words are spaced, a clause where they are not.
RUN = re.compile(
    r"(?P<kana>[\u30a0-\u30ff＝]+)|(?P<han>[\u3005\u3007\u3400-\u9fff\uf900-\ufaff]+)|(?P<thai>[\u0e01-\u0e4e]+)"
    r"|(?P<hangul>[\uac00-\ud7a3]+)"
    r"|(?P<arabic>[\u0620-\u065f\u066e-\u06d3\u06d5-\u06dc\u06ee-\u06ff\u200c]+)"
    r"|(?P<hebrew>[\u0591-\u05c7\u05d0-\u05f4'\"׳״]*[\u05d0-\u05ea]+(?:['\"׳״][\u05d0-\u05ea]+)*)"
    r"|(?P<hindi>[\u0900-\u0963\u0971-\u097f]+)"
)
ANY = re.compile(r"[\u05d0-\u05ea\u0620-\u06ff\u0904-\u0939\u0e01-\u0e2e\u30a0-\u30ff\u3400-\u9fff\uac00-\ud7a3]")
UNSPACED = re.compile(r"[\u0e01-\u0e4e\u3400-\u9fff\uf900-\ufaff]")
SPACED_LETTER = re.compile(r"[\u0591-\u05f4\u0620-\u06ff\u0900-\u097f]")
KANA = re.compile(r"[\u3041-\u3096]")
SPACED = frozenset({"arabic", "hebrew", "hindi", "hangul"})  # a name may be several of their words

# Written onto the word: "and", "in", "for", "as", "the". Longest first.
PREFIXES = {
    "arabic": ("وبال", "وب", "ول", "وال", "بال", "فال", "كال", "لل", "و", "ب", "ل", "ف", "ك"),
    "hebrew": ("וב", "ול", "ומ", "וש", "שב", "של", "מה", "בה", "לה", "ב", "ל", "מ", "ו", "ש", "ה", "כ"),
}
ARTICLE = "ال"  # hidden in "لل" and "بال"
# Particles after a Korean noun, and units that a name stands before.
PARTICLES = (
    "에서는", "에서도", "에서의", "으로부터", "에서", "에는", "에도", "에게", "으로", "까지", "부터", "보다", "라고",
    "이라", "와의", "과의", "로의", "행", "발", "산", "측", "에", "의", "은", "는", "이", "가", "을", "를", "와", "과",
    "도", "만", "로",
)  # fmt: skip
UNITS = {
    "hangul": ("특별시", "광역시", "자치도", "시", "도", "주", "군", "현", "성"),
    "han": ("特别行政区", "自治区", "自治區", "共和国", "共和國", "地区", "地區", "省", "市", "州", "县", "縣", "県",
            "府", "都", "道", "区", "區", "镇", "鎮", "郡"),
    "kana": ("共和国", "州", "市", "県", "地方"),
    "thai": (),
    "arabic": (),
    "hebrew": (),
    "hindi": (),
}  # fmt: skip
# After a name these make an institution, a team, a people, a language or a person of it.
NO_PLACE_AFTER = {
    "han": (
        "大学", "大學", "学院", "學院", "银行", "銀行", "日报", "日報", "时报", "時報", "新聞", "证券", "證券", "航空",
        "集团", "集團", "公司", "电视", "電視", "队", "隊", "人", "语", "語", "话", "族", "菜", "料理", "氏", "さん",
        "選手", "監督", "容疑者", "被告", "教授", "社長", "議員", "先生", "女士", "小姐", "医院", "醫院", "中学",
        "小学", "地方",
    ),
    "kana": ("人", "語", "料理", "代表", "大学", "銀行", "航空", "氏", "さん", "選手", "監督", "容疑者", "被告"),
    "hangul": ("대학교", "대학", "은행", "신문", "일보", "대표팀", "인", "어", "말", "사람", "감독", "선수"),
    "thai": (),
    "arabic": (), "hebrew": (), "hindi": (),
}  # fmt: skip
# Before a name these say that something is there.
PLACE_BEFORE = {
    "han": ("在", "于", "於", "位于", "位於", "到", "从", "從", "赴", "抵达", "抵達", "来自", "來自", "前往", "飞往",
            "攻击", "袭击", "轰炸", "占领", "首都", "、"),
    "thai": ("ประเทศ", "กรุง", "เมือง", "จังหวัด", "แคว้น", "รัฐ", "ใน", "จาก", "ที่", "ไปยัง", "ใกล้"),
}  # fmt: skip
WORDS_BEFORE = {
    "arabic": word_set("في إلى الى من مدينة قرب بمدينة محافظة بمحافظة عاصمة جنوب شمال شرق غرب در به از شهر استان"),
    "hebrew": word_set("העיר בעיר ליד אל מן לעיר באזור מחוז"),
    "hindi": frozenset(),
    "hangul": frozenset(),
}
WORDS_AFTER = {
    "arabic": word_set("میں سے کے کی کا"),
    "hebrew": frozenset(),
    "hindi": word_set("में से के को ने की का पर"),
    "hangul": frozenset(),
}
PLACE_PARTICLES = ("에서", "에", "으로", "로", "까지", "행")

# Names that are words: they lead nowhere in these scripts, whatever gazetteer has them.
STOP_NAMES = word_set(
    # Chinese and Japanese everyday words: peace, prosperity, new China, sunrise, the centre, the great harmony …
    "和平 朝阳 朝陽 新华 新華 幸福 东方 東方 平安 中心 大同 太平 长安 長安 解放 团结 團結 建设 建設 胜利 勝利 光明 "
    "安全 开放 開放 城市 公主 永和 永安 自由 民主 文化 生活 工业 人民 中央 城区 城關 城关 新区 开发区 南部 北部 东部 "
    "西部 中部 大和 日立 豊田 本田 松本 山口 宮崎 石川 福田 中山 山本 高橋 青木 藤沢 大野 小川 中野 長野 三田 上田 "
    # Korean everyday words: match or economy, to strengthen, a princess, two and four thousand, copper, Mars, a pearl …
    "경기 강화 공주 이천 사천 구리 화성 진주 부여 고성 대전 상주 영주 나주 고양 안성 의성 보성 장성 남해 동해 서산 "
    "정선 무주 영동 정읍 김해 양산 아산 오산 하남 여수 수원 전주 원주 동구 서구 남구 북구 중구 강남 "
    # Arabic and Persian everyday words: pictures, the city, the modern, the garden, mountain, village, market, new …
    "صور المدينة الحديثة قم الجبل جبل القرية السوق الجديدة الباب الشمال الجنوب الشرق الغرب النهر البحر المركز النصر "
    "السلام الحرية الوحدة الثورة محمد علي حسن حسين صالح سالم خالد مراد حمد ناصر منصور شهر ده بندر ساری سرا اهر "
    "الله بن ابو ابن ام بيت دار ماه در خان گل باغ میان نور آباد "
    # Hebrew everyday words and given names: eagle, will be built, hill, spring, tower …
    "נשר יבנה עומר אופקים ערד גבעה עין מגדל שלום חדש בית בנימין דוד שרון אריאל אור רמות חן "
    # Hindi everyday words and given names: ocean, immortal, victory, joy …
    "सागर अमर विजय आनंद राम कृष्णा शिव नगर पुर गांव महल राज मंडी देवी "
    # Thai: the centre, new, a city, a market
    "กลาง ใหม่ เมือง ตลาด บาง บ้าน ท่า วัง"
)
# A name's first character may end another word: 宪法国家 holds no France, 今日本市 no Japan.
NOT_AFTER = {"法国": "宪憲司立执執", "法國": "宪憲司立执執", "日本": "今昨明"}
