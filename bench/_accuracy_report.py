"""What do the figures say? Goals with their figure and interval, and the tables of docs/reading-accuracy.md."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bench._accuracy_counts import (
    ERA_PRINTED,
    VARIANTS,
    Page,
    Record,
    Share,
    confusions,
    exact,
    fold,
    grouped,
    letters_of_names,
    passed,
    precision,
)
from bench._accuracy_places import OFF_PX
from forms.widths import one_hyphen, plain

WANTED_ERROR = 0.002
FORMS_JA = {
    "care": "要介護認定申請書",
    "water": "水道開始・中止届",
    "table": "公民館利用報告・請求書",
    "shugaku": "就学援助(示された様式)",
}
WRITING_JA = {"print": "活字", "hand": "手書き風書体"}
CAPTURE_JA = {"clean": "きれいな走査", "poor": "悪い走査", "photo": "写真"}
KIND_JA = {
    "address": "住所",
    "checkbox": "チェック",
    "date": "日付",
    ERA_PRINTED: "日付(元号・年月日が欄に印刷)",
    "digits": "番号(マス・数字)",
    "integer": "整数",
    "katakana": "カナ",
    "person_name": "氏名",
    "phone": "電話番号",
    "postal_code": "郵便番号",
    "text": "文字",
    "yen": "金額",
}


@dataclass(frozen=True)
class Goal:
    """One promise: what, at least how much (at most for faults), and what was found."""

    what: str
    wanted: float
    found: Share
    at_most: bool = False

    @property
    def holds(self) -> bool:
        if not self.found.of:
            return False
        return self.found.share <= self.wanted if self.at_most else self.found.share >= self.wanted

    def as_json(self) -> dict[str, Any]:
        low, high = self.found.interval
        found = {"figure": round(self.found.share, 5), "of": self.found.of}
        interval = [round(low, 5), round(high, 5)]
        return {"what": self.what, "goal": self.wanted, **found, "interval": interval, "holds": self.holds}

    def sentence(self) -> str:
        return f"{'○' if self.holds else '✕'} {self.what}: {_with_interval(self.found)} (目標 {_goal(self)})"


def written(records: Iterable[Record]) -> list[Record]:
    """Leave out boxes to tick, which are counted by themselves."""
    return [record for record in records if record.kind != "checkbox"]


def goals(records: Sequence[Record], pages: Sequence[Page]) -> list[Goal]:
    ours = written(records)
    by_writing = grouped(ours, lambda one: one.sheet.writing)
    by_kind = grouped(records, lambda one: one.kind)
    halves = [fold(ours, WANTED_ERROR, first) for first in (0, 1)]
    held = [half.held_on[1] for half in halves]
    return [
        Goal("完全一致・活字", 0.995, exact(by_writing.get("print", []))),
        Goal("完全一致・手書き風書体", 0.985, exact(by_writing.get("hand", []))),
        Goal("人に回さず通る", 0.92, passed(ours)),
        Goal("通ったものの正しさ", 0.998, precision(ours)),
        Goal("カナの完全一致", 0.97, exact(by_kind.get("katakana", []))),
        Goal("位置合わせができた用紙", 0.995, Share(sum(page.reason is None for page in pages), len(pages))),
        Goal("気付かずに位置がずれた用紙", 0.0, Share(len(silent(pages)), len(pages)), at_most=True),
        Goal("チェックの正しさ", 0.999, exact(by_kind.get("checkbox", []))),
        Goal("半分で決めた境目が残り半分で守る正しさ", 0.998, _added(held)),
    ]


def silent(pages: Iterable[Page]) -> list[Page]:
    return [page for page in pages if page.off_px is not None and page.off_px > OFF_PX]


def wrong_ones(records: Iterable[Record], pages: Iterable[Page]) -> Iterator[str]:
    """Name every refused page, every page that is off, and every field read wrong; those that passed come first."""
    for page in pages:
        if page.reason is not None:
            yield f"PAGE {page.sheet.picture.name}: {page.reason}"
    for page in silent(pages):
        yield f"OFF {page.sheet.picture.name}: {page.off_px:.1f} px, residual {page.residual}"
    for record in sorted(records, key=lambda one: (one.exact, not one.passes, one.kind, one.sheet.number)):
        if not (record.exact and record.passes):
            why = ",".join(record.why_not) or "PASSED"
            place = f"{'asked ' if record.exact else ''}{record.kind} {record.sheet.picture.name}:{record.key}"
            yield f"{place}: {record.written} → {record.text} [{why}] {record.confidence:.3f}"


def markdown(records: Sequence[Record], pages: Sequence[Page]) -> str:
    ours = written(records)
    parts = [
        _table(
            ("目標", "求める値", "結果(95%区間)", "数", "判定"),
            [
                (goal.what, _goal(goal), _with_interval(goal.found), str(goal.found.of), "○" if goal.holds else "✕")
                for goal in goals(records, pages)
            ],
        ),
        "### 欄の種類ごと",
        _shares("種類", records, lambda one: KIND_JA[one.kind]),
        "### 参考(求める値とは比べない)",
        _leniently(records),
        "### 様式ごと",
        _shares("様式", ours, lambda one: FORMS_JA[one.sheet.form]),
        "### 書き方と取り込み方ごと",
        _shares("書き方・取り込み", ours, _writing_and_capture),
        "### 書体ごと",
        _shares("書体", ours, lambda one: one.sheet.face),
        "### 様式・欄の種類・書き方ごと(完全一致)",
        _by_form_and_kind(records),
        "### 位置合わせ",
        _pages(pages),
        "### 人に回した理由",
        _reasons(ours),
        "### 読み違い(多い順)",
        _confusions(ours),
        "### 氏名の字",
        _names(records),
        "### 半分で決めた境目",
        _folds(ours),
    ]
    return "\n\n".join(parts)


def _writing_and_capture(record: Record) -> str:
    return f"{WRITING_JA[record.sheet.writing]}・{CAPTURE_JA[record.sheet.capture]}"


def _shares(heading: str, records: Sequence[Record], by: Callable[[Record], str]) -> str:
    rows = [
        (name, str(len(group)), _percent(exact(group)), _percent(passed(group)), _with_interval(precision(group)))
        for name, group in grouped(records, by).items()
    ]
    return _table((heading, "欄", "完全一致", "通った", "通ったものの正しさ(95%区間)"), rows)


def _leniently(records: Sequence[Record]) -> str:
    """Tell how much of what is not exact lies in spaces, in stops and commas, and in letters of registers' own."""
    by_kind = grouped(records, lambda one: one.kind)
    common = [record for record in by_kind.get("person_name", []) if not set(record.written) & set(VARIANTS)]
    rows = [
        ("住所(空白を問わない)", _same_but_for(by_kind.get("address", []), " ")),
        ("文字(句読点を問わない)", _same_but_for(by_kind.get("text", []), "、。,.")),
        (
            "カナ・氏名(姓と名の空白を問わない)",
            _same_but_for(by_kind.get("katakana", []) + by_kind.get("person_name", []), " "),
        ),
        ("氏名(異体字のないもの)", exact(common)),
    ]
    return _table(
        ("読み方", "一致(95%区間)", "欄"), [(name, _with_interval(share), str(share.of)) for name, share in rows]
    )


