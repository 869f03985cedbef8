"""What a bot has done goes on to the next bot: once, as its form asks, and where it cannot, somebody hears of it."""

from __future__ import annotations

from dataclasses import dataclass, replace

import pytest
from sqlalchemy import select

from backoffice.automation import service
from backoffice.automation.forgetting import forget_old
from backoffice.automation.models import WorkItem
from backoffice.automation.queue import next_work
from backoffice.automation.queue.list_models import ListTarget
from backoffice.automation.queue.next_models import HandOn
from backoffice.automation.service import Look
from backoffice.automation.systems.targets import add_target
from backoffice.automation.taken.models import ItemReading
from backoffice.automation.workflow import ItemState
from backoffice.errors import NotPermitted, Overtaken
from backoffice.form_designs.models import FormDesign
from backoffice.form_designs.workflow import DesignState
from backoffice.identity import Role
from backoffice.inbox.alert_models import Alert
from backoffice.night_reports.making import make_report
from backoffice.night_reports.models import NightReportPart
from backoffice.recordings import linking, queries
from backoffice.recordings import next_work as choosing
from backoffice.recordings.models import BotVersion, RecordedBot
from backoffice.recordings.workflow import BotState
from backoffice.records.import_models import QuarantinedRow
from backoffice.records.import_routes import PREFIX
from backoffice.records.models import Record
from backoffice.records.workflow import RecordState, Source
from forms.building import acts
from forms.building.draft import FormDraft
from forms.building.kinds import Sketch
from forms.field_types import FieldType
from rpa_bots.outcomes import Found, Unknown
from tests.backoffice.automation.nights import SETTINGS, NightShift, ScriptedTarget, Waiting
from tests.backoffice.form_designs.furniture import add_form
from tests.backoffice.inbox.cases import found_bureau
from tests.backoffice.recordings.teaching import Lesson
from tests.backoffice.rehearsals.staging import Rehearsing, rehearsing_at
from tests.backoffice.staff_client import StaffClient

NOTICE = (
    Sketch("氏名", FieldType.TEXT, required=True, max_length=8),
    Sketch("区", FieldType.CHOICE, options=("中央区", "東区")),
    Sketch("転入日", FieldType.DATE),
    Sketch("登録番号", FieldType.TEXT, required=True),
    Sketch("届の番号", FieldType.TEXT),
)
"""The next form has its own options in another order, and asks for what only the system before it gives."""
TOLD = {"to_a1": "a1", "to_a2": "a3", "to_a3": "a4", "to_a4": linking.RECEIPT, "to_a5": linking.REFERENCE}


@dataclass
class Chain:
    """Two bots of one department, both released but for the link between them."""

    rehearsing: Rehearsing
    next_design_id: int
    next_target_id: int

    @property
    def city(self):
        return self.rehearsing.lesson.bureau.city

    @property
    def lesson(self) -> Lesson:
        return self.rehearsing.lesson

    def link(self, status: int = 200, **told: str):
        typed = {"version": self.lesson.version().version, "bot": "2", **TOLD, **told}
        return self.lesson.client.post("/bots/versions/1/next", typed, status)

    def release(self) -> None:
        self.lesson.submit()
        self.lesson.release()
        self.lesson.client = StaffClient(self.city).sign_in(self.lesson.bureau.drafter)

    def run(self, target: ScriptedTarget | None = None, target_id: int | None = None) -> ScriptedTarget:
        shift = self.shift(target, target_id)
        shift.run(shift.start())
        return shift.bot

    def shift(self, target: ScriptedTarget | None = None, target_id: int | None = None) -> NightShift:
        bot, department = target or ScriptedTarget(), self.lesson.bureau.department
        return NightShift(self.city, department, target_id or self.rehearsing.target_id, bot, Waiting(self.city))

    def items(self) -> list[WorkItem]:
        return self.shift().items()

    def next_records(self) -> list[Record]:
        with self.city.look() as work:
            mine = select(Record).where(Record.design_id == self.next_design_id).order_by(Record.id)
            return list(work.session.scalars(mine))

    def kept(self) -> list[HandOn]:
        with self.city.look() as work:
            return list(work.session.scalars(select(HandOn).order_by(HandOn.id)))


def chained(city, *, same_department: bool = True) -> Chain:
    bureau = found_bureau(city)
    rehearsing = rehearsing_at(bureau)
    rehearsing.feed()
    department = bureau.department if same_department else city.department("通知課")
    clerk = bureau.drafter if same_department else city.person(Role.CLERK, department=department)
    with city.unit(city.actor(clerk)) as work:
        design = add_form(work, department, "転入のお知らせ", acts.add(FormDraft(title="転入のお知らせ"), NOTICE)[0])
        bot = RecordedBot(design_id=design.id, department_id=department.id, created_at=work.now)
        work.session.add(bot)
        work.session.flush()
        recording = work.session.get_one(BotVersion, 1).recording
        version = BotVersion(
            bot_id=bot.id, number=1, state=BotState.RELEASED, recording=without_choices(recording), made_at=work.now
        )
        work.session.add(version)
        design_id, code = design.id, design.code
    with city.unit() as work:
        target = service.add_target(work, code, replace(SETTINGS, name="通知システム"), department.id)
        service.set_credential(work, target, "tsuchi01", "Invented-pass-8")
        target_id = target.id
    return Chain(rehearsing, design_id, target_id)


