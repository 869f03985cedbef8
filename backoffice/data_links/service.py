"""What is done with agreements: begun, written, sent on their route, narrowed at once, shut, practised."""

import re
from dataclasses import replace

from sqlalchemy import select

from backoffice.accounts.fresh_proof import must_be_fresh
from backoffice.clients.models import MachineClient
from backoffice.data_links import live, queries, signing
from backoffice.data_links.events import (
    LinkApproved,
    LinkBegun,
    LinkConnected,
    LinkDiscarded,
    LinkDrafted,
    LinkDrilled,
    LinkMachineProposed,
    LinkNarrowed,
    LinkReturned,
    LinkShut,
    LinkSubmitted,
    TermsWritten,
)
from backoffice.data_links.matters import blank_terms, matter_of
from backoffice.data_links.models import Link, LinkAuthor, LinkStop, LinkVersion
from backoffice.data_links.sandbox.reporting import in_words, keep, reason_for, report_kept, report_now
from backoffice.data_links.weighing import Weighed, terms_of, weigh
from backoffice.data_links.workflow import OPEN, VersionState
from backoffice.errors import Invalid, NotPermitted, Overtaken
from backoffice.identity import Actor, Permission, Staff
from backoffice.inbox import opening
from backoffice.inbox.events import CaseEnded
from backoffice.inbox.kinds import KINDS
from backoffice.inbox.models import Case
from backoffice.inbox.moving import involve_all
from backoffice.web.free_text import reason_given, words_given
from backoffice.web.translations import _
from backoffice.work import Work
from workflows.links import Impact, Terms, problems_of, written_terms
from workflows.routes import RouteKind

WRONG = _("入力を確認してください")
SUBJECT = "link_version"
"""What a case calls the version that it carries."""
NAME_LIMIT = 100
_CODE = re.compile(r"[a-z][a-z0-9-]{2,39}")


def begin_link(work: Work, code: str, name: str) -> LinkVersion:
    """Begin an agreement in the actor's own department with a draft of its first version. Raises Invalid."""
    if work.actor.staff_id is None or work.actor.department_id is None:
        raise NotPermitted(_("所属のない職員はデータ連携を起こせません。"))
    name = words_given(" ".join(name.split()), "name", NAME_LIMIT)
    if not _CODE.fullmatch(code):
        raise Invalid(
            WRONG,
            {"code": _("記号を、英小文字で始め、英小文字・数字・ハイフンだけで3文字から40文字までで入れてください。")},
        )
    if queries.link_by_code(work.session, code) is not None:
        raise Invalid(WRONG, {"code": _("この記号はもう使われています。")})
    link = Link(code=code, name=name, department_id=work.actor.department_id, begun_at=work.now)
    work.session.add(link)
    work.session.flush()
    version = _draft(work, link, blank_terms(work.today))
    work.record(LinkBegun(link.id, version.id))
    return version


def draft_from(work: Work, link: Link) -> LinkVersion:
    """Begin the next version of an agreement from the one that counts, or from the newest. Raises Overtaken.

    One version at a time is written or on its route, so that two people never approve past each other.
    """
    must_reach(work, link)
    queries.lock_link(work.session, link.id)
    versions = queries.versions_of(work.session, link.id)
    if any(each.state in OPEN for each in versions):
        raise Overtaken(_("この連携には、もう下書きか回議中の版があります。そちらを直してください。"))
    source = queries.version_in_force(work.session, link.id) or versions[0]
    version = _draft(work, link, terms_of(source))
    work.record(LinkDrafted(link.id, version.id))
    return version


def write_terms(work: Work, version: LinkVersion, seen: int, terms: Terms) -> None:
    """Keep what a version says, whole or not. Raises Overtaken, NotPermitted."""
    must_be_writable(work, version, seen)
    version.terms = written_terms(terms)
    work.record(TermsWritten(version.id))
    _written_on(work, version)
    if version.state == VersionState.SUBMITTED and version.case_id is not None:
        case = work.session.get_one(Case, version.case_id)
        kept = report_kept(work, version)
        shown = "" if kept is None else in_words(kept, kept.why)
        subject = (SUBJECT, version.id)
        matter = matter_of(version, weigh(work, version), case.coordinating_department_id, subject, shown)
        opening.mend(work, case, matter)


def write_impact(work: Work, version: LinkVersion, seen: int, impact: Impact) -> None:
    """Keep what was answered about what a version may do to people, whole or not. Raises Overtaken, NotPermitted."""
    write_terms(work, version, seen, replace(terms_of(version), impact=impact))


def discard(work: Work, version: LinkVersion, seen: int) -> None:
    """Throw a draft away; its number stays used."""
    _must_be_own_draft(work, version, seen)
    version.state = VersionState.DISCARDED
    work.record(LinkDiscarded(version.id))


