"""What would change, compared with the office as it stands? Pure: nothing is looked up and nothing is done here.

The file is the whole city: who is not in it leaves, which department is not in it closes. Of roles it speaks only where
it has a column for them. Whoever moves takes no role along: all end, and those in the file begin.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from backoffice.accounts.hr_import.roster import Person, Roster, Trouble, Unit
from backoffice.identity import Role
from backoffice.web.translations import _


@dataclass(frozen=True)
class UnitNow:
    id: int
    code: str | None
    name: str
    short_name: str
    parent_id: int | None
    closed: bool


@dataclass(frozen=True)
class GrantNow:
    """A role that a person would still hold on the day."""

    id: int
    role: Role
    unit_id: int


@dataclass(frozen=True)
class PersonNow:
    id: int
    account: str
    name: str
    unit_id: int
    active: bool
    mail: str | None
    stays: bool
    """Not the file's business when it does not name them: accounts for emergencies, and whoever brought the file."""
    grants: tuple[GrantNow, ...] = ()


@dataclass(frozen=True)
class Office:
    """The office as it stands, on the day the file takes effect."""

    units: Sequence[UnitNow]
    people: Sequence[PersonNow]
    bringer: str
    """The account of whoever brought the file: it never gives them a role."""


@dataclass(frozen=True)
class PersonChange:
    """What the file changes for one person who is there already."""

    now: PersonNow
    then: Person
    moves: bool
    renamed: bool
    returns: bool
    mail_changes: bool
    gained: tuple[Role, ...]
    lost: tuple[GrantNow, ...]


@dataclass(frozen=True)
class UnitChange:
    now: UnitNow
    then: Unit
    renamed: bool
    moves: bool
    adopted: bool
    """Made by hand before; the file's code is put to it."""
    reopens: bool


@dataclass(frozen=True)
class Differences:
    new_units: tuple[Unit, ...] = ()
    """Each after the one above it."""
    unit_changes: tuple[UnitChange, ...] = ()
    closing: tuple[UnitNow, ...] = ()
    joins: tuple[Person, ...] = ()
    changes: tuple[PersonChange, ...] = ()
    leaves: tuple[PersonNow, ...] = ()
    staying: tuple[PersonNow, ...] = ()
    """Not in the file, and none of its business."""
    troubles: tuple[Trouble, ...] = field(default=())

    @property
    def counts(self) -> dict[str, int]:
        return {
            "joins": len(self.joins),
            "leaves": len(self.leaves),
            "moves": sum(change.moves for change in self.changes),
            "renames": sum(change.renamed for change in self.changes),
            "returns": sum(change.returns for change in self.changes),
            "roles_gained": sum(len(person.roles) for person in self.joins) + sum(len(c.gained) for c in self.changes),
            "roles_lost": sum(len(c.lost) for c in self.changes) + sum(len(person.grants) for person in self.leaves),
            "new_units": len(self.new_units),
            "renamed_units": sum(change.renamed for change in self.unit_changes),
            "moved_units": sum(change.moves for change in self.unit_changes),
            "closing": len(self.closing),
        }

    @property
    def nothing(self) -> bool:
        touched = (self.new_units, self.unit_changes, self.closing, self.joins, self.changes, self.leaves)
        return not any(touched)


def compare(office: Office, roster: Roster) -> Differences:
    """Give what the file would change, and what speaks against it."""
    found = _match_units(office.units, roster)
    by_account = {person.account: person for person in office.people}
    changes = tuple(_changes_of_people(by_account, roster, found))
    absent = [person for person in office.people if person.account not in roster.people and person.active]
    leaves = tuple(person for person in absent if not person.stays)
    staying = tuple(person for person in absent if person.stays)
    kept = {found[code].id for code in roster.units if code in found}
    return Differences(
        new_units=tuple(unit for unit in _from_the_top(roster.units) if unit.code not in found),
        unit_changes=tuple(_changes_of_units(found, roster)),
        closing=tuple(_closing(office.units, kept, {person.unit_id for person in staying})),
        joins=tuple(person for account, person in roster.people.items() if account not in by_account),
        changes=changes,
        leaves=leaves,
        staying=staying,
        troubles=tuple(_troubles(office, roster, found, changes)),
    )


