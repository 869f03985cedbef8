"""How do people talk about a case? Opinions asked for and given (合議), comments that name colleagues."""

import re
from collections.abc import Iterable

from sqlalchemy import select, update

from backoffice.errors import Invalid, NotPermitted, Overtaken
from backoffice.identity import Staff
from backoffice.inbox.events import CommentAdded, OpinionAsked, OpinionGiven
from backoffice.inbox.models import Case, Involvement, Opinion
from backoffice.inbox.moving import add_entry, involve, involve_all
from backoffice.inbox.workflow import CaseState
from backoffice.web.free_text import words_given
from backoffice.web.translations import _
from backoffice.work import Work

MENTION = re.compile(r"(?<![\w@])[@@]([A-Za-z0-9._-]{1,64})")


def ask_opinion(work: Work, case: Case, account: str, question: str) -> Opinion:
    """Ask a colleague for their opinion; they may read the case from now on. Raises Invalid."""
    _must_be_open(case)
    asked = _person(work, account.strip())
    if asked is None or asked.id == work.actor.staff_id:
        raise Invalid(_("入力を確認してください"), {"asked": _("意見を求める職員の職員IDを入れてください。")})
    words = words_given(question, "question")
    opinion = Opinion(
        case_id=case.id, asked_by_id=work.actor.staff_id, asked_id=asked.id, question=words, asked_at=work.now
    )
    work.session.add(opinion)
    involve(work, case, asked.id, "opinion")
    add_entry(work, case, "opinion_asked", words=f"→ {asked.name}: {words}")
    work.record(OpinionAsked(case.id, asked.id))
    return opinion


def give_opinion(work: Work, case: Case, opinion: Opinion, answer: str) -> None:
    """Answer a question. Raises NotPermitted for anyone but the asked, Overtaken for a second answer."""
    if opinion.asked_id != work.actor.staff_id:
        raise NotPermitted(_("意見を求められた本人だけが答えられます。"))
    if opinion.answered_at is not None:
        raise Overtaken(_("この意見照会にはもう答えています。"))
    opinion.answer, opinion.answered_at = words_given(answer, "answer"), work.now
    add_entry(work, case, "opinion_given", words=opinion.answer)
    work.record(OpinionGiven(case.id, opinion.id))


def comment(work: Work, case: Case, words: str) -> list[str]:
    """Write a comment; who is named with @職員ID finds it in their inbox. Give the accounts that nobody has."""
    words = words_given(words, "comment")
    accounts = dict.fromkeys(MENTION.findall(words))
    known = _ids_of(work, accounts)
    involve_all(work, case, [each for each in known.values() if each != work.actor.staff_id], "mention")
    add_entry(work, case, "comment", words=words)
    work.record(CommentAdded(case.id))
    return [account for account in accounts if account not in known]


def mark_mentions_read(work: Work, case: Case) -> None:
    """Take the case off the list of mentions of whoever has read it."""
    work.session.execute(
        update(Involvement)
        .where(
            Involvement.case_id == case.id,
            Involvement.staff_id == work.actor.staff_id,
            Involvement.cause == "mention",
            Involvement.seen_at.is_(None),
        )
        .values(seen_at=work.now)
    )


def _must_be_open(case: Case) -> None:
    if case.state != CaseState.RUNNING:
        raise Overtaken(_("この案件はもう回議中ではありません。"))


def _ids_of(work: Work, accounts: Iterable[str]) -> dict[str, int]:
    named = select(Staff.account, Staff.id).where(Staff.account.in_(list(accounts)), Staff.active)
    return {row.account: row.id for row in work.session.execute(named)}


def _person(work: Work, account: str) -> Staff | None:
    return work.session.scalars(select(Staff).where(Staff.account == account, Staff.active)).one_or_none()