def submit(work: Work, version: LinkVersion, seen: int, source_department_id: int | None, untried: str = "") -> Case:
    """Send a draft on the route for data links; the department whose data it is, is asked there.

    What the partner has shown in the sandbox goes along as it is now; `untried` says why not all of it was shown.

    Raises Invalid, saying what is not whole, Overtaken, NotPermitted.
    """
    _must_be_own_draft(work, version, seen)
    weighed = _must_be_whole(work, version)
    signing.must_be_asked(work)
    if source_department_id is None:
        missing = _("データのもとを持つ部署を選んでください。")
        raise Invalid(missing, {"source": missing})
    report = report_now(work, version)
    why = reason_for(report, untried, narrows=weighed.narrows)
    matter = matter_of(version, weighed, source_department_id, (SUBJECT, version.id), in_words(report, why))
    case = opening.draft(work, KINDS[RouteKind.DATA_LINK], matter)
    # Whoever had a hand in it drafted it, whoever presses the button: no author decides on their own words.
    involve_all(work, case, queries.authors_of(work.session, version.id), "drafter")
    opening.begin(work, case, 1)
    version.state, version.case_id, version.submitted_at = VersionState.SUBMITTED, case.id, work.now
    keep(work, version, case.id, report, why)
    work.record(LinkSubmitted(version.id, case.id))
    return case


def put_in_force(work: Work, version: LinkVersion, seen: int) -> None:
    """Let a version that only closes count at once. Raises Invalid where it opens anything, Overtaken, NotPermitted."""
    queries.lock_link(work.session, version.link_id)
    _must_be_own_draft(work, version, seen)
    if not _must_be_whole(work, version).narrows:
        raise Invalid(_("広げる変更があるか、止めている連携なので、回議で承認を受けてください。"))
    current = queries.version_in_force(work.session, version.link_id)
    version.state, version.in_force_at = VersionState.IN_FORCE, work.now
    version.scope = 1 if current is None else current.scope
    work.record(LinkNarrowed(version.id))


def settle(work: Work, ended: CaseEnded) -> None:
    """Let the end of a case take effect on the version that it carried: in force, or a draft once more."""
    if ended.case_kind != RouteKind.DATA_LINK:
        return
    version = queries.version_of_case(work.session, ended.case_id)
    if version is None or version.state != VersionState.SUBMITTED:
        return
    link = queries.lock_link(work.session, version.link_id)
    # What was mended on the way may have become no whole agreement any more, or none that a privacy officer signed:
    # that never comes into force.
    signed = signing.is_signed(work.session, version)
    if ended.outcome != "approved" or not signed or problems_of(terms_of(version)):
        version.state, version.case_id = VersionState.DRAFT, None
        work.record(LinkReturned(version.id, ended.case_id))
        return
    current = queries.version_in_force(work.session, link.id)
    version.scope = (0 if current is None else current.scope) + (1 if weigh(work, version).asks_anew else 0)
    version.state, version.in_force_at = VersionState.IN_FORCE, work.now
    # Whoever approved a version that was sent before the link was shut did not decide to open it again.
    if link.shut_at is not None and version.submitted_at is not None and version.submitted_at > link.shut_at:
        link.shut_at = None
    work.record(LinkApproved(version.id, ended.case_id, version.scope))


def propose_machine(work: Work, link_id: int, client_id: int | None) -> None:
    """Say which machine is to use a link; it may once somebody else has confirmed it.

    A link that is open keeps its machine: another takes over while it is shut, and the approval that opens it again is
    for it. Raises Invalid for one that is no partner or is taken, FreshProofNeeded as for a key: it lets somebody in.
    """
    must_be_fresh(work)
    link = queries.lock_link(work.session, link_id)
    client = _machine_for(work, link, client_id)
    link.proposed_client_id, link.proposed_by_id = client.id, work.actor.staff_id
    work.record(LinkMachineProposed(link.id, client.id))


def connect(work: Work, link_id: int, client_id: int | None) -> None:
    """Let the machine that a colleague has proposed use a link; it may use no other. Never by who proposed it.

    Raises Overtaken where another one, or none, is proposed by now, NotPermitted, Invalid, FreshProofNeeded.
    """
    must_be_fresh(work)
    link = queries.lock_link(work.session, link_id)
    if link.proposed_client_id is None or link.proposed_client_id != client_id:
        raise Overtaken(_("確かめる外部システムが、先に変わっています。最新の内容を確認してください。"))
    if not may_connect(work.actor, link):
        raise NotPermitted(_("使う外部システムは、選んだ人とは別の職員が確かめます。"))
    link.client_id = _machine_for(work, link, client_id).id
    link.proposed_client_id = link.proposed_by_id = None
    work.record(LinkConnected(link.id, link.client_id))


def may_connect(actor: Actor, link: Link) -> bool:
    """Say whether somebody is the second pair of eyes for the machine of a link: the button asks the same."""
    return actor.may(Permission.CLIENT_EDIT) and actor.staff_id is not None and actor.staff_id != link.proposed_by_id


