"""How do types, conditions, reckonings and differences of forms read, in the words of the office?"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import cast

from backoffice.web.answers_in import label_of, option_label, shown
from backoffice.web.translations import _, language_now, translate
from forms.building import conditions, formulas
from forms.building.conditions import Clause, Sign
from forms.building.draft import FormDraft
from forms.building.formulas import Formula, FormulaKind
from forms.building.kinds import Group
from forms.check_digits import CheckDigit
from forms.definition import FormField
from forms.differences import Difference, How, PartChanged, What
from forms.field_types import FieldType, Value
from forms.layout import Box
from forms.problems import Severity
from forms.zones import Writing, Zone

TYPES: dict[FieldType, tuple[str, str]] = {
    FieldType.TEXT: (_("1行の文字"), _("名称、番号と文字が混じるもの、短い文。")),
    FieldType.LINES: (_("長い文"), _("理由や意見など、何行にもなる文。")),
    FieldType.PERSON_NAME: (_("氏名"), _("人の名前。空白の入れ方をそろえます。")),
    FieldType.KATAKANA: (_("フリガナ"), _("ひらがなや半角で書いても、全角カタカナにそろえます。")),
    FieldType.DATE: (_("日付"), _("令和8年4月1日、R8.4.1、2026/4/1 のどれでも書けます。")),
    FieldType.INTEGER: (_("数"), _("人数や個数。単位を付け、合計できます。")),
    FieldType.YEN: (_("金額(円)"), _("3桁ごとに区切って見せ、合計できます。")),
    FieldType.CHOICE: (_("1つ選ぶ"), _("選択肢から1つだけ選びます。")),
    FieldType.CHOICES: (_("いくつでも選ぶ"), _("選択肢から、当てはまるものをすべて選びます。")),
    FieldType.CHECKBOX: (_("チェック"), _("同意や確認など、はい・いいえの印。")),
    FieldType.POSTAL_CODE: (_("郵便番号"), _("入れると、次の住所の欄が途中まで埋まります。")),
    FieldType.ADDRESS: (_("住所"), _("郵便番号と食い違うと知らせます。")),
    FieldType.PHONE: (_("電話番号"), _("市外局番から。区切りをそろえます。")),
    FieldType.DIGITS: (_("桁の決まった番号"), _("会員番号など。検査数字を確かめられます。")),
    FieldType.BANK: (_("金融機関"), _("全国の金融機関の一覧から探せます。")),
    FieldType.BRANCH: (_("支店"), _("選んだ金融機関の支店から探せます。")),
    FieldType.ACCOUNT: (_("口座番号"), _("7桁。")),
    FieldType.TABLE: (_("表"), _("同じことを何行も尋ねるとき。列ごとに合計できます。")),
    FieldType.FILE: (_("添付ファイル"), _("写真や書類の写しを付けてもらいます。")),
}
GROUP_NAMES = {
    Group.NAME: _("氏名とフリガナ"),
    Group.ADDRESS: _("郵便番号と住所"),
    Group.ACCOUNT: _("口座(金融機関・支店・種別・番号・名義)"),
}
SIGNS = {
    Sign.IS: _("である"),
    Sign.IS_NOT: _("でない"),
    Sign.AT_LEAST: _("以上(その日以後)"),
    Sign.AT_MOST: _("以下(その日以前)"),
    Sign.MORE: _("より大きい(あと)"),
    Sign.LESS: _("より小さい(まえ)"),
    Sign.HAS: _("を選んでいる"),
    Sign.HAS_NOT: _("を選んでいない"),
    Sign.TICKED: _("にチェックがある"),
    Sign.NOT_TICKED: _("にチェックがない"),
    Sign.ANSWERED: _("に答えがある"),
    Sign.NOT_ANSWERED: _("に答えがない"),
}
_CLAUSES = {
    Sign.IS: _("「%(label)s」が「%(value)s」"),
    Sign.IS_NOT: _("「%(label)s」が「%(value)s」でない"),
    Sign.AT_LEAST: _("「%(label)s」が%(value)s以上"),
    Sign.AT_MOST: _("「%(label)s」が%(value)s以下"),
    Sign.MORE: _("「%(label)s」が%(value)sより大きい"),
    Sign.LESS: _("「%(label)s」が%(value)sより小さい"),
    Sign.HAS: _("「%(label)s」で「%(value)s」を選んだ"),
    Sign.HAS_NOT: _("「%(label)s」で「%(value)s」を選んでいない"),
    Sign.TICKED: _("「%(label)s」にチェックがある"),
    Sign.NOT_TICKED: _("「%(label)s」にチェックがない"),
    Sign.ANSWERED: _("「%(label)s」に答えがある"),
    Sign.NOT_ANSWERED: _("「%(label)s」に答えがない"),
}
FORMULAS = {
    FormulaKind.ADD: _("足し合わせる"),
    FormulaKind.SUBTRACT: _("上から順に引く"),
    FormulaKind.MULTIPLY: _("掛け合わせる"),
    FormulaKind.TOTAL: _("表の列を全行で合計する"),
    FormulaKind.ROWS: _("表の列で、答えのある行を数える"),
    FormulaKind.DAYS: _("1つめの日から2つめの日までの日数"),
    FormulaKind.AGE: _("1つめの日生まれの人の、2つめの日の年齢"),
}
WRITINGS = {
    Writing.LINE: _("1行に書く"),
    Writing.COMB: _("1文字ずつマスに書く"),
    Writing.TICK: _("印を付ける"),
    Writing.LINES: _("何行も書く"),
}
CHECK_DIGITS = {
    CheckDigit.MODULUS_10_WEIGHT_3: _("モジュラス10 ウェイト3・1(JANなど)"),
    CheckDigit.LUHN: _("モジュラス10 Luhn"),
    CheckDigit.MODULUS_11: _("モジュラス11 ウェイト2〜7"),
}
SEVERITIES = {Severity.REFUSE: _("受け付けない"), Severity.ASK: _("知らせて、確かめてもらう")}
WIDTHS = {"full": _("いっぱい"), "half": _("半分"), "third": _("3分の1"), "quarter": _("4分の1")}
PARTS = {
    "label": _("名前"),
    "label_en": _("英語の名前"),
    "title": _("名前"),
    "title_en": _("英語の名前"),
    "help": _("説明"),
    "help_en": _("英語の説明"),
    "type": _("種類"),
    "required": _("必須"),
    "options": _("選択肢"),
    "section": _("見出し"),
    "shown_if": _("表示する条件"),
    "required_if": _("必須になる条件"),
    "computed": _("計算"),
    "max_length": _("文字数の上限"),
    "minimum": _("下限"),
    "maximum": _("上限"),
    "comb": _("桁数"),
    "check_digit": _("検査数字"),
    "rows": _("行数"),
    "unit": _("単位"),
    "holds": _("きまり"),
    "message_ja": _("知らせる文"),
    "message_en": _("英語の知らせる文"),
    "severity": _("守られていないとき"),
    "twice": _("2人で入力する"),
    "business_key": _("業務で使う番号"),
    "bank": _("金融機関の欄"),
    "width": _("幅"),
    "keys": _("知らせる欄"),
    "pattern": _("書き方"),
    "paper": _("外の用紙のページ数(差し替え)"),
    "page": _("ページ"),
    "box": _("位置"),
    "writing": _("紙での書き方"),
    "many": _("マス・行の数"),
}
WHATS = {
    What.FORM: _("様式"),
    What.SECTION: _("見出し"),
    What.FIELD: _("欄"),
    What.RULE: _("きまり"),
    What.ZONE: _("紙の記入場所"),
}
HOWS = {How.ADDED: _("加わる"), How.REMOVED: _("なくなる"), How.CHANGED: _("変わる"), How.ORDER: _("並び順が変わる")}

NOT_YET = _("まだ決めない")
NEW_QUESTION = _("新しい欄を作る")

_NAME = re.compile(r"""'[^']*'|"[^"]*"|[a-z][a-z0-9_]*""")