def without_choices(recording: dict) -> dict:
    """The next bot asks only what its own form has."""
    text = str(recording["recording"]["steps"])
    assert "{{a2}}" in text
    steps = [
        {**step, "value": "{{a1}}"} if "{{" in step.get("value", "") else step
        for step in recording["recording"]["steps"]
    ]
    return {**recording, "recording": {**recording["recording"], "steps": steps}}


def test_what_is_registered_is_queued_for_the_next_bot_with_what_it_is_told(city_on_both):
    chain = chained(city_on_both)
    chain.link()
    chain.release()
    number = chain.rehearsing.enter(done=True)
    first = chain.run()
    with chain.city.unit() as work:
        next_work.hand_on_if_done(work, 1)
    second = chain.run(target_id=chain.next_target_id)

    before, after = chain.items()
    (record,) = chain.next_records()
    with chain.city.look() as work:
        labels = {option.code: option.label for option in _question(work, chain, "a2").options}
    assert (before.reference, before.state, after.reference) == (number, ItemState.DONE, record.number)
    assert (record.values["a1"], labels[record.values["a2"]]) == ("山田 花子", "中央区")
    assert (record.values["a3"], record.values["a4"], record.values["a5"]) == ("2026-11-28", "E0000001", number)
    assert (record.source, record.state, after.before_id) == (Source.BOT, RecordState.DONE, before.id)
    assert (len(first.registered), len(second.registered), after.state) == (1, 1, ItemState.DONE)
    assert len(chain.kept()) == 1


def _question(work, chain: Chain, key: str):
    code = work.session.get_one(FormDesign, chain.next_design_id).code
    return linking.newest_definitions(work.session, [code])[code].field(key)


def test_what_is_done_later_or_by_hand_goes_on_once_too(city):
    chain = chained(city)
    chain.link()
    chain.release()
    numbers = [chain.rehearsing.enter(done=True) for _ in range(2)]
    doubtful = ScriptedTarget(answers=[Found("E7", {})])
    doubtful.scripts = dict.fromkeys((1, 2), lambda *_: Unknown("返事がありません"))
    chain.run(doubtful)
    unknown = [each.state for each in chain.items()]
    client = StaffClient(city).sign_in(city.person(Role.BOT_OPERATOR, department=chain.lesson.bureau.department))
    item = chain.items()[0]
    typed = {"receipt": "E8", "version": item.version, "opened_at": 0}
    client.post(f"/items/{item.id}/keyed", typed)
    page = client.get(f"/items/{item.id}").text
    with city.unit() as work, pytest.raises(Overtaken):
        service.call_keyed(work, work.session.get_one(WorkItem, item.id), Look(item.version, 0.0), "E9")

    assert unknown == [ItemState.UNKNOWN, ItemState.UNKNOWN]
    assert [(each.values["a4"], each.values["a5"]) for each in chain.next_records()] == [("E8", numbers[0])]
    assert (len(chain.kept()), "前後の仕事" in page, chain.items()[2].reference in page) == (1, True, True)


def test_what_breaks_a_rule_of_the_next_form_waits_to_be_mended_and_then_goes_on(city):
    chain = chained(city)
    chain.link()
    chain.release()
    chain.rehearsing.enter(done=True, a1="山田 花子アレクサンドラ")
    chain.run()
    (kept,) = chain.kept()
    with city.look() as work:
        row = work.session.scalars(select(QuarantinedRow)).one()
    item_page = chain.lesson.client.get("/items/1").text
    imports = f"/records/{chain.next_design_id}/imports/{kept.import_id}"
    typed = {PREFIX + key: text for key, text in (row.typed | {"a1": "山田 花子"}).items()}
    chain.lesson.client.post(f"{imports}/rows/{row.id}", typed)

    (record,) = chain.next_records()
    assert (kept.record_id, "取込の保留" in item_page, imports in item_page) == (None, True, True)
    assert (record.source, record.state) == (Source.BOT, RecordState.DONE)
    assert [(each.reference, each.before_id) for each in chain.items()][1:] == [(record.number, 1)]


def test_what_waits_for_months_does_not_keep_back_what_waits_behind_it(city):
    chain = chained(city)
    chain.link()
    chain.release()
    with city.unit() as work:
        work.session.get_one(FormDesign, chain.next_design_id).state = DesignState.CLOSED
    for _ in range(2):
        chain.rehearsing.enter(done=True)
    chain.run()
    with city.unit() as work:
        nobody = add_target(work, "shugaku-enjo", SETTINGS, chain.lesson.bureau.department.id)
        work.session.get_one(WorkItem, 1).target_id = nobody.id
        work.session.get_one(FormDesign, chain.next_design_id).state = DesignState.IN_USE

    brought = sum(next_work.tick(city.office, at_once=1) for _ in range(40))

    assert brought == 1
    assert len(chain.next_records()) == 1


