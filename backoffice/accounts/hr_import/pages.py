"""What does the page of personnel files show?"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from backoffice.accounts.hr_import.differences import Differences, GrantNow, PersonChange
from backoffice.accounts.hr_import.models import HrPlan
from backoffice.accounts.hr_import.queries import PLANNED
from backoffice.accounts.hr_import.roster import COLUMNS, NEEDED, Roster, Trouble
from backoffice.identity.permissions import ROLE_NAMES
from backoffice.web import Page
from backoffice.web.translations import _

MOST_SHOWN = 200
"""Of each kind of change; the count says how many there are."""
COUNT_NAMES = {
    "joins": _("加わる人"),
    "leaves": _("離れる人"),
    "moves": _("異動する人"),
    "renames": _("氏名が変わる人"),
    "returns": _("戻る人"),
    "roles_gained": _("始まる役割"),
    "roles_lost": _("終わる役割"),
    "new_units": _("新しい部署"),
    "renamed_units": _("名前が変わる部署"),
    "moved_units": _("上位が変わる部署"),
    "closing": _("閉じる部署"),
}
STATE_NAMES = {"done": _("取り込みました"), "cancelled": _("取りやめました"), "failed": _("取り込めませんでした")}


@dataclass(frozen=True)
class PersonRow:
    """One person whom the file changes, in a clerk's words."""

    account: str
    name: str
    was: str
    """The department they leave; nothing for who joins."""
    will_be: str
    gained: tuple[str, ...]
    """Msgids."""
    lost: tuple[str, ...]
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Section:
    title: str
    """A msgid."""
    id: str
    total: int
    rows: Sequence[PersonRow]


@dataclass(frozen=True)
class Preview:
    plan: HrPlan
    counts: Sequence[tuple[str, int]]
    units: Sequence[tuple[str, str]]
    """What happens (a msgid), to which department."""
    sections: Sequence[Section]
    troubles: Sequence[Trouble]
    staying: Sequence[str]
    nothing: bool
    is_planned: bool
    may_plan: bool

    @classmethod
    def of(
        cls, plan: HrPlan, differences: Differences, roster: Roster, names: Mapping[int, str], me: int | None
    ) -> "Preview":
        return cls(
            plan=plan,
            counts=named(differences.counts),
            units=_units(differences),
            sections=[section for section in _sections(differences, roster, names) if section.total],
            troubles=differences.troubles,
            staying=[person.name for person in differences.staying],
            nothing=differences.nothing,
            is_planned=plan.state == PLANNED,
            may_plan=plan.uploaded_by_id == me and not differences.troubles and not differences.nothing,
        )


@dataclass(frozen=True, kw_only=True)
class ImportPage(Page):
    may_bring: bool
    preview: Preview | None
    past: Sequence[tuple[HrPlan, str, Sequence[tuple[str, int]]]]
    effective: str
    typed: dict[str, str] = field(default_factory=dict)
    wrong: dict[str, str] = field(default_factory=dict)
    wrong_params: Mapping[str, object] = field(default_factory=dict)
    troubles: Sequence[Trouble] = ()
    troubles_in_all: int = 0
    columns: Sequence[str] = COLUMNS
    needed: Sequence[str] = NEEDED


def named(counts: Mapping[str, int]) -> list[tuple[str, int]]:
    """Give the counts that are not zero, with their msgids."""
    return [(name, counts[key]) for key, name in COUNT_NAMES.items() if counts.get(key)]


def _units(differences: Differences) -> list[tuple[str, str]]:
    found = [(_("新しい部署"), unit.name) for unit in differences.new_units]
    for change in differences.unit_changes:
        if change.renamed:
            found.append((_("名前が変わる部署"), f"{change.now.name} → {change.then.name}"))
        if change.moves:
            found.append((_("上位が変わる部署"), change.then.name))
        if change.reopens:
            found.append((_("また開く部署"), change.then.name))
        if change.adopted:
            found.append((_("所属コードを付ける部署"), f"{change.then.name}({change.then.code})"))
    return found + [(_("閉じる部署"), unit.name) for unit in differences.closing]


def _sections(differences: Differences, roster: Roster, names: Mapping[int, str]) -> list[Section]:
    units = {code: unit.name for code, unit in roster.units.items()}
    moving = [change for change in differences.changes if change.moves]
    staying = [change for change in differences.changes if not change.moves]
    return [
        Section(
            _("離れる人"),
            "leaves",
            len(differences.leaves),
            [
                PersonRow(each.account, each.name, names.get(each.unit_id, ""), "", (), _roles_of(each.grants))
                for each in differences.leaves[:MOST_SHOWN]
            ],
        ),
        Section(
            _("加わる人"),
            "joins",
            len(differences.joins),
            [
                PersonRow(
                    each.account, each.name, "", units[each.unit], tuple(ROLE_NAMES[role] for role in each.roles), ()
                )
                for each in differences.joins[:MOST_SHOWN]
            ],
        ),
        Section(_("異動する人"), "moves", len(moving), [_row(each, units, names) for each in moving[:MOST_SHOWN]]),
        Section(
            _("そのほかの変更"), "others", len(staying), [_row(each, units, names) for each in staying[:MOST_SHOWN]]
        ),
    ]


def _row(change: PersonChange, units: Mapping[str, str], names: Mapping[int, str]) -> PersonRow:
    notes = (
        (change.renamed, _("氏名が変わります")),
        (change.returns, _("利用を再開します")),
        (change.mail_changes, _("メールアドレスが変わります")),
    )
    name = f"{change.now.name} → {change.then.name}" if change.renamed else change.now.name
    return PersonRow(
        change.now.account,
        name,
        names.get(change.now.unit_id, ""),
        units[change.then.unit],
        tuple(ROLE_NAMES[role] for role in change.gained),
        _roles_of(change.lost),
        tuple(text for applies, text in notes if applies),
    )


def _roles_of(grants: Sequence[GrantNow]) -> tuple[str, ...]:
    return tuple(ROLE_NAMES[grant.role] for grant in grants)
