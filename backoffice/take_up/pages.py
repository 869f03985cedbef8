"""What is shown of take-up: figures that are rounded and suppressed already, the same words for none told as ever."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from backoffice.audiences.models import NoticeRun
from backoffice.programs.models import Program
from backoffice.services import TOKYO
from backoffice.take_up.counting import TOO_FEW, suggestions
from backoffice.take_up.models import GrantedList, TakeUp
from backoffice.web import Page
from backoffice.web.showing import age_band, number
from backoffice.web.translations import _, language_now, translate
from forms.ages import fiscal_year
from workflows.rules.disclosure import SMALLEST
from workflows.rules.facts import CITY_FACTS
from workflows.rules.preview import UNKNOWN, WARD
from workflows.rules.take_up import NOT, REFUSED, TOOK, Missed

MISSED_NAMES: Mapping[Missed, str] = {
    Missed.NOT_RESIDENT: _("住民データにいない(転入など)"),
    Missed.HELD_BACK: _("送る直前に止めたか、送れなかった"),
    Missed.NOT_REGISTERED: _("登録していない"),
    Missed.NO_ADDRESS: _("届け先かカードの確認がない"),
    Missed.NO_CONSENT: _("同意がない"),
    Missed.UNKNOWN: _("データがない"),
    Missed.RULE: _("条件に当たらない"),
}
AGE = "age"
TABLE_NAMES: Mapping[str, str] = {
    "ward": _("区"),
    AGE: _("年齢"),
    "channel": _("届け方"),
    "language": _("ことば"),
}
CELL_NAMES: Mapping[str, str] = {
    "mail": _("メール"),
    "line": "LINE",
    "ja": _("日本語"),
    "easy": _("やさしい日本語"),
    "en": _("英語"),
    UNKNOWN: _("分からない"),
}
FAILURES: Mapping[str, str] = {
    "Invalid": _("ルールか住民データがありません。"),
    "NotThere": _("配信のときの住民データが、もうありません。"),
    "ParameterTroubleError": _("基準額の値がありません。"),
    TOO_FEW: _("支給の一覧がまだ30人に満たないため、出しません。足した一覧が合わせて30人になると出ます。"),
    "UnaskableError": _("今の住民データでは、このルールを調べられません。"),
}


@dataclass(frozen=True)
class RunRow:
    run: NoticeRun
    take_up: TakeUp | None
    trouble: str
    """A msgid."""
    told: str
    took_up: str
    refused: str
    precision: str
    recall: str

    @classmethod
    def of(cls, run: NoticeRun, take_up: TakeUp | None) -> "RunRow":
        counts = {} if take_up is None else take_up.counts
        return cls(
            run,
            take_up,
            "" if take_up is None else FAILURES.get(take_up.trouble, ""),
            people(counts.get("told")),
            people(counts.get(TOOK)),
            people(counts.get(REFUSED)),
            percent(counts.get("precision")),
            percent(counts.get("recall")),
        )


@dataclass(frozen=True)
class YearRow:
    """A fiscal year of a program: its runs together, as far as each is told; None where none is."""

    year: int
    runs: int
    counted: int
    told: int | None
    took_up: int | None
    refused: int | None
    precision: int | None

    @property
    def in_words(self) -> tuple[str, str, str, str]:
        return people(self.told), people(self.took_up), people(self.refused), percent(self.precision)


def years_of(rows: Sequence[RunRow]) -> list[YearRow]:
    """Give the fiscal years in which runs began, the newest first.

    Sums of what is told of each run, and of nothing else: they tell no more than the lines above them.
    """
    by_year: dict[int, list[Mapping[str, Any]]] = defaultdict(list)
    for row in rows:
        if row.run.began_at is not None:
            year = fiscal_year(row.run.began_at.astimezone(TOKYO).date())
            by_year[year].append({} if row.take_up is None else row.take_up.counts)
    return [_year(year, counts) for year, counts in sorted(by_year.items(), reverse=True)]


def _year(year: int, runs: Sequence[Mapping[str, Any]]) -> YearRow:
    both = [each for each in runs if each.get("told") is not None and each.get(TOOK) is not None]
    told, took_up = (sum(each[name] for each in both) for name in ("told", TOOK))
    refused = [each[REFUSED] for each in both if each.get(REFUSED) is not None]
    return YearRow(
        year,
        runs=len(runs),
        counted=len(both),
        told=told if both else None,
        took_up=took_up if both else None,
        refused=sum(refused) if refused else None,
        precision=min(100, round(100 * took_up / told)) if told else None,
    )


@dataclass(frozen=True)
class Expected:
    """What the sheet expected beside what came."""

    name: str
    expected: str
    actual: str


@dataclass(frozen=True, kw_only=True)
class TakeUpsPage(Page):
    program: Program
    name: str
    """Of the program; its number where no version is in force."""
    rows: Sequence[RunRow]
    years: Sequence[YearRow]
    lists: Sequence[tuple[GrantedList, str]]
    """Each with how many people it names, as that may be told."""
    days: int
    may_bring: bool
    burden: Sequence[Expected]
    wrong: Mapping[str, str] = field(default_factory=dict)
    params: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True)
class Cell:
    name: str
    took_up: str
    not_taken: str
    share: str


@dataclass(frozen=True)
class Figures:
    """What came of one run, in words."""

    told: str
    took_up: str
    in_vain: str
    refused: str
    granted: str
    untold: str
    precision: str
    recall: str
    tables: Sequence[tuple[str, Sequence[Cell]]]
    missed: Sequence[tuple[str, str]]
    suggested: Sequence[tuple[str, str]]
    """Conditions and for how many of those who were granted the program they said no."""

    @classmethod
    def of(cls, counts: Mapping[str, Any]) -> "Figures":
        return cls(
            **{name: people(counts[name]) for name in ("told", TOOK, "in_vain", "granted", "untold")},
            refused=people(counts.get(REFUSED)),
            **{name: percent(counts[name]) for name in ("precision", "recall")},
            tables=[(TABLE_NAMES[name], _cells(name, cells)) for name, cells in counts["groups"].items()],
            missed=[(MISSED_NAMES[why], people(counts["missed"].get(why))) for why in Missed],
            suggested=[(words, people(count)) for words, count in suggestions(counts)],
        )


@dataclass(frozen=True, kw_only=True)
class TakeUpPage(Page):
    run: NoticeRun
    name: str
    days: int
    counted_at: datetime | None
    trouble: str
    figures: Figures | None
    before: tuple[str, Figures] | None
    """The number of the run before, and what came of it."""


def people(count: int | None) -> str:
    """Say a count as it may be told."""
    return (
        translate(_("%(few)s人未満か、伏せる数"), few=SMALLEST)
        if count is None
        else translate(_("約%(n)s人"), n=number(count))
    )


def percent(share: int | None) -> str:
    return "—" if share is None else translate(_("約%(n)s%%"), n=share)


def _cells(table: str, cells: Mapping[str, Mapping[str, int | None]]) -> Sequence[Cell]:
    names = _names(table)
    return [
        Cell(
            names.get(code) or (age_band(code) if table == AGE else code),
            people(sides[TOOK]),
            people(sides[NOT]),
            percent(_share(sides)),
        )
        for code, sides in sorted(cells.items(), key=lambda each: _place(names, each[0]))
    ]


def _names(table: str) -> Mapping[str, str]:
    if table != WARD:
        return {code: translate(name) for code, name in CELL_NAMES.items()}
    choices = CITY_FACTS.held_in(WARD)
    is_english = language_now() == "en"
    wards = {} if choices is None else {each.code: each.en if is_english else each.ja for each in choices.choices}
    return {**wards, UNKNOWN: translate(CELL_NAMES[UNKNOWN])}


def _place(names: Mapping[str, str], code: str) -> tuple[int, int, str]:
    """Order cells as the office does: wards and channels as they are listed, ages by their first year."""
    first = code.partition("-")[0]
    listed = list(names).index(code) if code in names else len(names)
    return (listed, int(first) if first.isdecimal() else 0, code)


def _share(sides: Mapping[str, int | None]) -> int | None:
    took, left = sides[TOOK], sides[NOT]
    return None if took is None or left is None or not took + left else round(100 * took / (took + left))
