"""How does somebody get to see whom a rule reaches? Within a budget, measured against earlier looks, every look kept.

A look is paid for before it is made, so that nobody gets more by asking many times at once; the city is read and
counted outside any transaction.
"""

from dataclasses import asdict, dataclass, replace
from datetime import date, timedelta
from typing import Any, cast

from sqlalchemy import func, select

from backoffice.errors import Invalid, NotPermitted, TooSoon
from backoffice.identity import Actor, Permission, Role
from backoffice.identity.permissions import ROLE_PERMISSIONS
from backoffice.programs import queries
from backoffice.programs.events import PreviewRefused, PreviewSeen
from backoffice.programs.models import PreviewLook, Program, ProgramVersion
from backoffice.programs.sheets import rule_kept
from backoffice.residents.models import Snapshot
from backoffice.residents.opening import load_snapshot
from backoffice.residents.queries import newest_snapshot
from backoffice.services import TOKYO
from backoffice.web.translations import _
from backoffice.work import Office, Work
from workflows.rules import UnaskableError, read_population
from workflows.rules.binding import bound
from workflows.rules.facts import CITY_FACTS
from workflows.rules.parameters import NO_PARAMETERS, ParameterTroubleError
from workflows.rules.preview import RuleToPreview, preview
from workflows.rules.reading import rule_of
from workflows.rules.tree import Node
from workflows.rules.writing import fingerprint, written

LOOKS_AT_A_PROGRAM = 20
"""Different rules that one person may look at a day for one program."""
LOOKS_A_DAY = 60
"""The same over all programs, so that many drafts are no way around."""
WHOLE_CITY = frozenset({Role.DX_OFFICE, Role.PRIVACY_OFFICER})
"""They look over all departments' programs, wherever they sit."""
REMEMBERED = timedelta(days=60)
MOST_EARLIER = 240
"""Earlier rules that a look is measured against: what a person and a program can come to in some days."""


@dataclass(frozen=True)
class Paid:
    """A look that stands in the books and is still to be made."""

    look_id: int
    asked: RuleToPreview
    snapshot_id: int
    people: int
    """Of the snapshot, as its page tells them."""
    as_of: date


def look_at_counts(office: Office, actor: Actor, version_id: int) -> PreviewLook:
    """Count whom a version's rule reaches today and give the look; one that was made before is given again.

    Raises Invalid without a rule or a snapshot, TooSoon when the day's budget is spent, NotPermitted for whoever sees
    no counts of this department.
    """
    with office.unit(actor) as work:
        version = queries.find_version(work.session, version_id)
        must_reach(work, version)
        snapshot = snapshot_for(work)
        own = look_made(work, version, snapshot)
        if own is not None:
            work.record(PreviewSeen(version.program_id, version.id, own.id))
            return own
        paid = _pay(work, version, snapshot)
    try:
        population = load_snapshot(office, actor, paid.snapshot_id, read_population)
        asked = replace(paid.asked, by_hand=paid.people - population.size)
        seen = asdict(preview(asked, population, NO_PARAMETERS, paid.as_of))
    except UnaskableError as trouble:
        _refuse(office, actor, version, paid, "not_asked")
        raise Invalid(_("ルールに直す点があるため、試算できません。ルールの点検を見てください。")) from trouble
    with office.unit(actor) as work:
        look = work.session.scalars(select(PreviewLook).where(PreviewLook.id == paid.look_id)).one()
        look.shown = {**look.shown, "counts": seen}
        work.record(PreviewSeen(version.program_id, version.id, look.id))
    return look


def pay_for_run(work: Work, version: ProgramVersion, snapshot: Snapshot, asked: Node | None) -> None:
    """Put the counts that a run is about to tell in the books like a look: it is paid for, and later ones know of it.

    `asked`: what the run asks, its thresholds written in. Raises TooSoon when the day's budget is spent.
    """
    queries.lock_program(work.session, version.program_id)
    if not looks_left(work, version):
        raise TooSoon(_("今日の試算と配信の回数を使い切りました。明日また試せます。"), seconds=until_tomorrow(work))
    if asked is not None:
        _book(work, version, snapshot, asked, fingerprint(asked))


def must_reach(work: Work, version: ProgramVersion) -> None:
    """Raise NotPermitted for whoever may not see counts for the program's department."""
    if not may_look(work.actor, version, Permission.PROGRAM_PREVIEW):
        raise NotPermitted(_("この制度の試算を見られるのは、所管する部署とDX戦略部の職員だけです。"))


def may_look(actor: Actor, version: ProgramVersion, permission: Permission) -> bool:
    """Say whether somebody looks at residents for a program: in its department, or for the whole city by their role."""
    return may_look_at(actor, version.program, permission)


def may_look_at(actor: Actor, program: Program, permission: Permission) -> bool:
    """Say the same of a program."""
    roles = {grant.role for grant in actor.grants} & WHOLE_CITY
    whole_city = any(permission in ROLE_PERMISSIONS[role] for role in roles)
    return whole_city or actor.reaches(permission, program.department.path)


def snapshot_for(work: Work) -> Snapshot:
    """Give the newest snapshot. Raises Invalid where none has been taken in."""
    snapshot = newest_snapshot(work.session, work.today)
    if snapshot is None:
        raise Invalid(_("住民データがまだ取り込まれていないため、試算できません。"))
    return snapshot


