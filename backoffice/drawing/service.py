"""What is done with routes: drawn as drafts, proposed, put into force by a second person; the shipped ones taken in."""

from datetime import date

from sqlalchemy import func, select

from backoffice.drawing.checking import keeps_from_force, problems_of
from backoffice.drawing.events import (
    RouteActivated,
    RouteCalledOff,
    RouteCopied,
    RouteDiscarded,
    RouteDrawn,
    RouteProposed,
    RouteShipped,
    RouteTakenBack,
    RouteUploaded,
)
from backoffice.drawing.models import RouteAuthor, RouteVersion
from backoffice.drawing.overruling import must_overrule_knowingly, put_into_force_since
from backoffice.drawing.queries import list_versions
from backoffice.drawing.workflow import VersionState
from backoffice.errors import Invalid, NotPermitted, Overtaken
from backoffice.identity import Staff
from backoffice.web.free_text import note_given
from backoffice.web.translations import _, translate
from backoffice.work import Work
from workflows import catalogue
from workflows.routes import RouteKind, RouteRefused, WrittenTable, accept_drawing, with_table

SHIPPED_FROM = date(2026, 4, 1)


def take_in_shipped(work: Work) -> int:
    """Put the shipped routes into force for kinds that have no version yet, and give how many."""
    known = set(work.session.scalars(select(RouteVersion.kind).distinct()))
    missing = [shipped for shipped in catalogue.every_route() if str(shipped.kind) not in known]
    for shipped in missing:
        version = RouteVersion(
            kind=str(shipped.kind),
            number=1,
            state=VersionState.ACTIVE,
            bpmn=shipped.route.xml.decode(),
            drafted_at=work.now,
            activated_at=work.now,
            effective_from=SHIPPED_FROM,
        )
        work.session.add(version)
        work.session.flush()
        work.record(RouteShipped(version.id, version.kind, version.number))
    return len(missing)


def copy_version(work: Work, original: RouteVersion, note: str) -> RouteVersion:
    """Begin a draft with the drawing of another version of the same kind. Raises Invalid for a note too long.

    Whoever drew on an original that no second person has put into force is an author of the copy too.
    """
    copied = _draft(work, RouteKind(original.kind), original.bpmn, note)
    if original.state != VersionState.ACTIVE:
        drew = select(RouteAuthor.staff_id).where(RouteAuthor.version_id == original.id)
        for staff_id in work.session.scalars(drew).all():
            _note_author(work, copied, staff_id)
    work.record(RouteCopied(copied.id, copied.kind, copied.number, original.id))
    return copied


def accepted(xml: bytes, field: str) -> str:
    """Give a drawing as it is kept, outside any unit. Raises Invalid, naming `field`, where it can be no route."""
    try:
        return accept_drawing(xml).decode()
    except RouteRefused as refused:
        said = " ".join(translate(problem.message, **problem.params) for problem in refused.problems[:5])
        raise Invalid(said, {field: said}) from refused


def take_in_file(work: Work, kind: RouteKind, bpmn: str, note: str) -> RouteVersion:
    """Begin a draft with the drawing of a file that was `accepted`. Raises Invalid for a note too long."""
    taken = _draft(work, kind, bpmn, note)
    work.record(RouteUploaded(taken.id, taken.kind, taken.number))
    return taken


def save_drawing(work: Work, version: RouteVersion, seen: int, bpmn: str, note: str) -> None:
    """Keep what was drawn and `accepted`, right or not. Raises Overtaken where another was faster."""
    _must_be(work, version, VersionState.DRAFT, seen)
    version.note, version.bpmn = note_given(note, "note"), bpmn
    _drawn(work, version)


def save_table(work: Work, version: RouteVersion, seen: int, element_id: str, table: WrittenTable) -> None:
    """Put a decision table into a draft. Raises Overtaken, Invalid for one too large, LookupError for no such task."""
    _must_be(work, version, VersionState.DRAFT, seen)
    version.bpmn = accepted(with_table(version.bpmn.encode(), element_id, table), "table")
    _drawn(work, version)


def propose(work: Work, version: RouteVersion, seen: int) -> None:
    """Ask a second person to put a draft into force. Raises Invalid while anything in it is to be mended."""
    _must_be(work, version, VersionState.DRAFT, seen)
    _must_be_right(work, version)
    version.state, version.proposed_at = VersionState.PROPOSED, work.now
    _note_author(work, version, work.actor.staff_id)
    work.record(RouteProposed(version.id, version.kind, version.number))


def take_back(work: Work, version: RouteVersion) -> None:
    """Make a proposal a draft again, to be drawn on."""
    _must_be(work, version, VersionState.PROPOSED)
    version.state, version.proposed_at = VersionState.DRAFT, None
    work.record(RouteTakenBack(version.id, version.kind, version.number))


