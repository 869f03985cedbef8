"""Is a program right for somebody whom only people handle? Two privacy officers let one of them know.

One asks and says why; a second agrees; then the first may open the answer, for some days, each look on the trail. It is
made by hand, of one person at a time, by the same rule as everybody's.
"""

from dataclasses import dataclass

from backoffice.errors import Invalid, NotPermitted, NotThere, Overtaken
from backoffice.identity import Actor
from backoffice.programs import protected_queries, queries
from backoffice.programs.answering import Answer, Askable, answer_of, rule_to_ask
from backoffice.programs.events import (
    ProtectedAnswerSeen,
    ProtectedQuestionAgreed,
    ProtectedQuestionAsked,
    ProtectedQuestionDeclined,
    ProtectedQuestionWithdrawn,
)
from backoffice.programs.models import ProgramVersion, ProtectedQuestion
from backoffice.programs.protected_workflow import QuestionStanding, QuestionState, question_standing
from backoffice.residents.opening import open_protected
from backoffice.residents.protecting import WRONG
from backoffice.web.free_text import pseudonym_given, reason_given
from backoffice.web.translations import _
from backoffice.work import Office, Work
from workflows.rules import NobodyError, read_population

PSEUDONYM, REASON = "protected_question.pseudonym", "protected_question.reason"
"""What sealed texts and marks are bound to."""
OVER = _("この申し出は、もう終わっています。最新の内容を確認してください。")
TO_BE_OPENED = frozenset({QuestionStanding.AGREED, QuestionStanding.SEEN})
TO_BE_WITHDRAWN = TO_BE_OPENED | {QuestionStanding.ASKED}


@dataclass(frozen=True)
class Opened:
    """What the asker came to read."""

    question: ProtectedQuestion
    version: ProgramVersion
    answer: Answer


def ask(work: Work, program_id: int | None, pseudonym: str, reason: str) -> ProtectedQuestion:
    """Ask what a program comes to for a resident; nothing is answered yet. Raises Invalid naming what is wrong.

    Whether the pseudonym is known is not asked: that, too, is an answer.
    """
    if work.actor.staff_id is None:
        raise NotPermitted(_("支援措置の判定は、サインインした職員だけが申し出られます。"))
    if program_id is None or queries.in_force(work.session, program_id, work.today) is None:
        raise Invalid(WRONG, {"program_id": _("承認されて有効な制度を選んでください。")})
    pseudonym = pseudonym_given(pseudonym)
    reason = reason_given(reason, "reason")
    cipher = work.office.cipher
    mark = cipher.mark(pseudonym, PSEUDONYM)
    earlier = protected_queries.open_questions(work.session, program_id, mark, work.actor.staff_id)
    if any(standing(work, each) in TO_BE_WITHDRAWN for each in earlier):
        raise Invalid(WRONG, {"pseudonym": _("同じ申し出がもうあります。一覧から答えを開くか、取り下げてください。")})
    question = ProtectedQuestion(
        program_id=program_id,
        mark=mark,
        sealed_pseudonym=cipher.seal(pseudonym.encode(), PSEUDONYM),
        sealed_reason=cipher.seal(reason.encode(), REASON),
        state=QuestionState.ASKED,
        asked_at=work.now,
        asked_by_id=work.actor.staff_id,
    )
    work.session.add(question)
    work.session.flush()
    work.record(ProtectedQuestionAsked(question.id))
    return question


def agree(work: Work, question: ProtectedQuestion) -> None:
    """Let the asker open the answer. Raises NotPermitted for the asker, Overtaken for what no longer waits."""
    _must_wait_for(work, question)
    _settle(work, question, QuestionState.AGREED)
    work.record(ProtectedQuestionAgreed(question.id))