def condition(source: str, draft: FormDraft) -> str:
    """Write a condition as people say it; one that says more than can be picked with the labels in place of keys."""
    picked = conditions.read(source)
    if picked is None:
        return with_labels(source, draft)
    joint = translate(_("、かつ")) if picked.all_hold else translate(_("、または"))
    return joint.join(_clause(clause, draft) for clause in picked.clauses)


def formula(source: str, draft: FormDraft) -> str:
    """Write a reckoning as people say it."""
    picked = formulas.read(source)
    return reckoned(picked, draft) if picked else with_labels(source, draft)


def reckoned(picked: Formula, draft: FormDraft) -> str:
    """Write a picked reckoning as people say it."""
    labels = [f"「{label(draft, key)}」" for key in picked.keys]
    if picked.kind is FormulaKind.TOTAL:
        return translate(_("%(of)sの全行の合計"), of="、".join(labels))
    if picked.kind is FormulaKind.ROWS:
        return translate(_("%(of)sに答えのある行の数"), of=labels[0])
    if picked.kind is FormulaKind.DAYS:
        return translate(_("%(first)sから%(last)sまでの日数"), first=labels[0], last=labels[-1])
    if picked.kind is FormulaKind.AGE:
        return translate(_("%(first)s生まれの人の、%(last)sの年齢"), first=labels[0], last=labels[-1])
    joint = {FormulaKind.ADD: " + ", FormulaKind.SUBTRACT: " − ", FormulaKind.MULTIPLY: " × "}[picked.kind]
    return joint.join(labels)


def with_labels(source: str, draft: FormDraft) -> str:
    """Give an expression with the labels of fields in place of their keys."""
    names = {field.key: f"「{label_of(field)}」" for field in draft.every_field()}
    return _NAME.sub(lambda found: names.get(found.group(), found.group()), source)


