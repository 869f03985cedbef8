"""What does a clerk say of one step? Read, received, left out, repeated; typed as text and kept as marks."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from pydantic import ValidationError

from backoffice.errors import Invalid
from backoffice.recordings.models import BotVersion
from backoffice.recordings.workflow import Purpose
from backoffice.recordings.writing import cells_of, columns_of, files_asked, tables_of
from backoffice.web.answers_in import label_of
from backoffice.web.translations import _
from forms.definition import FormDefinition
from rpa_bots.recording.tape.marks import (
    Column,
    Condition,
    Download,
    Looking,
    Marked,
    Reading,
    Repeat,
    looking_in,
    marked,
)
from rpa_bots.recording.tape.reading import UnusableRecordingError
from rpa_bots.recording.tape.steps import Change, Click, CustomStep, Recording, WaitForElement

Choice = tuple[str, str]
TEXT, TABLE, FILE, NEXT = "text", "table", "file", "next"
KINDS = (("", _("PDF、CSV、Excelのどれでも")), ("pdf", "PDF"), ("csv", "CSV"), ("xlsx", "Excel"))
IS = "="
QUEUE_NAME = re.compile(r"\w[\w-]{0,39}")
"""Of a printer's folder."""
UNSAID: Mapping[str, str] = {
    **dict.fromkeys(
        ("take", "name", "key", "label", "columns", "to", "kind", "printer", "if_column", "if_value", "repeat"), ""
    ),
    **dict.fromkeys(("may_be_empty", "proves", "moves"), ""),
    "proof": "page",
}


@dataclass(frozen=True)
class Given:
    """What may be chosen: columns of the record, questions that take what is read, tables of the form."""

    columns: Sequence[Choice]
    takers: Sequence[Choice]
    tables: Sequence[Choice]

    @classmethod
    def of(cls, version: BotVersion, asked: FormDefinition, taking: FormDefinition | None) -> "Given":
        """`asked`: the bot's form; `taking`: the one whose list takes what is read; a look-up compares."""
        columns = columns_of(asked)
        if version.bot.purpose == Purpose.LOOKING_UP:
            takers = columns
        elif taking is not None:
            takers = [(each.key, label_of(each)) for each in taking.questions if each.computed is None]
        else:
            takers = []
        return cls([*columns, *files_asked(asked), *cells_of(asked)], takers, tables_of(asked))


def marks_of(recording: Recording) -> tuple[Marked, ...]:
    """Give the steps with what is said of each; where that makes no sense any more, the steps alone.

    Whoever mends it says it anew; until then `workflow.problems_of` keeps it from being released or run.
    """
    try:
        return marked(recording)
    except UnusableRecordingError:
        steps = enumerate(recording.steps)
        return tuple(Marked(place, step) for place, step in steps if not isinstance(step, CustomStep))


def look_of(recording: Recording) -> Looking | None:
    """Give what is said of a recording that only looks; None also where that makes no sense any more."""
    try:
        return looking_in(recording)
    except UnusableRecordingError:
        return None


def takes_of(said: Marked) -> list[Choice]:
    """Say what may be done at a step beside what was recorded."""
    found: list[Choice] = [("", _("録画のとおりにする"))]
    if isinstance(said.step, Click | WaitForElement):
        found += [(TEXT, _("画面から値を読み取る")), (TABLE, _("画面から表を読み取る"))]
    if isinstance(said.step, Click):
        found += [(FILE, _("ファイルを受け取る")), (NEXT, _("次の頁へ進み、前の表の続きを読み取る"))]
    return found


def typed_of(said: Marked, given: Given) -> dict[str, str]:
    """Write what is said of a step as the page's fields show it."""
    reading, download, labels = said.reading, said.download, dict(given.takers)
    typed = dict(UNSAID)
    if reading:
        columns = [
            f"{each.heading} {IS} {labels.get(each.to, each.to)}" if each.to else each.heading
            for each in reading.columns
        ]
        typed |= {"take": reading.kind, "name": reading.name, "key": reading.key.strip("{}"), "proof": reading.proof}
        typed["label"] = reading.label
        typed |= {"columns": "\n".join(columns), "to": reading.to, "may_be_empty": "on" * reading.may_be_empty}
    elif download:
        typed |= {"take": FILE, "name": download.name, "key": download.key.strip("{}"), "to": download.to}
        typed |= {"kind": next(iter(download.kinds), ""), "printer": download.printer, "proves": "on" * download.proves}
    elif said.turns:
        typed["take"] = NEXT
    condition, repeat = said.condition, said.repeat
    typed |= {"if_column": condition.column, "if_value": condition.equals or ""} if condition else {}
    return typed | ({"repeat": repeat.table, "moves": "on" * repeat.moves} if repeat else {})