def decline(work: Work, question: ProtectedQuestion, reason: str) -> None:
    """Let nobody open the answer. Raises like `agree`, and Invalid without a reason."""
    _must_wait_for(work, question)
    reason = reason_given(reason, "declining_reason")
    _settle(work, question, QuestionState.DECLINED)
    question.sealed_declining_reason = work.office.cipher.seal(reason.encode(), REASON)
    work.record(ProtectedQuestionDeclined(question.id))


def withdraw(work: Work, question: ProtectedQuestion) -> None:
    """Take a question back, agreed to or not; then nobody opens its answer any more."""
    if question.asked_by_id != work.actor.staff_id:
        raise NotPermitted(_("取り下げられるのは、申し出た本人だけです。"))
    if standing(work, question) not in TO_BE_WITHDRAWN:
        raise Overtaken(OVER)
    question.state = QuestionState.WITHDRAWN  # who decided, and that it was looked at, stays
    work.record(ProtectedQuestionWithdrawn(question.id))


def open_answer(office: Office, actor: Actor, question_id: int) -> Opened:
    """Give the answer to whoever asked, after a second person agreed; the look is on the trail before it.

    Raises NotPermitted for anybody else, Overtaken for a question that may not be opened, Invalid where there is
    nothing to ask, NotThere for a pseudonym that is not among the protected.
    """
    with office.unit(actor) as work:
        question = protected_queries.find_question(work.session, question_id)
        _must_be_openable(work, question)
        version = queries.in_force(work.session, question.program_id, work.today)
        if version is None:
            raise Invalid(_("この制度には、今日有効な版がありません。"))
        askable = rule_to_ask(work, version)
        question.first_seen_at = question.first_seen_at or work.now
        work.record(ProtectedAnswerSeen(question.id))
    pseudonym = office.cipher.open(question.sealed_pseudonym, PSEUDONYM).decode()
    return Opened(question, version, _answer(office, actor, askable, pseudonym))


def standing(work: Work, question: ProtectedQuestion) -> QuestionStanding:
    return question_standing(question.state, question.decided_at, question.first_seen_at, work.today)


def may_decide(question: ProtectedQuestion, staff_id: int | None) -> bool:
    return question.state == QuestionState.ASKED and staff_id is not None and question.asked_by_id != staff_id


def _must_wait_for(work: Work, question: ProtectedQuestion) -> None:
    """Raise unless a question waits for a second person, and for this one."""
    if question.state != QuestionState.ASKED:
        raise Overtaken(_("この申し出は、もう同意を待っていません。最新の内容を確認してください。"))
    if not may_decide(question, work.actor.staff_id):
        raise NotPermitted(_("申し出た本人は決められません。別の個人情報保護担当が確かめてください。"))


def _settle(work: Work, question: ProtectedQuestion, state: QuestionState) -> None:
    question.state, question.decided_at, question.decided_by_id = state, work.now, work.actor.staff_id


def _must_be_openable(work: Work, question: ProtectedQuestion) -> None:
    if question.asked_by_id != work.actor.staff_id:
        raise NotPermitted(_("答えを開けるのは、申し出た本人だけです。"))
    found = standing(work, question)
    if found is QuestionStanding.ASKED:
        raise NotPermitted(_("別の個人情報保護担当が同意するまで、答えは開けません。"))
    if found is QuestionStanding.EXPIRED:
        raise NotPermitted(_("答えを開ける期限が過ぎました。必要なら、もう一度申し出てください。"))
    if found not in TO_BE_OPENED:
        raise Overtaken(OVER)


def _answer(office: Office, actor: Actor, askable: Askable, pseudonym: str) -> Answer:
    content = open_protected(office, actor, askable.as_of)
    if content is None:
        raise Invalid(_("住民データがまだ取り込まれていないため、判定できません。"))
    try:
        return answer_of(askable, read_population(content), pseudonym)
    except NobodyError:
        raise NotThere(
            _("この仮名の人は、いちばん新しい住民データの、支援措置の部分にいません。仮名と登録を確かめてください。")
        ) from None