def _same_but_for(records: Sequence[Record], signs: str) -> Share:
    def bare(text: str) -> str:
        return "".join(letter for letter in one_hyphen(plain(text)) if letter not in signs)

    return Share(sum(record.exact or bare(record.written) == bare(record.text) for record in records), len(records))


def _by_form_and_kind(records: Sequence[Record]) -> str:
    columns = [(form, writing) for form in FORMS_JA for writing in WRITING_JA]
    rows = []
    for kind, group in grouped(records, lambda one: one.kind).items():
        cells = grouped(group, lambda one: f"{one.sheet.form}/{one.sheet.writing}")
        rows.append((KIND_JA[kind], *(_cell(cells.get(f"{form}/{writing}")) for form, writing in columns)))
    heads = (f"{FORMS_JA[form].split('(')[0]}・{WRITING_JA[writing][:3]}" for form, writing in columns)
    return _table(("種類", *heads), rows)


def _cell(records: Sequence[Record] | None) -> str:
    return "—" if not records else f"{_percent(exact(records))} ({len(records)})"


def _pages(pages: Sequence[Page]) -> str:
    rows = []
    for form, name in FORMS_JA.items():
        for marked, mark in ((True, "マークあり"), (False, "マークなし")):
            for capture, taken in CAPTURE_JA.items():
                mine = [
                    page
                    for page in pages
                    if (page.sheet.form, page.sheet.marked, page.sheet.capture) == (form, marked, capture)
                ]
                reasons = Counter(page.reason for page in mine if page.reason)
                told = "、".join(f"{reason} {count}" for reason, count in reasons.most_common()) or "—"
                read = sum(page.reason is None for page in mine)
                rows.append((name, mark, taken, f"{read}/{len(mine)}", str(len(silent(mine))), told))
    return _table(("様式", "マーク", "取り込み", "読んだ", "気付かぬずれ", "断った理由"), rows)


