"""Who fills the sheets in? Invented people at real Fukuoka postal codes, in letters that the pen at hand can write."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from forms.places import Place, places_of
from forms.wareki import show_wareki

CanWrite = Callable[[str], bool]
Answers = dict[str, str | bool]


def _words(text: str) -> list[str]:
    return text.split()


# Each surname stands beside its reading; the second list holds what registers spell in letters of their own.
SURNAMES = _words(
    "田中タナカ 松尾マツオ 古賀コガ 井上イノウエ 吉田ヨシダ 中村ナカムラ 山口ヤマグチ 松本マツモト 池田イケダ "
    "原田ハラダ 石橋イシバシ 江口エグチ 坂本サカモト 福田フクダ 森永モリナガ 大塚オオツカ 藤井フジイ 白水シロウズ "
    "安部アベ 香月カツキ 牟田ムタ 城戸キド 柴田シバタ 久保山クボヤマ 大神オオガ 野見山ノミヤマ 待鳥マチドリ "
    "許斐コノミ 鬼丸オニマル 権藤ゴンドウ 草野クサノ 百田ヒャクタ 一ノ瀬イチノセ 早良サワラ 帆足ホアシ 二宮ニノミヤ "
    "長谷川ハセガワ 佐々木ササキ 五十嵐イガラシ 服部ハットリ 別府ベップ 新田ニッタ 八尋ヤヒロ 土井ドイ 力丸リキマル "
    "菰田コモダ 篠崎シノザキ 鍋島ナベシマ 楢崎ナラサキ 櫻木サクラギ"
)
RARE_SURNAMES = _words(
    "髙橋タカハシ 髙木タカギ 山﨑ヤマサキ 宮﨑ミヤザキ 﨑村サキムラ 德永トクナガ 濵田ハマダ 渡邉ワタナベ 渡邊ワタナベ "
    "栁田ヤナギダ 薗田ソノダ 瀨戸セト 齋藤サイトウ 齊藤サイトウ 廣瀬ヒロセ 纐纈コウケツ 鰐淵ワニブチ 靑木アオキ "
    "黑木クロキ 國廣クニヒロ 籾井モミイ 轟トドロキ 簑原ミノハラ 冨永トミナガ 𠮷田ヨシダ"
)
GIVEN = _words(
    "陽菜ヒナ 蓮レン 美咲ミサキ 大翔ヒロト 結衣ユイ 健一ケンイチ 京子キョウコ 清子キヨコ 俊介シュンスケ 順ジュン "
    "理沙リサ 翔太ショウタ 由美ユミ 修シュウ 千代チヨ 勇気ユウキ 悠ユウ 涼リョウ 百合子ユリコ 哲也テツヤ 勝カツ "
    "八重ヤエ 逸郎イツロウ 初江ハツエ 亮平リョウヘイ 朱里ジュリ 弥生ヤヨイ 祥子ショウコ 凜リン 玄太ゲンタ 篤史アツシ "
    "ミツ子ミツコ さくらサクラ 龍之介リュウノスケ 琴音コトネ 光ヒカル 椿ツバキ 武夫タケオ 一ハジメ"
)
FOREIGN = ("グエン ティ ホア", "マリア サントス", "リー シャオ", "ジョン ウィリアムズ", "ファム ヴァン フォン")
BUILDINGS = _words("ハイツ箱崎 コーポ青葉 メゾン大濠 サンシャイン西新 レジデンス六本松 グランドール姪浜 第二松風荘")
WARDS_CODES = ("8100", "8120", "8130", "8140", "8141", "8150", "8190", "8111", "8113")
HOSPITALS = _words("中央病院 内科クリニック 整形外科医院 記念病院 脳神経外科 在宅診療所")
PLACES = _words("薬院 大橋 箱崎 西新 香椎 姪浜 唐人町 笹丘 長尾 和白 今宿 雑餉隈 六本松 千代 飯倉")
RELATIONS = _words("長女 長男 妻 夫 二男 孫 介護支援専門員 成年後見人 姪 義理の娘")
BANKS = (
    ("福岡銀行", "0177"),
    ("西日本シティ銀行", "0190"),
    ("筑邦銀行", "0178"),
    ("福岡中央銀行", "0538"),
    ("十八親和銀行", "0181"),
    ("三菱UFJ銀行", "0005"),
    ("みずほ銀行", "0001"),
    ("三井住友銀行", "0009"),
)
MEETINGS = _words(
    "囲碁の会 書道教室 ヨガ サークル 子育てサロン 町内会役員会 パソコン講座 コーラス練習 太極拳 絵手紙 健康体操 "
    "ふれあい昼食会 将棋クラブ 人権研修 卓球同好会 英会話(初級) 防災訓練の打合せ 生け花 フラダンス"
)
NOTES = (
    "玄関の鍵は管理人に預けています。",
    "開栓の立会いはできません。午前中を希望します。",
    "前の入居者が退去した日は分かりません。",
    "検針の前日までに電話をください。",
    "メーターは駐輪場の奥、青い箱の中です。",
    "転勤のため、今月分は口座から引き落としてください。",
    "犬がいます。門を開けたらすぐ閉めてください。",
    "納付書は新しい住所へ送ってください。",
    "冬に凍結した蛇口の修理を先に行います。",
    "郵便受けは305号室、表札は旧姓のままです。",
)
REASONS = _words("転入のため 転出のため 建替え 長期不在 新築 相続による名義変更 退去 売却 入院 店舗の閉鎖")


@dataclass(frozen=True)
class Person:
    """Somebody who does not exist."""

    name: str
    kana: str
    postal: str
    address: str
    phone: str
    birth: date


def split_reading(entry: str) -> tuple[str, str]:
    """Part `田中タナカ` where the katakana begins."""
    spelled = next(at for at in range(1, len(entry)) if all("ァ" <= one <= "ー" for one in entry[at:]))
    return entry[:spelled], entry[spelled:]


def pick_name(chance: Random, can_write: CanWrite) -> tuple[str, str]:
    """Choose a name and its reading; one in ten is spelled in letters of its own, one in thirty is foreign."""
    if chance.random() < 1 / 30:
        kana = chance.choice([name for name in FOREIGN if can_write(name)])
        return kana, kana
    while True:
        surname, first = split_reading(chance.choice(RARE_SURNAMES if chance.random() < 0.1 else SURNAMES))
        given, second = split_reading(chance.choice(GIVEN))
        if can_write(surname + given):
            return f"{surname} {given}", f"{first} {second}"


def pick_place(chance: Random, can_write: CanWrite) -> tuple[str, Place]:
    """Draw postal codes until one names a quarter of Fukuoka City."""
    while True:
        prefix = chance.choice(WARDS_CODES)
        code = prefix + f"{chance.randrange(10 ** (7 - len(prefix))):0{7 - len(prefix)}d}"
        for place in places_of(code):
            if place.city.startswith("福岡市") and place.neighborhood and can_write(str(place)):
                return f"{code[:3]}-{code[3:]}", place


def pick_address(chance: Random, can_write: CanWrite, *, building: bool = True) -> tuple[str, str]:
    code, place = pick_place(chance, can_write)
    house = chance.choice(
        (
            f"{chance.randint(1, 7)}-{chance.randint(1, 39)}-{chance.randint(1, 25)}",
            f"{chance.randint(1, 7)}丁目{chance.randint(1, 39)}番{chance.randint(1, 25)}号",
            f"{chance.randint(2, 1980)}番地",
            f"{chance.randint(2, 980)}-{chance.randint(1, 12)}",
        )
    )
    prefecture = place.prefecture if chance.random() < 0.4 else ""
    flat = ""
    if building and chance.random() < 0.35:
        # A space parts house number and building, as forms/names.py keeps it only between katakana, Latin and digits.
        flat = " " + chance.choice([name for name in BUILDINGS if can_write(name)]) + f"{chance.randint(101, 1208)}"
    return code, f"{prefecture}{place.city}{place.neighborhood}{house}{flat}"


def pick_phone(chance: Random) -> str:
    if chance.random() < 0.5:
        return f"0{chance.choice('789')}0-{chance.randint(1000, 9999)}-{chance.randint(0, 9999):04d}"
    home = f"092-{chance.randint(200, 999)}-{chance.randint(0, 9999):04d}"
    return home.replace("092-", "(092)") if chance.random() < 0.1 else home


def pick_digits(chance: Random, length: int) -> str:
    return "".join(chance.choice("0123456789") for _ in range(length))


def pick_day(chance: Random, first: date, last: date) -> date:
    return first + timedelta(days=chance.randrange((last - first).days + 1))


def written_day(chance: Random, day: date) -> str:
    """Write a day as people do: mostly in full, at times with the era's letter or in the western calendar."""
    full = show_wareki(day)
    way = chance.random()
    if way < 0.75:
        return full
    if way < 0.85:
        return full.replace("年", "年 ").replace("月", "月 ")
    if way < 0.95:
        letter = {"明": "M", "大": "T", "昭": "S", "平": "H", "令": "R"}[full[0]]
        return letter + full[2:].replace("元", "1").replace("年", ".").replace("月", ".").removesuffix("日")
    return f"{day.year}/{day.month}/{day.day}"


