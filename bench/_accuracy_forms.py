"""Which forms has the reading code never seen? Three, each of another make than the form that the office gave.

`care` is a dense grid with combs and rows of boxes to tick. `water` lies on its side, is shaded and dotted, and prints
the era inside the box of a date. `table` is printed in green and ends in rows with sums.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench._accuracy_paper import Paper
from bench._accuracy_writing import LABEL_FONTS

GREY = (222, 222, 222)
PALE_GREEN = (226, 242, 234)


LEVELS = {
    "none": "非該当",
    **{f"s{degree}": f"要支援{degree}" for degree in (1, 2)},
    **{f"c{degree}": f"要介護{degree}" for degree in (1, 2, 3, 4, 5)},
}


@dataclass(frozen=True)
class Slots:
    """A date between printed letters: where each number begins, and how wide its room is, in millimetres."""

    starts: tuple[float, float, float]
    room: float


SLOTS: Mapping[tuple[str, str], Slots] = {("water", "apply_date"): Slots((9.5, 23.0, 36.5), 8.0)}


def care() -> Paper:
    paper = Paper("kaigo", "要介護認定申請書", "Care need", (210, 297), LABEL_FONTS["gothic"], (20, 20, 20))
    paper.say("介護保険 要介護認定・要支援認定申請書", (48, 26), 5.0)
    paper.say("(宛先) 福岡市長   次のとおり申請します。", (14, 34), 3.0)
    paper.label("申請年月日", (124, 30, 20, 7))
    paper.box("apply_date", ("申請年月日", "Date of application"), "date", (144, 30, 52, 7))
    _care_person(paper)
    _care_level(paper)
    _care_doctor_and_helper(paper)
    _care_foot(paper)
    return paper


def _care_person(paper: Paper) -> None:
    paper.label("被保険者番号", (14, 42, 26, 8))
    paper.box("insured", ("被保険者番号", "Insured person number"), "digits", (40, 42, 60, 8), comb=10)
    paper.label("生年月日", (104, 42, 20, 8))
    paper.box("birth", ("生年月日", "Date of birth"), "date", (124, 42, 72, 8))
    paper.label("フリガナ", (14, 50, 26, 6))
    paper.box("kana", ("フリガナ", "Reading"), "katakana", (40, 50, 84, 6), max_length=60)
    paper.label("性別", (124, 50, 14, 16))
    paper.frame((138, 50, 58, 16))
    paper.tick("sex_man", ("男", "Man"), (144, 56))
    paper.tick("sex_woman", ("女", "Woman"), (164, 56))
    paper.label("氏   名", (14, 56, 26, 10))
    paper.box("name", ("氏名", "Name"), "person_name", (40, 56, 84, 10), max_length=60)
    paper.label("郵便番号", (14, 66, 26, 7))
    paper.box("postal", ("郵便番号", "Postal code"), "postal_code", (40, 66, 42, 7), comb=7)
    paper.label("電話番号", (104, 66, 20, 7))
    paper.box("phone", ("電話番号", "Telephone"), "phone", (124, 66, 72, 7))
    paper.label("住   所", (14, 73, 26, 9))
    paper.box("address", ("住所", "Address"), "address", (40, 73, 156, 9), max_length=100)


def _care_level(paper: Paper) -> None:
    _care_levels(paper)
    paper.label("有効期間の末日", (14, 102, 26, 7))
    paper.box("valid_until", ("有効期間の末日", "Valid until"), "date", (40, 102, 60, 7))
    paper.label("病棟の階", (104, 102, 20, 7))
    paper.box("floor", ("病棟の階", "Floor"), "integer", (124, 102, 18, 7), minimum=1, maximum=60, required=False)


def _care_doctor_and_helper(paper: Paper) -> None:
    paper.label("医療機関名", (14, 113, 26, 8))
    paper.box("hospital", ("医療機関名", "Hospital"), "text", (40, 113, 84, 8), max_length=60)
    paper.label("電話番号", (124, 113, 18, 8))
    paper.box(
        "hospital_phone", ("医療機関の電話番号", "Hospital's telephone"), "phone", (142, 113, 54, 8), required=False
    )
    paper.label("主治医の氏名", (14, 121, 26, 8))
    paper.box("doctor", ("主治医の氏名", "Doctor"), "person_name", (40, 121, 84, 8), max_length=60)
    paper.label("提出代行者", (14, 133, 26, 16))
    paper.label("フリガナ", (40, 133, 16, 6), 2.3)
    paper.box(
        "helper_kana",
        ("代行者フリガナ", "Helper's reading"),
        "katakana",
        (56, 133, 68, 6),
        max_length=60,
        required=False,
    )
    paper.label("氏名", (40, 139, 16, 10), 2.3)
    paper.box("helper", ("代行者氏名", "Helper"), "person_name", (56, 139, 68, 10), max_length=60, required=False)
    paper.label("本人との関係", (124, 139, 22, 10))
    paper.box("relation", ("本人との関係", "Relation"), "text", (146, 139, 50, 10), max_length=30, required=False)
    paper.label("事業所番号", (14, 149, 26, 8))
    paper.box("office_number", ("事業所番号", "Office number"), "digits", (40, 149, 60, 8), comb=10, required=False)


def _care_foot(paper: Paper) -> None:
    paper.tick("consent", ("主治医意見書の提供に同意する", "Agrees"), (16, 163))
    for row, line in enumerate(
        ("第2号被保険者は医療保険証の写しを添えてください。", "太枠の中だけを記入してください。")
    ):
        paper.say(f"{row + 1} {line}", (16, 174 + 6 * row), 2.8)
    _office_part(paper)
    paper.frame((13.4, 41.4, 183.2, 116.2), 0.6)
    paper.rule_of("applied_after_birth", "apply_date > birth", ["birth"], "申請日が生年月日より前です。")


def _care_levels(paper: Paper) -> None:
    paper.label("現在の要介護度", (14, 86, 26, 16))
    paper.frame((40, 86, 156, 16))
    for at, (code, name) in enumerate(LEVELS.items()):
        paper.tick(f"level_{code}", (name, name), (44 + 19 * at, 88 if at % 2 else 96), 3.2)


def _office_part(paper: Paper) -> None:
    """Draw a fine grid that stays empty."""
    for row in range(6):
        for column, name in enumerate(("受付", "調査", "審査会", "通知")):
            paper.label(name if row == 0 else "", (14 + 45.5 * column, 190 + 9 * row, 45.5, 9), 2.6)


def water() -> Paper:
    paper = Paper("suido", "水道使用開始・中止届", "Water supply", (297, 210), LABEL_FONTS["mincho"], (45, 45, 45))
    paper.shade((20, 18, 240, 11), GREY)
    paper.say("水道使用 開始・中止・名義変更 届", (28, 23.5), 6.4)
    paper.say("届出日", (190, 23.5), 3.6)
    paper.shade((204, 19.5, 56, 8), (255, 255, 255))
    paper.zone("apply_date", ("届出日", "Date of notice"), "date", (204, 19.5, 56, 8), slots=_slots_of_the_day())
    for letter, at in (("令和", 204.8), ("年", 222.5), ("月", 236.0), ("日", 249.5)):
        paper.say(letter, (at, 23.5), 3.6)
    _water_kind(paper)
    _water_place(paper)
    _water_person(paper)
    _water_day(paper)
    _water_note(paper)
    return paper


def _slots_of_the_day() -> list[dict[str, object]]:
    slots = SLOTS["water", "apply_date"]
    boxes = [(204 + start - 0.8, 19.5, slots.room + 1.2, 8) for start in slots.starts]
    letters = (("令和", "年"), ("", "月"), ("", "日"))
    return [
        {"box_mm": box, "before": before, "after": after} for box, (before, after) in zip(boxes, letters, strict=True)
    ]


def _water_kind(paper: Paper) -> None:
    paper.shade((20, 33, 36, 116), GREY)
    rows = {"届出の種類": 37, "お客様番号": 48, "使用場所": 73, "使用者": 99, "連絡先": 119, "開始・中止日": 135}
    for name, at in rows.items():
        paper.say(name, (23, at), 3.6, 31)
    for at, (key, name) in enumerate((("start", "使用開始"), ("stop", "使用中止"), ("rename", "名義変更"))):
        paper.tick(f"kind_{key}", (name, key), (64 + 40 * at, 35), 4.4)
    for y in (42, 55, 92, 113, 126, 149):
        paper.dotted((20, y), (277, y))
    paper.box("customer", ("お客様番号", "Customer number"), "digits", (62, 44, 72, 9), comb=9)
    paper.say("メーター番号", (146, 48.5), 3.4)
    paper.zone("meter", ("メーター番号", "Meter number"), "digits", (172, 44, 50, 9), required=False)
    paper.dotted((172, 53), (222, 53))
    paper.say("指針", (228, 48.5), 3.4)
    paper.zone("reading", ("指針", "Reading"), "integer", (240, 44, 26, 9), minimum=0, maximum=99999)
    paper.say("m3", (267.5, 48.5), 3.4)


def _water_place(paper: Paper) -> None:
    paper.say("〒", (62, 61), 4.0)
    paper.zone("postal", ("郵便番号", "Postal code"), "postal_code", (68, 56.5, 44, 8.5))
    paper.dotted((68, 65), (112, 65))
    paper.zone("address", ("使用場所", "Address"), "address", (62, 66, 212, 12), max_length=100)
    paper.dotted((62, 78), (274, 78))
    paper.say("前住所", (62, 85.5), 3.4)
    paper.zone("before", ("前住所", "Former address"), "address", (78, 80, 196, 11), max_length=100, required=False)


def _water_person(paper: Paper) -> None:
    paper.say("フリガナ", (62, 96.5), 2.8)
    paper.zone("kana", ("フリガナ", "Reading of the name"), "katakana", (78, 93, 110, 7), max_length=60)
    paper.dotted((78, 100.3), (188, 100.3))
    paper.say("氏名", (62, 107), 3.4)
    paper.zone("name", ("使用者氏名", "Name"), "person_name", (78, 101, 110, 11.5), max_length=60)
    paper.say("使用人数", (200, 105), 3.4)
    paper.zone("people", ("使用人数", "People"), "integer", (220, 99, 30, 11), minimum=1, maximum=99)
    paper.say("電話(自宅)", (62, 119.5), 3.4)
    paper.zone("phone", ("電話番号", "Telephone"), "phone", (86, 114.5, 68, 10.5))
    paper.say("携帯", (168, 119.5), 3.4)
    paper.zone("mobile", ("携帯電話", "Mobile"), "phone", (182, 114.5, 80, 10.5), required=False)


def _water_day(paper: Paper) -> None:
    paper.say("令和", (62, 134), 4.0)
    for at, (key, unit) in enumerate((("year", "年"), ("month", "月"), ("day", "日"))):
        paper.zone(
            f"begin_{key}", (f"開始{unit}", key), "integer", (72 + 24 * at, 128.5, 16, 11), minimum=1, maximum=99
        )
        paper.say(unit, (89 + 24 * at, 134), 4.0)
    paper.say("理由", (152, 134), 3.4)
    paper.zone("reason", ("理由", "Reason"), "text", (164, 128.5, 108, 11), max_length=60, required=False)
    paper.dotted((164, 140), (272, 140))
    for at, (key, name) in enumerate((("bank", "口座振替"), ("slip", "納付書"))):
        paper.tick(f"pay_{key}", (name, key), (64 + 40 * at, 142.6), 4.4)


def _water_note(paper: Paper) -> None:
    paper.shade((20, 153, 257, 8), GREY)
    paper.say("連絡事項(検針・立会いの希望など)", (23, 157), 3.6)
    paper.zone("note", ("連絡事項", "Note"), "text", (22, 162, 252, 15), max_length=120, required=False)
    paper.dotted((22, 177.5), (274, 177.5))
    paper.say("※ この届は水道局の窓口又は郵送で提出してください。", (30, 184), 3.0)
    paper.frame((20, 33, 257, 145), 0.5)


def table() -> Paper:
    paper = Paper("riyo", "公民館利用実績・交付請求書", "Hall use", (210, 297), LABEL_FONTS["sans"], (30, 120, 90))
    paper.say("公民館利用実績報告書 兼 交付金請求書", (40, 27), 5.4)
    paper.label("請求日", (118, 33, 18, 8), shade=PALE_GREEN)
    paper.box("apply_date", ("請求日", "Date of claim"), "date", (136, 33, 60, 8))
    paper.label("代表者氏名", (14, 45, 28, 11), shade=PALE_GREEN)
    paper.box("name", ("代表者氏名", "Representative"), "person_name", (42, 45, 92, 11), max_length=60)
    _table_account(paper)
    _table_rows(paper)
    _table_foot(paper)
    return paper


def _table_account(paper: Paper) -> None:
    paper.label("金融機関", (14, 60, 28, 10), shade=PALE_GREEN)
    paper.box("bank", ("金融機関名", "Bank"), "text", (42, 60, 62, 10), max_length=60, pattern=".+(銀行|信用金庫)")
    paper.label("コード", (104, 60, 14, 10), 2.4, PALE_GREEN)
    paper.box("bank_code", ("金融機関コード", "Bank code"), "digits", (118, 60, 28, 10), comb=4)
    paper.label("支店", (14, 70, 28, 10), shade=PALE_GREEN)
    paper.box("branch", ("支店名", "Branch"), "text", (42, 70, 62, 10), max_length=60, pattern=".+(支店|出張所)")
    paper.label("コード", (104, 70, 14, 10), 2.4, PALE_GREEN)
    paper.box("branch_code", ("支店コード", "Branch code"), "digits", (118, 70, 21, 10), comb=3)
    paper.label("預金種目", (14, 80, 28, 9), shade=PALE_GREEN)
    paper.frame((42, 80, 62, 9))
    paper.tick("kind_ordinary", ("普通", "Ordinary"), (48, 82.6))
    paper.tick("kind_current", ("当座", "Current"), (72, 82.6))
    paper.label("口座番号", (104, 80, 14, 9), 2.4, PALE_GREEN)
    paper.box("account", ("口座番号", "Account number"), "digits", (118, 80, 49, 9), comb=7)
    paper.label("口座名義(カナ)", (14, 89, 28, 9), shade=PALE_GREEN)
    paper.box("holder", ("口座名義(カナ)", "Account holder"), "katakana", (42, 89, 125, 9), max_length=60)


def _table_rows(paper: Paper) -> None:
    columns = ((14, 48, "利用日"), (62, 64, "活動の名称"), (126, 26, "人数"), (152, 44, "利用料(円)"))
    for x, width, name in columns:
        paper.label(name, (x, 106, width, 8), shade=PALE_GREEN)
    for row in range(1, 5):
        y = 105 + 9 * row
        more: dict[str, Any] = {"required": row == 1}
        paper.box(f"day_{row}", (f"利用日{row}", f"Day {row}"), "date", (14, y, 48, 9), **more)
        paper.box(f"meeting_{row}", (f"活動{row}", f"Meeting {row}"), "text", (62, y, 64, 9), max_length=60, **more)
        more |= {"minimum": 0}
        paper.box(f"heads_{row}", (f"人数{row}", f"Heads {row}"), "integer", (126, y, 26, 9), maximum=999, **more)
        paper.box(f"yen_{row}", (f"利用料{row}", f"Fee {row}"), "yen", (152, y, 44, 9), maximum=999999, **more)
    paper.label("合   計", (62, 150, 64, 10), shade=PALE_GREEN)
    paper.box("heads", ("人数の合計", "All heads"), "integer", (126, 150, 26, 10), minimum=0, maximum=9999)
    paper.box("yen", ("利用料の合計", "All fees"), "yen", (152, 150, 44, 10), minimum=0, maximum=9999999)
    paper.frame((14, 106, 182, 54), 0.5)


def _table_foot(paper: Paper) -> None:
    for row, line in enumerate(
        ("金額は訂正できません。", "口座名義は代表者と同じものに限ります。", "領収書を添えてください。")
    ):
        paper.say(f"・{line}", (16, 170 + 6 * row), 2.9)
    paper.frame((14, 192, 182, 40))
    paper.say("市記入欄", (16, 196), 2.8)
    heads, money = (" + ".join(f"{name}_{row}" for row in range(1, 5)) for name in ("heads", "yen"))
    paper.rule_of("heads_add_up", f"heads == {heads}", ["heads"], "人数の合計が合いません。")
    paper.rule_of("yen_adds_up", f"yen == {money}", ["yen"], "利用料の合計が合いません。")


DRAWN: Mapping[str, Callable[[], Paper]] = {"care": care, "water": water, "table": table}


def draw_all(folder: Path) -> None:
    """Draw the three forms anew, each into a folder of its name in `folder`."""
    for name, draw in DRAWN.items():
        draw().save(folder / name)