def discard(work: Work, version: RouteVersion) -> None:
    """Throw a draft away; its number stays used."""
    _must_be(work, version, VersionState.DRAFT)
    version.state = VersionState.DISCARDED
    work.record(RouteDiscarded(version.id, version.kind, version.number))


def put_into_force(
    work: Work, version: RouteVersion, seen: int, effective_from: date, confirmed: frozenset[int] = frozenset()
) -> None:
    """Let cases that begin on or after a day take this version. Raises NotPermitted for whoever drew or proposed it.

    Raises Invalid where it would overrule a version put into force since it was begun, other than those `confirmed`.
    """
    _must_be(work, version, VersionState.PROPOSED, seen)
    if not is_second_person(work, version):
        raise NotPermitted(
            _("自分が描いた版や提案した版は、自分では有効にできません。DX戦略部のほかの職員に頼んでください。")
        )
    if effective_from < work.today:
        raise Invalid(_("入力を確認してください"), {"effective_from": _("今日より前の日からは有効にできません。")})
    since = put_into_force_since(list_versions(work.session, version.kind), version)
    must_overrule_knowingly(since, version, effective_from, confirmed)
    _must_be_right(work, version)
    version.state, version.effective_from = VersionState.ACTIVE, effective_from
    version.activated_by_id, version.activated_at = work.actor.staff_id, work.now
    work.record(RouteActivated(version.id, version.kind, version.number))


def call_off(work: Work, version: RouteVersion) -> None:
    """Make a version whose day has not come a proposal again. Raises Overtaken once its day is there."""
    _must_be(work, version, VersionState.ACTIVE)
    if version.effective_from is None or version.effective_from <= work.today:
        raise Overtaken(_("この版はもう発効しています。前の図に戻すには、前の版を写して有効にしてください。"))
    version.state, version.effective_from = VersionState.PROPOSED, None
    version.activated_by_id = version.activated_at = None
    work.record(RouteCalledOff(version.id, version.kind, version.number))


def is_second_person(work: Work, version: RouteVersion) -> bool:
    """Say whether the actor had no hand in the drawing of a version nor in its proposal."""
    had_a_hand = select(RouteAuthor.id).where(
        RouteAuthor.version_id == version.id, RouteAuthor.staff_id == work.actor.staff_id
    )
    own = work.actor.staff_id in (None, version.drafted_by_id)
    return not own and work.session.scalar(had_a_hand) is None


def _draft(work: Work, kind: RouteKind, bpmn: str, note: str) -> RouteVersion:
    note = note_given(note, "note")
    # Whoever else begins a draft of this kind now waits here, and then sees this one's number.
    work.session.scalars(
        select(RouteVersion.id)
        .where(RouteVersion.kind == kind)
        .order_by(RouteVersion.number.desc())
        .limit(1)
        .with_for_update()
    ).one_or_none()
    last = work.session.scalar(select(func.max(RouteVersion.number)).where(RouteVersion.kind == kind))
    version = RouteVersion(
        kind=str(kind),
        number=(last or 0) + 1,
        state=VersionState.DRAFT,
        bpmn=bpmn,
        note=note,
        drafted_by_id=work.actor.staff_id,
        drafted_at=work.now,
    )
    work.session.add(version)
    work.session.flush()
    _note_author(work, version, work.actor.staff_id)
    return version


def _drawn(work: Work, version: RouteVersion) -> None:
    _note_author(work, version, work.actor.staff_id)
    work.record(RouteDrawn(version.id, version.kind, version.number))


def _note_author(work: Work, version: RouteVersion, staff_id: int | None) -> None:
    known = select(RouteAuthor.id).where(RouteAuthor.version_id == version.id, RouteAuthor.staff_id == staff_id)
    if staff_id is not None and work.session.scalar(known) is None:
        work.session.add(RouteAuthor(version_id=version.id, staff_id=staff_id))


def _must_be(work: Work, version: RouteVersion, state: VersionState, seen: int | None = None) -> None:
    """Raise Overtaken where the version is not (any more) what the person saw."""
    if version.state == state and seen in (None, version.version):
        return
    name = work.session.scalar(select(Staff.name).where(Staff.id == version.changed_by_id))
    if name is None:
        raise Overtaken(_("この版はもう変わっています。最新の内容を確認してください。"))
    raise Overtaken(_("%(name)sさんがこの版を先に変更しました。最新の内容を確認してください。"), name=name)


def _must_be_right(work: Work, version: RouteVersion) -> None:
    if keeps_from_force(problems_of(work.session, RouteKind(version.kind), version.bpmn)):
        raise Invalid(_("直す点が残っているため、進められません。検査の結果を確認してください。"))
