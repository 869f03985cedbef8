"""Which of the letters that look alike stands here? Neighbours, size on the paper and everyday spelling tell.

An engine judges each letter nearly alone. タワ一 has a kanji one where only the long mark can be, and an engine taught
on several languages writes 學 for 学 when it wavers between them.
"""

from collections.abc import Callable
from dataclasses import replace

from forms.field_types import FieldType
from ocr.engine import LineReading
from ocr.lookalikes import as_registered, resized_kana

Sizes = tuple[float | None, ...]

_TWINS = ("一ー", "二ニ", "八ハ", "口ロ", "力カ", "夕タ", "工エ", "千チ", "三ミ")  # kanji, then katakana
_OTHER = {letter: pair[1 - place] for pair in _TWINS for place, letter in enumerate(pair)}
_LINKS = frozenset("ノヶケヵ")  # 一ノ瀬, 霞ヶ関: katakana among kanji, which say nothing of their neighbours
_NEUTRAL = frozenset(" ・-()0123456789")
_PLAUSIBLE = 0.02
_WAVERS = 0.93

# 旧字体 and the forms other languages write, each before the everyday form (常用漢字表). Names keep their own.
_OLD_AND_NEW = (
    "亞亜惡悪壓圧圍囲醫医爲為壹壱隱隠榮栄營営衞衛驛駅圓円鹽塩應応歐欧毆殴櫻桜奧奥橫横假仮價価畫画會会壞壊懷懐"
    "繪絵擴拡殼殻覺覚學学嶽岳樂楽勸勧卷巻寬寛歡歓罐缶觀観關関陷陥顏顔歸帰氣気龜亀僞偽戲戯犧犠舊旧據拠擧挙峽峡"
    "挾挟狹狭曉暁區区驅駆勳勲徑径惠恵溪渓經経繼継莖茎螢蛍輕軽鷄鶏藝芸缺欠儉倹劍剣圈圏檢検權権獻献縣県險険顯顕"
    "驗験嚴厳效効廣広恆恒鑛鉱號号國国黑黒濟済碎砕齋斎劑剤雜雑參参慘惨棧桟蠶蚕贊賛殘残絲糸齒歯兒児辭辞濕湿實実"
    "舍舎寫写釋釈壽寿收収從従澁渋獸獣縱縦肅粛處処敍叙奬奨將将燒焼稱称證証乘乗剩剰壤壌孃嬢條条淨浄疊畳穰穣讓譲"
    "釀醸囑嘱觸触寢寝愼慎晉晋眞真盡尽圖図粹粋醉酔隨随髓髄數数樞枢聲声靜静齊斉攝摂竊窃專専戰戦淺浅潛潜纖繊踐践"
    "錢銭禪禅雙双壯壮搜捜插挿爭争總総聰聡莊荘裝装騷騒臟臓藏蔵屬属續続墮堕體体對対帶帯滯滞臺台瀧滝擇択澤沢單単"
    "擔担膽胆團団彈弾斷断癡痴遲遅晝昼蟲虫鑄鋳廳庁聽聴敕勅鎭鎮遞逓鐵鉄轉転點点傳伝黨党盜盗燈灯當当鬪闘德徳獨独"
    "讀読屆届貳弐惱悩腦脳霸覇廢廃拜拝賣売麥麦發発髮髪拔抜蠻蛮祕秘濱浜甁瓶拂払佛仏邊辺變変寶宝豐豊沒没飜翻萬万"
    "滿満默黙彌弥譯訳藥薬豫予餘余與与譽誉搖揺樣様謠謡來来賴頼亂乱覽覧龍竜兩両獵猟綠緑壘塁淚涙勵励禮礼隸隷靈霊"
    "齡齢戀恋爐炉勞労樓楼郞郎祿禄灣湾步歩黃黄淸清增増敎教每毎產産說説靑青卽即內内吳呉溫温戶戸稅税凉涼强強卻却"
    "瀨瀬靜静"
)
_EVERYDAY = dict(zip(_OLD_AND_NEW[::2], _OLD_AND_NEW[1::2], strict=True))
_NEW_FORMS = str.maketrans(_EVERYDAY)
_OLD = {new: {old for old, its_new in _EVERYDAY.items() if its_new == new} for new in _EVERYDAY.values()}
_STOPS = {".": "。", ",": "、"}


def everyday(text: str) -> str:
    """Return `text` with each 旧字体 and each form of other languages in its everyday form."""
    return text.translate(_NEW_FORMS)


