"""What follows a bot's work? Which bots may come next, what their form is told, and what keeps a link from being.

A link is released with the version that it is part of: from then on each item that is done is brought on to the next.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from backoffice.form_designs.models import FormDesign
from backoffice.form_designs.shelf import newest_definitions
from backoffice.form_designs.workflow import DesignState
from backoffice.recordings.marks_in import marks_of
from backoffice.recordings.models import BotVersion, RecordedBot
from backoffice.recordings.workflow import BotState, Purpose
from backoffice.web.answers_in import label_of
from backoffice.web.translations import _, translate
from forms.definition import FormDefinition, FormField
from forms.field_types import FieldType
from rpa_bots.recording.tape.steps import Recording

REFERENCE, RECEIPT, READ = "@reference", "@receipt", "@read."
"""What the next form may be told beside the answers of the form before: `@read.` with the name of what was read."""
TAKES_ANY = frozenset({FieldType.TEXT, FieldType.LINES})
NOT_TOLD = frozenset({FieldType.FILE, FieldType.TABLE})
AT_MOST = 500
Trouble = tuple[str, dict[str, object]]


@dataclass(frozen=True)
class NextWork:
    """The bot that comes next, and the source of each answer by the key of its question."""

    bot_id: int
    mapping: Mapping[str, str] = field(default_factory=dict)


def candidates(session: Session, version: BotVersion) -> Sequence[RecordedBot]:
    """Give the bots that may come after a version: released, of a department that lets them, in no circle.

    After a recording that only looks up what is unknown nothing follows.
    """
    if version.bot.purpose != Purpose.KEYING:
        return []
    released = select(BotVersion.bot_id).where(BotVersion.state == BotState.RELEASED)
    bots = session.scalars(
        select(RecordedBot)
        .join(RecordedBot.design)
        .where(
            RecordedBot.id.in_(released),
            RecordedBot.purpose == Purpose.KEYING,
            FormDesign.state == DesignState.IN_USE,
            (RecordedBot.department_id == version.bot.department_id) | RecordedBot.takes_over,
        )
        .options(joinedload(RecordedBot.design), joinedload(RecordedBot.department))
        .order_by(FormDesign.title, RecordedBot.id)
        .limit(AT_MOST)
    ).all()
    after = _after(session)
    return [each for each in bots if not _comes_back(after, version.bot_id, each.id)]


def sources_of(definition: FormDefinition, recording: Recording) -> list[tuple[str, str]]:
    """Give what an item knows once it is done, with how a clerk calls it: its answers, its numbers, what was read."""
    found = [(REFERENCE, translate(_("受付番号"))), (RECEIPT, translate(_("対象システムの登録番号")))]
    found += [(each.key, label_of(each)) for each in definition.questions if each.type not in NOT_TOLD]
    names = [each.reading.name for each in marks_of(recording) if each.reading and not each.reading.columns]
    return found + [(READ + name, translate(_("読み取った「%(name)s」"), name=name)) for name in names]


def told_of(definition: FormDefinition) -> list[FormField]:
    """Give the questions of the next form that can be told."""
    return [each for each in definition.questions if each.computed is None and each.type not in NOT_TOLD]


def matched_by_label(sources: Sequence[tuple[str, str]], definition: FormDefinition) -> dict[str, str]:
    """Give the sources that are called as the next form's questions are: what a clerk begins with."""
    by_label = {label: source for source, label in reversed(sources)}
    return {each.key: by_label[label_of(each)] for each in told_of(definition) if label_of(each) in by_label}


def wrong_in(
    mapping: Mapping[str, str], before: FormDefinition, recording: Recording, after: FormDefinition
) -> dict[str, str]:
    """Say, by the next form's question, what is wrong with what it is told."""
    known, asked = dict(sources_of(before, recording)), {each.key: each for each in before.questions}
    wrong: dict[str, str] = {}
    for question in told_of(after):
        source = mapping.get(question.key, "")
        if source and source not in known:
            wrong[question.key] = _("もうない欄が選ばれています。選び直してください。")
        elif question.required and not source:
            wrong[question.key] = _("次の仕事で必須の欄です。入れるものを選んでください。")
        elif source in asked and asked[source].type is not question.type and question.type not in TAKES_ANY:
            wrong[question.key] = _("欄の種類が違います。同じ種類の欄を選んでください。")
    return wrong


def problems_of_link(
    session: Session, version: BotVersion, definition: FormDefinition, recording: Recording
) -> list[Trouble]:
    """Say what keeps a version's link from being released."""
    if version.next_bot_id is None:
        return []
    following = next((each for each in candidates(session, version) if each.id == version.next_bot_id), None)
    if following is None:
        return [
            (_("次の仕事のロボットは、公開されていないか、受け継がないことになったか、輪になるため選べません。"), {})
        ]
    after = newest_definitions(session, [following.design.code])[following.design.code]
    if wrong_in(version.next_mapping or {}, definition, recording, after):
        return [(_("次の仕事「%(title)s」の欄の対応を確かめてください。"), {"title": following.design.title})]
    return []


def _after(session: Session) -> dict[int, int]:
    """Give the next bot of each by what is released: at most one, so that the chains are walked in no time."""
    rows = session.execute(
        select(BotVersion.bot_id, BotVersion.next_bot_id).where(
            BotVersion.state == BotState.RELEASED, BotVersion.next_bot_id.is_not(None)
        )
    )
    return {bot_id: next_id for bot_id, next_id in rows if next_id is not None}


def _comes_back(after: Mapping[int, int], bot_id: int, first: int) -> bool:
    """Say whether a chain that begins with `first` comes to the bot itself."""
    passed: set[int] = set()
    here: int | None = first
    while here is not None and here not in passed:
        if here == bot_id:
            return True
        passed.add(here)
        here = after.get(here)
    return False