def look_made(work: Work, version: ProgramVersion, snapshot: Snapshot) -> PreviewLook | None:
    """Give the look with counts that the person had today at this very rule: with these thresholds, on this snapshot.

    A colleague's look is no answer here: what one sees is one's own, and the next is measured against it.
    """
    asked = _asked(work, version)
    if asked is None:
        return None
    made = work.session.scalars(
        select(PreviewLook)
        .where(
            PreviewLook.program_id == version.program_id,
            PreviewLook.day == work.today,
            PreviewLook.staff_id == work.actor.staff_id,
            PreviewLook.rule_hash == _hash(*asked),
            PreviewLook.snapshot_hash == snapshot.file.sha256,
        )
        .order_by(PreviewLook.id)
    ).all()
    return next((look for look in made if look.shown.get("counts") is not None), None)


def looks_left(work: Work, version: ProgramVersion) -> int:
    """Give how many different rules the person may still look at today for the program."""
    counts = _looks_today(work, version.program_id)
    return max(0, min(LOOKS_AT_A_PROGRAM - counts[0], LOOKS_A_DAY - counts[1]))


def _looks_today(work: Work, program_id: int) -> tuple[int, int]:
    mine = select(func.count()).select_from(PreviewLook)
    mine = mine.where(PreviewLook.staff_id == work.actor.staff_id, PreviewLook.day == work.today)
    here = work.session.scalar(mine.where(PreviewLook.program_id == program_id)) or 0
    return here, work.session.scalar(mine) or 0


def _pay(work: Work, version: ProgramVersion, snapshot: Snapshot) -> Paid:
    asked = _asked(work, version)
    if asked is None or work.actor.staff_id is None:
        raise Invalid(_("ルールに直す点があるため、試算できません。ルールの点検を見てください。"))
    # Whoever else looks at this program at the same time waits here, and is measured against this look.
    queries.lock_program(work.session, version.program_id)
    if not looks_left(work, version):
        raise TooSoon(_("今日の試算の回数を使い切りました。明日また試せます。"), seconds=until_tomorrow(work))
    rule, current = asked
    earlier = _earlier(work, version)
    look = _book(work, version, snapshot, rule, _hash(rule, current))
    return Paid(look.id, RuleToPreview(rule, current, earlier), snapshot.id, snapshot.people, work.today)


def _book(work: Work, version: ProgramVersion, snapshot: Snapshot, rule: Node, rule_hash: str) -> PreviewLook:
    look = PreviewLook(
        program_id=version.program_id,
        staff_id=work.actor.staff_id,
        day=work.today,
        looked_at=work.now,
        rule_hash=rule_hash,
        snapshot_hash=snapshot.file.sha256,
        shown={"schema": 1, "rule": written(rule)},
    )
    work.session.add(look)
    work.session.flush()
    return look


def _asked(work: Work, version: ProgramVersion) -> tuple[Node, Node | None] | None:
    """Give the rule and the one in force, today's thresholds written into both; None where it cannot be asked.

    Kept so, an earlier look stays what it was when a threshold is changed: else the change itself would be the twin.
    """
    today, parameters = work.today, queries.parameters(work.session)
    rule = rule_kept(version)
    current = queries.in_force(work.session, version.program_id, today)
    held = None if current is None or current.id == version.id else rule_kept(current)
    if rule is None:
        return None
    try:
        return bound(rule, parameters, today), None if held is None else bound(held, parameters, today)
    except ParameterTroubleError:
        return None


def _earlier(work: Work, version: ProgramVersion) -> list[Node]:
    """Give the rules that the person has looked at, or anybody for this program: the newest of them, the oldest first.

    Also those whose counts are still being made: two near twins asked for at once would else not know of each other.
    """
    since = work.today - REMEMBERED
    found = work.session.scalars(
        select(PreviewLook.shown)
        .where(
            (PreviewLook.staff_id == work.actor.staff_id) | (PreviewLook.program_id == version.program_id),
            PreviewLook.day >= since,
        )
        .order_by(PreviewLook.id.desc())
        .limit(MOST_EARLIER)
    ).all()
    kept = [cast("dict[str, Any]", shown["rule"]) for shown in found if "refused" not in shown]
    return [rule_of(rule, CITY_FACTS) for rule in reversed(kept)]


def _refuse(office: Office, actor: Actor, version: ProgramVersion, paid: Paid, code: str) -> None:
    """Note a look that came to nothing; it stays paid for."""
    with office.unit(actor) as work:
        look = work.session.scalars(select(PreviewLook).where(PreviewLook.id == paid.look_id)).one()
        look.shown = {**look.shown, "refused": code}
        work.record(PreviewRefused(version.program_id, version.id, code))


def until_tomorrow(work: Work) -> int:
    """Give the seconds until a day's budget comes back."""
    now = work.now.astimezone(TOKYO)
    return int((now.replace(hour=0, minute=0, second=0) + timedelta(days=1) - now).total_seconds())


def _hash(rule: Node, current: Node | None) -> str:
    return fingerprint(*(node for node in (rule, current) if node is not None))