def _reasons(records: Sequence[Record]) -> str:
    asked = [record for record in records if not record.passes]
    counted = Counter(code for record in asked for code in record.why_not)
    right = Counter(code for record in asked if record.exact for code in record.why_not)
    return _table(
        ("符号", "欄", "うち読みは正しかった"),
        [(f"`{code}`", str(count), str(right[code])) for code, count in counted.most_common(20)],
    )


def _confusions(records: Sequence[Record]) -> str:
    rows = [(f"`{true}`", f"`{seen}`", str(count)) for (true, seen), count in confusions(records).most_common(30)]
    return _table(("書いた字", "読んだ字", "回"), rows)


def _names(records: Sequence[Record]) -> str:
    rows = [
        (letter, *(str(int(marks[part])) for part in ("written", "exact", "passed", "passed_wrong")))
        for letter, marks in sorted(letters_of_names(records).items())
    ]
    return _table(("字", "書いた氏名", "正しく読めた", "通った", "誤って通った"), rows)


def _folds(records: Sequence[Record]) -> str:
    rows = []
    for first, name in ((0, "前半→後半"), (1, "後半→前半")):
        found = fold(records, WANTED_ERROR, first)
        for half, (through, right) in (("決めた半分", found.chosen_on), ("残りの半分", found.held_on)):
            rows.append((name, half, _with_interval(through), _with_interval(right)))
    return _table(("組", "半分", "通る割合", "通ったものの正しさ"), rows) + "\n\n" + _thresholds(records)


def _thresholds(records: Sequence[Record]) -> str:
    both = [fold(records, WANTED_ERROR, first).thresholds for first in (0, 1)]
    rows = [(KIND_JA[kind], *(_threshold(half, kind) for half in both)) for kind in sorted(both[0])]
    return _table(("種類", "前半で決めた境目", "後半で決めた境目"), rows)


def _threshold(half: Mapping[str, float], kind: str) -> str:
    least = half.get(kind, 1.01)
    return "なし(すべて人へ)" if least > 1 else f"{least:.3f}"


def _added(shares: Sequence[Share]) -> Share:
    return Share(sum(one.hits for one in shares), sum(one.of for one in shares))


def _goal(goal: Goal) -> str:
    return "0" if goal.at_most else f"{goal.wanted:.1%} 以上"


def _percent(share: Share) -> str:
    return f"{share.share:.2%}" if share.of else "—"


def _with_interval(share: Share) -> str:
    if not share.of:
        return "—"
    low, high = share.interval
    return f"{share.share:.2%}({low:.2%}〜{high:.2%})"


def _table(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = [heads, ["---"] * len(heads), *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)