def settled(kind: FieldType, reading: LineReading, sizes: Sizes) -> LineReading:
    """Return a reading without spaces with its look-alikes settled, letter for letter."""
    if kind is FieldType.KATAKANA:
        return _resized(reading, sizes)
    steps: dict[FieldType, tuple[Callable[[LineReading], LineReading], ...]] = {
        FieldType.PERSON_NAME: (_by_neighbours, _registered),
        FieldType.ADDRESS: (_by_neighbours, _everyday),
        FieldType.TEXT: (_by_neighbours, _everyday, _with_stops),
    }
    for step in steps.get(kind, ()):
        reading = step(reading)
    return _resized(reading, sizes) if kind in steps else reading


def _resized(reading: LineReading, sizes: Sizes) -> LineReading:
    rivals = [[letter for letter, probability in some if probability >= _PLAUSIBLE] for some in reading.rivals]
    return with_letters(reading, resized_kana(reading.text, sizes, rivals))


def with_letters(reading: LineReading, text: str) -> LineReading:
    """Write `text` for a reading of as many letters; a letter put in is as sure as both of the two together."""
    certainties = tuple(
        certainty if here == there else min(1.0, certainty + dict(rivals).get(there, 0.0))
        for certainty, rivals, here, there in zip(reading.certainties, reading.rivals, reading.text, text, strict=False)
    )
    return replace(reading, text=text, certainties=certainties)


def _by_neighbours(reading: LineReading) -> LineReading:
    letters = list(reading.text)
    for place, letter in enumerate(letters):
        if letter in _OTHER and _belongs_elsewhere(letters, place, _rivals(reading, place)):
            letters[place] = _OTHER[letter]
    return with_letters(reading, "".join(letters))


def _belongs_elsewhere(letters: list[str], place: int, rivals: dict[str, float]) -> bool:
    letter = letters[place]
    before, after = _neighbour(letters, place, -1), _neighbour(letters, place, 1)
    around = {_is_katakana(one) for one in (before, after) if one not in _NEUTRAL}
    if letter == "ー":  # nothing begins with the long mark, and it follows no kanji
        return not _is_katakana(before) and not _is_hiragana(before)
    if letter == "一" and not _is_katakana(before):
        return False
    if around == {not _is_katakana(letter)}:
        return True
    starts_katakana = (
        not _is_katakana(letter) and _is_katakana(after) and _is_katakana(_neighbour(letters, place + 1, 1))
    )
    return starts_katakana and rivals.get(_OTHER[letter], 0.0) >= _PLAUSIBLE


def _neighbour(letters: list[str], place: int, step: int) -> str:
    at = place + step
    while 0 <= at < len(letters) and letters[at] in _LINKS and 0 <= at + step < len(letters):
        at += step
    return letters[at] if 0 <= at < len(letters) else " "


def _is_katakana(letter: str) -> bool:
    return "ァ" <= letter <= "ー"


def _is_hiragana(letter: str) -> bool:
    return "ぁ" <= letter <= "ん"


def _rivals(reading: LineReading, place: int) -> dict[str, float]:
    return dict(reading.rivals[place]) if place < len(reading.rivals) else {}


def _everyday(reading: LineReading) -> LineReading:
    """Write 学 where an engine wavers between 學 and 学; the two are one letter, and neither is doubt of the other."""
    letters, certainties = list(reading.text), list(reading.certainties)
    for place, letter in enumerate(reading.text[: len(certainties)]):
        rivals = _rivals(reading, place)
        new = _EVERYDAY.get(letter, letter)
        if certainties[place] < _WAVERS and rivals.get(new, 0.0) >= _PLAUSIBLE:
            letters[place] = new
            certainties[place] += rivals[new]
        certainties[place] = min(1.0, certainties[place] + sum(rivals.get(old, 0.0) for old in _OLD.get(letter, ())))
    return replace(reading, text="".join(letters), certainties=tuple(certainties))


def _registered(reading: LineReading) -> LineReading:
    letters = zip(reading.text, reading.certainties, reading.rivals, strict=False)
    return with_letters(reading, "".join(as_registered(here, sure, dict(rivals)) for here, sure, rivals in letters))


def _with_stops(reading: LineReading) -> LineReading:
    """Write 。 and 、 for the full stops and commas that follow Japanese letters and precede no number."""
    padded = f" {reading.text} "
    letters = (
        _STOPS[here] if here in _STOPS and _is_japanese(before) and (after == " " or not after.isascii()) else here
        for before, here, after in zip(padded, padded[1:], padded[2:], strict=False)
    )
    return with_letters(reading, "".join(letters))


def _is_japanese(letter: str) -> bool:
    return letter >= "ぁ"