def label(draft: FormDraft, key: str) -> str:
    """Give how a field is called, its key where it is gone."""
    found = next((field for field in draft.every_field() if field.key == key), None)
    return label_of(found) if found else key


def value_of(field: FormField | None, value: Value) -> str:
    """Write a value in a condition as people write it: an option by its label, a day in the Japanese era."""
    if field is None:
        return str(value)
    option = next((one for one in field.options if one.code == value), None)
    if option is not None:
        return option_label(option)
    try:
        return shown(field.type, value)
    except ValueError:
        return str(value)


def choices(names: Mapping[str, str]) -> list[tuple[str, str]]:
    return [(str(key), translate(name)) for key, name in names.items()]


def sentence_of(difference: Difference, old: FormDraft, new: FormDraft) -> tuple[str, list[str]]:
    """Write a difference: one line, and one for each part of it."""
    if difference.how is How.ORDER:
        return translate(_("欄の並び順が変わる")), []
    what, how = translate(WHATS[difference.what]), translate(HOWS[difference.how])
    line = f"{what}「{difference.label}」: {how}"
    return line, list(_parts(difference.parts, old, new))


def _parts(parts: Sequence[PartChanged], old: FormDraft, new: FormDraft) -> Iterator[str]:
    for part in parts:
        name = translate(PARTS.get(part.part, part.part))
        yield f"{name}: {_value(part.part, part.old, old)} → {_value(part.part, part.new, new)}"


def _value(part: str, value: object, draft: FormDraft) -> str:
    if value is None or value in ("", ()):
        return "—"
    if part in _IN_FORM:
        return _IN_FORM[part](value, draft)
    if isinstance(value, bool):
        return translate(_("はい")) if value else translate(_("いいえ"))
    return "、".join(str(one) for one in value) if isinstance(value, tuple) else str(value)


def _named(value: object, draft: FormDraft) -> str:
    titles = {section.code: section.title for section in draft.sections}
    names = value if isinstance(value, tuple) else (value,)
    return "、".join(titles.get(str(name), label(draft, str(name))) for name in names)


_IN_FORM: dict[str, Callable[[object, FormDraft], str]] = {
    "type": lambda value, _draft: translate(TYPES[FieldType(str(value))][0]),
    "severity": lambda value, _draft: translate(SEVERITIES[Severity(str(value))]),
    "computed": lambda value, draft: formula(str(value), draft),
    "shown_if": lambda value, draft: condition(str(value), draft),
    "required_if": lambda value, draft: condition(str(value), draft),
    "holds": lambda value, draft: with_labels(str(value), draft),
    "section": _named,
    "bank": _named,
    "keys": _named,
    "box": lambda value, _draft: place(cast("Box", value)),
    "writing": lambda value, _draft: translate(WRITINGS[Writing(str(value))]),
}


def _clause(clause: Clause, draft: FormDraft) -> str:
    field = next((one for one in draft.every_field() if one.key == clause.key), None)
    called = label(draft, clause.key)
    return translate(_CLAUSES[clause.sign], label=called, value=value_of(field, clause.value))


def zone_name(zone: Zone, questions: Mapping[str, FormField]) -> str:
    """Give how a zone is called: by its question, by what stood beside it, or by its number."""
    question = questions.get(zone.key)
    option = next((one for one in question.options if one.code == zone.option), None) if question else None
    if question and option:
        said = _("「%(label)s」の「%(option)s」の枠")
        return translate(said, label=label_of(question), option=option_label(option))
    if question or zone.label:
        return translate(_("「%(label)s」の枠"), label=label_of(question) if question else zone.label)
    return translate(_("枠%(n)s"), n=zone.code.removeprefix("z"))


def place(box: Box) -> str:
    """Write where a zone stands, as one measures it with a ruler."""
    left, top, width, height = (f"{side:g}" for side in box)
    said = _("左から%(left)s、上から%(top)s、幅%(width)s、高さ%(height)s mm")
    return translate(said, left=left, top=top, width=width, height=height)


def message_of(left: str, sign: Sign, right: str) -> tuple[str, str]:
    """Give what is said where a picked comparison does not hold, in both languages."""
    ja = {
        Sign.IS: f"{left}が{right}と合いません。",
        Sign.IS_NOT: f"{left}と{right}が同じです。",
        Sign.AT_LEAST: f"{left}は{right}以上(以後)にしてください。",
        Sign.AT_MOST: f"{left}は{right}以下(以前)にしてください。",
        Sign.MORE: f"{left}は{right}より大きく(あとに)してください。",
        Sign.LESS: f"{left}は{right}より小さく(まえに)してください。",
    }
    signs = {Sign.IS: "=", Sign.IS_NOT: "≠", Sign.AT_LEAST: "≥", Sign.AT_MOST: "≤", Sign.MORE: ">", Sign.LESS: "<"}
    return ja[sign], f"Please check: {left} {signs[sign]} {right}."


def finding_said(ja: str, en: str) -> str:
    return en if language_now() == "en" and en else ja