def written_yen(chance: Random, amount: int) -> str:
    text = f"{amount:,}" if chance.random() < 0.8 else str(amount)
    return f"¥{text}" if chance.random() < 0.15 else text


def person(chance: Random, can_write: CanWrite, *, born: tuple[date, date]) -> Person:
    name, kana = pick_name(chance, can_write)
    postal, address = pick_address(chance, can_write)
    return Person(name, kana, postal, address, pick_phone(chance), pick_day(chance, *born))


THIS_YEAR = (date(2026, 4, 1), date(2026, 11, 20))
OLD = (date(1927, 1, 1), date(1961, 12, 31))
GROWN = (date(1940, 1, 1), date(2006, 12, 31))


def care_answers(chance: Random, can_write: CanWrite) -> Answers:
    who = person(chance, can_write, born=OLD)
    doctor, _ = pick_name(chance, can_write)
    helper, helper_kana = pick_name(chance, can_write)
    levels = ["none", "s1", "s2", "c1", "c2", "c3", "c4", "c5"]
    level, sex = chance.choice(levels), chance.choice(["man", "woman"])
    return {
        "apply_date": written_day(chance, pick_day(chance, *THIS_YEAR)),
        "insured": pick_digits(chance, 10),
        "kana": who.kana,
        "name": who.name,
        "birth": written_day(chance, who.birth),
        "postal": who.postal,
        "address": who.address,
        "phone": who.phone,
        "valid_until": written_day(chance, pick_day(chance, date(2026, 12, 1), date(2029, 3, 31))),
        "hospital": chance.choice(PLACES) + chance.choice(HOSPITALS),
        "doctor": doctor,
        "hospital_phone": pick_phone(chance),
        "helper_kana": helper_kana,
        "helper": helper,
        "relation": chance.choice(RELATIONS),
        "office_number": pick_digits(chance, 10),
        "floor": str(chance.randint(1, 12)),
        **{f"level_{one}": one == level for one in levels},
        **{f"sex_{one}": one == sex for one in ("man", "woman")},
        "consent": chance.random() < 0.7,
    }