def said_in(typed: Mapping[str, str], said: Marked, given: Given) -> Marked:
    """Read what a clerk says of a step. Raises Invalid with a message a field."""
    take = typed.get("take", "")
    if take not in {value for value, _label in takes_of(said)}:
        raise Invalid(_("この手順では選べません。"), {"take": _("選び直してください。")})
    wrong = _wrong_with(typed, take, given)
    if wrong:
        raise Invalid(_("入力を確認してください"), wrong)
    column, table = typed.get("if_column", ""), typed.get("repeat", "")
    try:
        return replace(
            said,
            reading=_reading(typed, take, given) if take in {TEXT, TABLE} else None,
            download=_download(typed) if take == FILE else None,
            turns=take == NEXT,
            condition=Condition(column=column, equals=typed.get("if_value", "").strip() or None) if column else None,
            repeat=Repeat(table=table, moves="moves" in typed) if table else None,
        )
    except ValidationError as broken:
        raise Invalid(_("名前や見出しは60文字までです。"), {"name": _("60文字までにしてください。")}) from broken


def looking_of(typed: Mapping[str, str]) -> Looking | None:
    """Read whether a recording only looks."""
    if "looks" not in typed:
        return None
    return Looking(nothing=typed.get("nothing", "").strip(), list=typed.get("list", ""))


def in_words(said: Marked, tables: Mapping[str, str], columns: Mapping[str, str]) -> list[tuple[str, dict[str, str]]]:
    """Tell what is said of a step, as sentences with what they are about."""
    found: list[tuple[str, dict[str, str]]] = []
    if said.reading and said.reading.label:
        found.append((_("見出し「%(label)s」を確かめる"), {"label": said.reading.label}))
    if said.download:
        found.append((_("受け取る: %(name)s"), {"name": said.download.name}))
    if said.uploads and isinstance(said.step, Change):
        found.append((_("添付ファイルを入れる"), {}))
    if said.turns:
        found.append((_("次の頁へ進む"), {}))
    if said.repeat:
        found.append((_("行ごとにくり返す: %(table)s"), {"table": tables.get(said.repeat.table, said.repeat.table)}))
    if said.condition:
        column = columns.get(said.condition.column, said.condition.column)
        if said.condition.equals is None:
            found.append((_("「%(column)s」が空なら飛ばす"), {"column": column}))
        else:
            about = {"column": column, "value": said.condition.equals}
            found.append((_("「%(column)s」が「%(value)s」のときだけ"), about))
    return found


def _wrong_with(typed: Mapping[str, str], take: str, given: Given) -> dict[str, str]:
    wrong: dict[str, str] = {}
    columns, tables = {key for key, _label in given.columns}, {key for key, _label in given.tables}
    if take in {TEXT, TABLE, FILE}:
        if not typed.get("name", "").strip():
            wrong["name"] = _("名前を入れてください。")
        if typed.get("key", "") not in columns:
            wrong["key"] = _("この記録のものだと示す値を選んでください。")
    if take == TABLE and _unknown_takers(typed, given):
        wrong["columns"] = _("入れる欄の名前がありません。見出しと「=」の後を確かめてください。")
    if take == TABLE and not _lines(typed):
        wrong["columns"] = _("読み取る列の見出しを、1行に1つ入れてください。")
    if (printer := typed.get("printer", "").strip()) and not QUEUE_NAME.fullmatch(printer):
        wrong["printer"] = _("置き場所の名前は、文字・数字・「-」で40文字までです。")
    if typed.get("if_column", "") not in {"", *columns}:
        wrong["if_column"] = _("欄を選んでください。")
    if typed.get("repeat", "") not in {"", *tables}:
        wrong["repeat"] = _("表を選んでください。")
    return wrong


def _lines(typed: Mapping[str, str]) -> list[tuple[str, str]]:
    """Give heading and the name behind the last `=` of each line; "" where there is none."""
    found = []
    for line in filter(None, map(str.strip, typed.get("columns", "").splitlines())):
        heading, equals, name = line.rpartition(IS)
        found.append((heading.strip(), name.strip()) if equals else (line, ""))
    return found


def _unknown_takers(typed: Mapping[str, str], given: Given) -> list[str]:
    names = {name for taker in given.takers for name in taker}
    return [name for _heading, name in _lines(typed) if name and name not in names]


def _reading(typed: Mapping[str, str], take: str, given: Given) -> Reading:
    keys = {label: key for key, label in given.takers} | {key: key for key, _label in given.takers}
    table = take == TABLE
    return Reading(
        name=typed["name"].strip(),
        kind="table" if table else "text",
        key=f"{{{{{typed['key']}}}}}",
        label="" if table else typed.get("label", "").strip(),
        proof="row" if table and typed.get("proof") == "row" else "page",
        to="" if table else typed.get("to", ""),
        columns=tuple(Column(heading=heading, to=keys.get(name, "")) for heading, name in _lines(typed))
        if table
        else (),
        may_be_empty="may_be_empty" in typed,
    )


def _download(typed: Mapping[str, str]) -> Download:
    kind = typed.get("kind", "")
    return Download.model_validate(
        {
            "name": typed["name"].strip(),
            "key": f"{{{{{typed['key']}}}}}",
            "kinds": (kind,) if kind else (),
            "proves": "proves" in typed,
            "to": typed.get("to", ""),
            "printer": typed.get("printer", "").strip(),
        }
    )
