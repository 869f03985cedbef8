"""An application is not finished before a person has decided whatever its papers say otherwise."""

from __future__ import annotations

import re
from datetime import date

import pytest
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from backoffice.accounts import service as accounts
from backoffice.audit import AuditEvent
from backoffice.automation.queue.list_models import ListTarget
from backoffice.collation.models import AttachedPaper, CollationRuling
from backoffice.form_designs import service as form_service
from backoffice.form_designs.models import FormDesign
from backoffice.form_designs.paper import draw
from backoffice.identity import Role
from backoffice.intake.models import PaperBatch, SheetPage
from backoffice.records import approving
from forms.building import acts
from forms.building.draft import FormDraft
from forms.building.kinds import Sketch
from forms.field_types import FieldType
from tests.backoffice.collation.grants import (
    APPLIED,
    NAME,
    PROOF,
    RENT,
    apply,
    office_with_grants,
    record_now,
    replace_lease,
)
from tests.backoffice.inbox.cases import found_bureau
from tests.backoffice.intake.piles import page, read
from tests.backoffice.staff_client import StaffClient

SAYS = {"a1": "(株)架空ソフト", "a2": 280_000}
AGREES = "一致"
ASKS = {"HX-Request": "true"}


@pytest.fixture
def grants(city):
    return office_with_grants(city)


@pytest.fixture
def clerk(city, grants) -> StaffClient:
    return StaffClient(city).sign_in(grants.clerk)


def compared(clerk, record, **pages):
    return clerk.get(f"/records/entries/{record.id}/papers", **pages)


def read_it(city, grants, clerk, record, says=SAYS):
    clerk.post(f"/records/entries/{record.id}/papers/read")
    return read(grants.paper, page(grants.paper, 1, says))


def form_of(shown, key: str) -> dict[str, str]:
    """What the page sends of one difference."""
    forms = re.findall(r"<form[^>]*papers/decide.*?</form>", shown.text, re.DOTALL)
    (form,) = [each for each in forms if f'name="key" value="{key}"' in each]
    return dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', form))


def decide(clerk, record, key: str, status: int = 200, **said: str):
    sent = form_of(compared(clerk, record), key) | said
    return clerk.post(f"/records/entries/{record.id}/papers/decide", sent, status)


def finish(clerk, city, record, status: int = 200):
    seen = record_now(city, record.id).version
    return clerk.post(f"/records/entries/{record.id}/state", {"version": str(seen), "state": "done"}, status)


def test_each_answer_stands_beside_its_reading_and_its_place_on_the_paper(city, grants, clerk):
    record = apply(city, grants)
    [sheet] = read_it(city, grants, clerk, record)

    shown = compared(clerk, record)

    assert f'href="/records/entries/{record.id}/papers"' in clerk.get(f"/records/entries/{record.id}").text
    assert (shown.text.count(AGREES), shown.text.count("違います")) == (1, 1), "(株) is 株式会社"
    assert "300,000" in shown.text
    assert "280,000" in shown.text
    assert shown.text.count(f'href="/sheets/{sheet.id}/page?nth=1"') == 2
    with city.look() as work:
        assert work.session.scalars(select(PaperBatch.source)).one() == "record"


def test_an_application_is_finished_only_once_every_difference_is_decided(city, grants, clerk):
    record = apply(city, grants)
    read_it(city, grants, clerk, record)

    held_up = finish(clerk, city, record, 422)
    decide(clerk, record, RENT, 422, ruling="as_applied")
    decide(clerk, record, RENT, ruling="as_applied", note="共益費を含めて申請している")
    finish(clerk, city, record)

    assert "添付書類との違いが1件" in held_up.text
    assert record_now(city, record.id).state == "done"
    with city.look() as work:
        [kept] = work.session.scalars(select(CollationRuling)).all()
    assert (kept.said, kept.read, kept.finding, kept.decided_by_id) == (300_000, 280_000, "differs", grants.clerk.id)


def test_as_the_paper_says_mends_the_record_and_then_they_agree(city, grants, clerk):
    record = apply(city, grants)
    read_it(city, grants, clerk, record)

    decide(clerk, record, RENT, ruling="as_paper")

    assert record_now(city, record.id).values[RENT] == 280_000
    shown = compared(clerk, record).text
    assert shown.count(AGREES) == 2
    assert "300,000" in shown.partition("決めたこと")[2], "what the record said before is kept with the decision"
    finish(clerk, city, record)


def test_a_record_is_not_mended_to_what_its_form_refuses(city, grants, clerk):
    record = apply(city, grants)
    read_it(city, grants, clerk, record, SAYS | {"a2": 50_000_000})

    decide(clerk, record, RENT, 422, ruling="as_paper")

    assert record_now(city, record.id).values[RENT] == APPLIED[RENT]