def water_answers(chance: Random, can_write: CanWrite) -> Answers:
    who = person(chance, can_write, born=GROWN)
    _, before = pick_address(chance, can_write)
    begins = pick_day(chance, date(2026, 4, 1), date(2027, 3, 31))
    kinds, pays = ["start", "stop", "rename"], ["bank", "slip"]
    kind, pay = chance.choice(kinds), chance.choice(pays)
    return {
        "apply_date": show_wareki(pick_day(chance, *THIS_YEAR)),
        "customer": pick_digits(chance, 9),
        "begin_year": str(begins.year - 2018),
        "begin_month": str(begins.month),
        "begin_day": str(begins.day),
        "kana": who.kana,
        "name": who.name,
        "postal": who.postal,
        "address": who.address,
        "phone": who.phone,
        "mobile": f"090-{chance.randint(1000, 9999)}-{chance.randint(0, 9999):04d}",
        "meter": pick_digits(chance, 8),
        "reading": str(chance.randint(3, 2980)),
        "people": f"{chance.randint(1, 9)}" + ("人" if chance.random() < 0.2 else ""),
        "before": before,
        "reason": chance.choice(REASONS),
        "note": chance.choice(NOTES),
        **{f"kind_{one}": one == kind for one in kinds},
        **{f"pay_{one}": one == pay for one in pays},
    }