def shut(work: Work, link_id: int, reason: str) -> LinkStop:
    """Let nothing flow through a link from this moment on. Raises Invalid for no reason given, Overtaken once it is."""
    link = queries.lock_link(work.session, link_id)
    if link.shut_at is not None:
        raise Overtaken(_("この連携はもう止まっています。"))
    stop = _stop(work, link, reason, is_drill=False)
    link.shut_at = work.now
    work.record(LinkShut(link.id, stop.people))
    return stop


def drill(work: Work, link_id: int, reason: str) -> LinkStop:
    """Practise shutting a link: all but the shutting is done, and leaves the same evidence. Raises Invalid."""
    link = queries.lock_link(work.session, link_id)
    stop = _stop(work, link, reason, is_drill=True)
    work.record(LinkDrilled(link.id, stop.people))
    return stop


def may_write(work: Work, version: LinkVersion) -> bool:
    """Say whether the actor may write on a version now: a draft, or one that was sent back to them to mend."""
    if not work.actor.reaches(Permission.LINK_WRITE, version.link.department.path):
        return False
    if version.state == VersionState.DRAFT:
        return True
    if version.state != VersionState.SUBMITTED or version.case_id is None:
        return False
    case = work.session.get_one(Case, version.case_id)
    work.session.refresh(case, ["route_version"])
    return opening.may_mend(work, case)


def must_be_writable(work: Work, version: LinkVersion, seen: int) -> None:
    """Raise NotPermitted or Overtaken where the actor may not write on a version, or has seen an older state of it."""
    must_reach(work, version.link)
    _must_be_as_seen(work, version, seen)
    if not may_write(work, version):
        raise Overtaken(_("この版は今は直せません。下書きか、差し戻された版だけを直せます。"))


def _machine_for(work: Work, link: Link, client_id: int | None) -> MachineClient:
    client = None if client_id is None else queries.partner(work.session, client_id)
    if client is None:
        raise Invalid(WRONG, {"client": _("この連携を使う外部システムを選んでください。")})
    if queries.link_of_client(work.session, client.id) not in (None, link.id):
        raise Invalid(WRONG, {"client": _("この外部システムは、もう別の連携に使われています。")})
    if link.client_id not in (None, client.id) and link.shut_at is None:
        raise Invalid(WRONG, {"client": _("つながっている連携の相手は替えられません。先に連携を止めてください。")})
    return client


def _stop(work: Work, link: Link, reason: str, *, is_drill: bool) -> LinkStop:
    stop = LinkStop(
        link_id=link.id,
        is_drill=is_drill,
        reason=reason_given(reason, "reason"),
        people=live.count_people(work.session, link.id, work.today),
        at=work.now,
        staff_id=work.actor.staff_id,
    )
    work.session.add(stop)
    return stop


def _draft(work: Work, link: Link, terms: Terms) -> LinkVersion:
    version = LinkVersion(
        link_id=link.id,
        number=queries.last_number(work.session, link.id) + 1,
        state=VersionState.DRAFT,
        terms=written_terms(terms),
        drafted_by_id=work.actor.staff_id,
        drafted_at=work.now,
    )
    work.session.add(version)
    work.session.flush()
    _written_on(work, version)
    return version


def _written_on(work: Work, version: LinkVersion) -> None:
    """Remember whose hand it was."""
    if work.actor.staff_id is not None and work.actor.staff_id not in queries.authors_of(work.session, version.id):
        work.session.add(LinkAuthor(version_id=version.id, staff_id=work.actor.staff_id))


def _must_be_whole(work: Work, version: LinkVersion) -> Weighed:
    weighed = weigh(work, version)
    if problems_of(weighed.terms):
        raise Invalid(_("まだそろっていない項目があります。版のページを開いて確かめてください。"))
    if weighed.says_nothing_new:
        raise Invalid(_("有効な版と同じ内容です。変えてから出してください。"))
    return weighed


def _must_be_own_draft(work: Work, version: LinkVersion, seen: int) -> None:
    must_reach(work, version.link)
    _must_be_as_seen(work, version, seen)
    if version.state != VersionState.DRAFT:
        raise Overtaken(_("この版はもう下書きではありません。"))


def must_reach(work: Work, link: Link) -> None:
    if not work.actor.reaches(Permission.LINK_WRITE, link.department.path):
        raise NotPermitted(_("この連携を直せるのは、所管する部署の担当者だけです。"))


def _must_be_as_seen(work: Work, version: LinkVersion, seen: int) -> None:
    if seen == version.version:
        return
    name = work.session.scalar(select(Staff.name).where(Staff.id == version.changed_by_id))
    if name is None:
        raise Overtaken(_("この版はもう変わっています。最新の内容を確認してください。"))
    raise Overtaken(_("%(name)sさんがこの版を先に変更しました。最新の内容を確認してください。"), name=name)