def test_a_decision_holds_for_these_two_answers_only(city, grants, clerk):
    record = apply(city, grants)
    read_it(city, grants, clerk, record)
    before = form_of(compared(clerk, record), RENT)
    decide(clerk, record, RENT, ruling="same", note="紙は30万円")

    seen = record_now(city, record.id).version
    answers = {f"f_{NAME}": APPLIED[NAME], f"f_{RENT}": "310,000", f"f_{PROOF}": record.values[PROOF]}
    clerk.post(f"/records/entries/{record.id}/edit", answers | {"version": str(seen)})

    finish(clerk, city, record, 422)
    late = before | {"ruling": "same"}
    clerk.post(f"/records/entries/{record.id}/papers/decide", late, 409)


def test_what_nobody_could_read_is_decided_by_whoever_looks_at_the_paper(city, grants, clerk):
    record = apply(city, grants)

    finish(clerk, city, record, 422)
    decide(clerk, record, NAME, 422, ruling="as_paper")
    for key in (NAME, RENT):
        decide(clerk, record, key, ruling="same")

    finish(clerk, city, record)


def test_a_page_that_waits_for_a_reading_takes_nothing_typed_away_and_leaves_no_trail(city, grants, clerk):
    record = apply(city, grants)
    clerk.post(f"/records/entries/{record.id}/papers/read")
    address = f"/records/entries/{record.id}/papers"

    asks = clerk.get(address, **ASKS)
    read(grants.paper, page(grants.paper, 1, SAYS))
    ends = clerk.get(address, **ASKS)

    assert "読み取っています" in asks.text
    assert APPLIED[NAME] not in asks.text
    assert ["HX-Refresh" in each.response.headers for each in (asks, ends)] == [False, True]
    with city.look() as work:
        looks = select(AuditEvent.kind).where(AuditEvent.kind == "attached_papers_compared")
        assert len(work.session.scalars(looks).all()) == 1, "the page that came after the press"


def test_what_was_seen_on_one_paper_says_nothing_of_the_paper_that_replaces_it(city, grants, clerk):
    record = apply(city, grants)
    for key in (NAME, RENT):
        decide(clerk, record, key, ruling="same")

    city.clock.pass_(seconds=60)
    replace_lease(city, grants, record, b"%PDF-1.7 another lease")

    assert "添付書類との違いが2件" in finish(clerk, city, record, 422).text
    assert compared(clerk, record).text.count("書類を目で見て、同じと確かめた") > 2, "the old decisions are still told"


def test_of_a_record_that_was_taken_out_nothing_is_decided(city, grants, clerk):
    record = apply(city, grants)
    before = form_of(compared(clerk, record), NAME)
    clerk.post(f"/records/entries/{record.id}/state", {"version": str(record.version), "state": "removed"})
    seen = {"version": str(record_now(city, record.id).version)}

    clerk.post(f"/records/entries/{record.id}/papers/decide", before | seen | {"ruling": "same"}, 409)

    assert "papers/decide" not in compared(clerk, record).text


def test_papers_are_handed_in_only_by_whoever_may_in_that_department(city, grants):
    head = city.person(Role.HEAD, department=grants.department)
    with city.unit() as work:
        elsewhere = city.department("水道局")
        accounts.grant_role(work, head.id, Role.VERIFIER, elsewhere.id, date(2026, 4, 1), None)
    reader = StaffClient(city).sign_in(head)
    record = apply(city, grants)

    reader.post(f"/records/entries/{record.id}/papers/read", status=403)
    reader.post(f"/records/{grants.design_id}/papers/read", {"record": [str(record.id)]}, 403)

    assert "papers/read" not in compared(reader, record).text
    with city.look() as work:
        assert work.session.scalars(select(PaperBatch)).all() == []


def test_without_a_paper_or_without_a_rule_nothing_is_held_up(city, grants, clerk):
    alone = apply(city, grants, file=b"")

    finish(clerk, city, alone)


def test_on_an_approval_route_nothing_is_handed_in_before_the_differences_are_decided(city, grants, clerk):
    found_bureau(city)
    with city.unit(city.actor(grants.clerk)) as work:
        approving.name_route(work, work.session.get_one(FormDesign, grants.design_id), "record_approval")
    record = apply(city, grants)
    read_it(city, grants, clerk, record)
    address, seen = f"/records/entries/{record.id}/submit", {"version": str(record.version)}

    held_up = clerk.post(address, seen, 422)
    decide(clerk, record, RENT, ruling="as_applied", note="共益費を含めて申請している")
    clerk.post(address, seen)

    assert "添付書類との違いが1件" in held_up.text
    assert record_now(city, record.id).state == "in_review"