def table_answers(chance: Random, can_write: CanWrite) -> Answers:
    who = person(chance, can_write, born=GROWN)
    bank, bank_code = chance.choice(BANKS)
    kind = chance.choice(["ordinary", "current"])
    answers: Answers = {
        "apply_date": written_day(chance, pick_day(chance, *THIS_YEAR)),
        "bank": bank,
        "bank_code": bank_code,
        "branch": chance.choice(PLACES) + chance.choice(["支店", "支店", "支店", "出張所", "駅前支店"]),
        "branch_code": pick_digits(chance, 3),
        "account": pick_digits(chance, 7),
        "holder": who.kana,
        "name": who.name,
        "kind_ordinary": kind == "ordinary",
        "kind_current": kind == "current",
    }
    heads, money = 0, 0
    for row in range(1, 5):
        people, amount = chance.randint(3, 148), chance.randint(2, 980) * chance.choice([10, 50, 100, 150])
        heads, money = heads + people, money + amount
        answers[f"day_{row}"] = written_day(chance, pick_day(chance, *THIS_YEAR))
        answers[f"meeting_{row}"] = chance.choice(MEETINGS)
        answers[f"heads_{row}"] = str(people)
        answers[f"yen_{row}"] = written_yen(chance, amount)
    return answers | {"heads": str(heads), "yen": written_yen(chance, money)}


def school_answers(chance: Random, can_write: CanWrite) -> Answers:
    """Fill the form that the office gave: rules of its definition hold, as they mostly do on paper."""
    who = person(chance, can_write, born=(date(1974, 1, 1), date(1999, 12, 31)))
    surname, reading = who.name.split(" ")[0], who.kana.split(" ")[0]
    given, given_kana = split_reading(chance.choice([one for one in GIVEN if can_write(one)]))
    bank, _ = chance.choice(BANKS)
    children = chance.randint(1, 4)
    ordinary = chance.random() < 0.8
    return {
        "apply_date": written_day(chance, pick_day(chance, *THIS_YEAR)),
        "kana": who.kana,
        "name": who.name,
        "birth": written_day(chance, who.birth),
        "postal": who.postal,
        "address": who.address,
        "phone": who.phone,
        "insured": pick_digits(chance, 8),
        "child_kana": f"{reading} {given_kana}",
        "child_name": f"{surname} {given}",
        "child_birth": written_day(chance, pick_day(chance, date(2012, 4, 2), date(2019, 4, 1))),
        "school": "市立" + chance.choice(PLACES) + chance.choice(["小学校", "中学校"]),
        "grade": f"{chance.randint(1, 6)}年{chance.randint(1, 5)}組",
        "children": str(children),
        "household": str(children + chance.randint(1, 4)),
        "income": written_yen(chance, chance.randint(80, 410) * 10_000 + chance.randrange(10_000)),
        "bank": bank,
        "branch": chance.choice(PLACES) + "支店",
        "account": pick_digits(chance, 7),
        "holder": who.kana,
        **{f"cb{at}": chance.random() < 0.3 for at in range(5)},
        "cb5": ordinary,
        "cb6": not ordinary,
        "cb7": chance.random() < 0.8,
    }