def test_what_the_next_bot_cannot_take_waits_is_told_and_goes_on_once_it_can(city):
    chain = chained(city)
    chain.link()
    chain.release()
    operator = city.person(Role.BOT_OPERATOR, department=chain.lesson.bureau.department)
    with city.unit() as work:
        work.session.get_one(FormDesign, chain.next_design_id).state = DesignState.CLOSED
    chain.rehearsing.enter(done=True)
    chain.run()
    vain = next_work.tick(city.office)
    with city.look() as work:
        told = [each.sentence for each in work.session.scalars(select(Alert).where(Alert.staff_id == operator.id))]
    page = StaffClient(city).sign_in(operator).get("/nights/next-work").text
    with city.unit() as work:
        make_report(work)
        codes = work.session.scalars(select(NightReportPart)).one().codes
        work.session.get_one(FormDesign, chain.next_design_id).state = DesignState.IN_USE
    brought, again = next_work.tick(city.office), next_work.tick(city.office)

    with city.look() as work:
        left = work.session.scalars(select(Alert).where(Alert.ended_at.is_(None))).all()
    assert (vain, told, brought, again, list(left)) == (0, [next_work.WAITING], 1, 0, [])
    assert next_work.REASONS[next_work.CLOSED] in page
    assert codes == {"keyed": 1, "not_handed_on": 1}
    assert len(chain.next_records()) == 1


def test_a_list_that_feeds_a_system_where_the_matter_stands_already_gets_no_more_of_it(city):
    """Nothing released is a circle; the feed closes one, and the night would key the same matter again and again."""
    chain = chained(city)
    chain.link()
    chain.release()
    with city.unit() as work:
        department_id = chain.lesson.bureau.department.id
        target_id, told = chain.rehearsing.target_id, {"a1": "a1"}
        fed = ListTarget(design_id=chain.next_design_id, department_id=department_id, target_id=target_id, mapping=told)
        work.session.add(fed)
    chain.rehearsing.enter(done=True)

    target = chain.run()

    assert (len(target.registered), len(chain.items()), chain.next_records()) == (1, 1, [])
    assert [each.reason for each in chain.kept()] == [next_work.CIRCLE]


def test_what_was_read_is_not_forgotten_before_the_next_bot_was_told(city):
    chain = chained(city)
    chain.link()
    chain.release()
    with city.unit() as work:
        work.session.get_one(FormDesign, chain.next_design_id).state = DesignState.CLOSED
    chain.rehearsing.enter(done=True)
    chain.run()
    with city.unit() as work:
        work.session.add(ItemReading(item_id=1, name="判定", taken="可", read_at=work.now))
    city.clock.pass_(days=city.office.settings.evidence_days + 1)

    forget_old(city.office)
    kept = readings(city)
    with city.unit() as work:
        work.session.get_one(FormDesign, chain.next_design_id).state = DesignState.IN_USE
    next_work.tick(city.office)
    forget_old(city.office)

    assert (kept, readings(city)) == (["判定"], [])


def readings(city) -> list[str]:
    with city.look() as work:
        return list(work.session.scalars(select(ItemReading.name)))


def test_what_was_tried_before_the_release_goes_on_with_it(city):
    chain = chained(city)
    chain.link()
    chain.lesson.submit()
    number = chain.rehearsing.enter(done=True)
    operator = StaffClient(city).sign_in(city.person(Role.BOT_OPERATOR, department=chain.lesson.bureau.department))
    started = operator.post("/bots/versions/1/trials", {"numbers": number})
    shift = chain.shift()
    shift.run(int(started.path.rsplit("/", 1)[1]))
    before = len(chain.next_records())
    chain.lesson.release()

    assert (before, [each.values["a5"] for each in chain.next_records()]) == (0, [number])


def test_a_link_is_chosen_among_what_may_take_it_says_what_it_is_told_and_never_closes_a_circle(city):
    chain = chained(city, same_department=False)
    client = chain.lesson.client
    not_theirs = chain.link(status=422)
    with pytest.raises(NotPermitted), city.unit(city.actor(chain.lesson.bureau.drafter)) as work:
        choosing.let_take_over(work, queries.find_version(work.session, 2).bot, takes_over=True)
    with city.unit() as work:
        work.session.get_one(RecordedBot, 2).takes_over = True
    offered = client.get("/bots/versions/1/next?bot=2").text
    untold, other_kind = chain.link(status=422, to_a4=""), chain.link(status=422, to_a3="a1")
    chain.link()
    page = client.get("/bots/versions/1").text
    chain.lesson.submit()
    with city.unit() as work:  # meanwhile the other comes back to this one
        back = work.session.get_one(BotVersion, 2)
        back.next_bot_id, back.next_mapping = 1, {"a1": "a1"}
    chain.lesson.release()

    assert "次の仕事のロボットを選び直してください。" in not_theirs.text
    assert 'value="a1" selected' in offered.partition('id="to-a1"')[2].partition("</select>")[0]
    assert "次の仕事で必須の欄です" in untold.text
    assert "欄の種類が違います" in other_kind.text
    assert "転入のお知らせ" in page
    assert chain.lesson.version().state == BotState.DRAFT