def test_many_are_not_finished_at_once_while_one_of_them_differs(city, grants, clerk):
    fine, differs = apply(city, grants, file=b""), apply(city, grants)
    read_it(city, grants, clerk, differs)

    chosen = {"record": [str(fine.id), str(differs.id)], "do": "done"}
    held_up = clerk.post(f"/records/{grants.design_id}/many", chosen, 422)

    assert differs.number in held_up.text
    assert [record_now(city, each.id).state for each in (fine, differs)] == ["entered", "entered"]


def test_the_same_paper_is_read_once_though_two_applications_bring_it(city_on_both):
    grants = office_with_grants(city_on_both)
    clerk = StaffClient(city_on_both).sign_in(grants.clerk)
    first, second = apply(city_on_both, grants), apply(city_on_both, grants)

    clerk.post(f"/records/{grants.design_id}/papers/read", {"record": [str(first.id), str(second.id)]})
    sheets = read(grants.paper, page(grants.paper, 1, SAYS))
    clerk.post(f"/records/entries/{first.id}/papers/read")

    assert len(sheets) == 1
    assert AGREES in compared(clerk, second).text
    with city_on_both.look() as work:
        assert len(work.session.scalars(select(AttachedPaper)).all()) == 2
        assert work.session.scalars(select(ListTarget)).all() == []


def test_a_form_that_another_department_fills_in_is_no_paper_of_ours(city, grants, clerk):
    builder = city.person(Role.CLERK, department=city.department("水道局"))
    with city.unit(city.actor(builder)) as work:
        draft = acts.add(FormDraft(title="開栓"), [Sketch("水栓の番号", FieldType.TEXT)])[0]
        design = form_service.begin(work, draft.title, "開栓", builder.department_id, draft)
        drawn = draw(form_service.definition_to_draw(work, design))
        form_service.publish(work, design, design.version, "", drawn, confirmed=False)
    address = f"/records/{grants.design_id}/papers"

    assert "水栓の番号" not in clerk.get(f"{address}?key={PROOF}&paper={design.code}").text
    clerk.post(address, {"key": PROOF, "paper": design.code, f"pair_{NAME}": "a1"}, 422)
    clerk.post(f"/records/{grants.design_id}/enclosures", {"paper": design.code}, 422)


def test_of_a_paper_that_was_thrown_away_no_picture_is_asked_for(city, grants, clerk):
    record = apply(city, grants)
    [sheet] = read_it(city, grants, clerk, record)
    with city.unit() as work:
        for shown in work.session.scalars(select(SheetPage).options(joinedload(SheetPage.picture))):
            work.office.files.erase(shown.picture, work.now)

    assert f"/sheets/{sheet.id}/page" not in compared(clerk, record).text


def test_options_are_the_same_by_their_labels_since_each_form_counts_its_own(city):
    use = [Sketch("使い道", FieldType.CHOICE, options=each) for each in (("事務所", "工場"), ("工場", "事務所"))]
    grants = office_with_grants(city, also=(use[0], use[1]))
    clerk = StaffClient(city).sign_in(grants.clerk)
    record = apply(city, grants, a4="o1")
    read_it(city, grants, clerk, record, SAYS | {"a2": APPLIED[RENT], "a3": "o1"})

    shown = compared(clerk, record).text
    decide(clerk, record, "a4", ruling="as_paper")

    assert (shown.count(AGREES), shown.count("違います")) == (2, 1), "o1 is 事務所 there and 工場 here"
    assert record_now(city, record.id).values["a4"] == "o2"


def test_a_department_says_which_paper_answers_a_question_for_a_file(city):
    grants = office_with_grants(city, rule=False)
    clerk = StaffClient(city).sign_in(grants.clerk)
    address = f"/records/{grants.design_id}/papers"

    guessed = clerk.get(f"{address}?key={PROOF}&paper={grants.paper.form_code}")
    clerk.post(address, {"key": PROOF, "paper": grants.paper.form_code}, 422)
    pairs = {f"pair_{NAME}": "a1", f"pair_{RENT}": "a2"}
    clerk.post(address, {"key": PROOF, "paper": grants.paper.form_code, **pairs})

    assert guessed.text.count("selected") >= 1
    record = apply(city, grants)
    read_it(city, grants, clerk, record)
    assert AGREES in compared(clerk, record).text
    clerk.post(address, {"key": PROOF, "paper": ""})
    finish(clerk, city, record)