def _match_units(units: Sequence[UnitNow], roster: Roster) -> dict[str, UnitNow]:
    """Find each unit of the file: by its code, or by its name where exactly one made by hand bears it."""
    by_code = {unit.code: unit for unit in units if unit.code}
    by_hand: dict[str, list[UnitNow]] = {}
    for unit in units:
        if unit.code is None:
            by_hand.setdefault(unit.name, []).append(unit)
    found = {}
    for code, wanted in roster.units.items():
        same_name = by_hand.get(wanted.name, [])
        if code in by_code:
            found[code] = by_code[code]
        elif len(same_name) == 1:
            found[code] = same_name.pop()
    return found


def _from_the_top(units: Mapping[str, Unit]) -> Iterator[Unit]:
    below: dict[str, list[Unit]] = {}
    for unit in units.values():
        below.setdefault(unit.parent, []).append(unit)
    waiting = list(below.get("", []))
    while waiting:
        unit = waiting.pop(0)
        yield unit
        waiting += below.get(unit.code, [])


def _changes_of_units(found: Mapping[str, UnitNow], roster: Roster) -> Iterator[UnitChange]:
    for code, now in found.items():
        then = roster.units[code]
        above = found.get(then.parent)
        change = UnitChange(
            now,
            then,
            renamed=now.name != then.name or then.short_name not in {"", now.short_name},
            moves=bool(then.parent) and (above is None or above.id != now.parent_id),
            adopted=now.code is None,
            reopens=now.closed,
        )
        if change.renamed or change.moves or change.adopted or change.reopens:
            yield change


def _closing(units: Sequence[UnitNow], kept: set[int], lived_in: set[int]) -> Iterator[UnitNow]:
    """Give the file's own units that it names no more; one where somebody stays, or above such a one, stays open."""
    above = {unit.id: unit.parent_id for unit in units}
    needed = set(kept)
    by_hand = {unit.id for unit in units if unit.code is None and not unit.closed}
    for unit_id in lived_in | by_hand:
        step: int | None = unit_id
        while step is not None:
            needed.add(step)
            step = above.get(step)
    return (unit for unit in units if unit.code and not unit.closed and unit.id not in needed)


def _changes_of_people(
    by_account: Mapping[str, PersonNow], roster: Roster, found: Mapping[str, UnitNow]
) -> Iterator[PersonChange]:
    for account, then in roster.people.items():
        if account not in by_account:
            continue
        now = by_account[account]
        unit = found.get(then.unit)
        moves = unit is None or unit.id != now.unit_id
        change = PersonChange(
            now,
            then,
            moves=moves,
            renamed=now.name != then.name,
            returns=not now.active,
            mail_changes=roster.has_mail and now.mail != then.mail,
            gained=tuple(_gained(now, then, unit)) if roster.has_roles else (),
            lost=tuple(_lost(now, then, unit, moves=moves, has_roles=roster.has_roles)),
        )
        if moves or change.renamed or change.returns or change.mail_changes or change.gained or change.lost:
            yield change


def _gained(now: PersonNow, then: Person, unit: UnitNow | None) -> Iterable[Role]:
    held = {grant.role for grant in now.grants if unit is not None and grant.unit_id == unit.id}
    return (role for role in then.roles if role not in held)


def _lost(now: PersonNow, then: Person, unit: UnitNow | None, *, moves: bool, has_roles: bool) -> Iterator[GrantNow]:
    for grant in now.grants:
        wanted = has_roles and unit is not None and grant.unit_id == unit.id and grant.role in then.roles
        stays_elsewhere = not moves and (grant.unit_id != now.unit_id or not has_roles)
        if not wanted and not stays_elsewhere:
            yield grant


def _troubles(
    office: Office, roster: Roster, found: Mapping[str, UnitNow], changes: Sequence[PersonChange]
) -> Iterator[Trouble]:
    for change in changes:
        if change.now.account == office.bringer and change.gained:
            yield Trouble(change.then.line, _("自分に役割を与えることはできません。"))
    top_now = {unit.id for unit in office.units if unit.parent_id is None}
    for code, unit in roster.units.items():
        if not unit.parent and top_now and (code not in found or found[code].id not in top_now):
            yield Trouble(
                0,
                _("最上位の所属 %(name)s が、今の最上位と違います。所属コードか名前を合わせてください。"),
                {"name": unit.name},
            )
