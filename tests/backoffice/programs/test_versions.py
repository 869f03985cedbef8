"""A department registers a program: written, tried on examples, approved on its route, carried on next year."""

from __future__ import annotations

from datetime import timedelta

import pytest

from backoffice.errors import Invalid, NotPermitted, Overtaken
from backoffice.identity import Role
from backoffice.inbox.ticking import tick
from backoffice.programs import queries, service
from backoffice.programs.sheets import values_of
from backoffice.programs.workflow import VersionState
from tests.backoffice.programs.offices import SHEET, TYPED, WOMEN, Office
from workflows.routes import Decision
from workflows.rules.tree import All, NotGranted, OneOf, Period


def approve(office: Office, case_id: int) -> None:
    bureau = office.bureau
    bureau.decide(bureau.head, case_id, "head_review")
    bureau.decide(bureau.privacy, case_id, "privacy_review")
    bureau.decide(bureau.dx, case_id, "dx_check")
    bureau.decide(bureau.dx_head, case_id, "dx_approval")
    take_effect(office)


def in_force(office: Office, **options) -> int:
    """A version of a program that was approved and holds from today."""
    version_id = office.begin(**options)
    approve(office, office.submit(version_id))
    return version_id


def take_effect(office: Office) -> None:
    office.city.clock.pass_(minutes=2)
    tick(office.city.office)


def test_what_is_approved_on_its_route_is_in_force_a_minute_later(office_on_both: Office):
    office = office_on_both
    version_id = office.begin()
    case_id = office.submit(version_id)
    approve(office, case_id)

    version = office.version(version_id)
    assert (version.state, version.case_id) == (VersionState.APPROVED, case_id)
    assert version.effective_from is not None
    assert office.events()[-2:] == ["case_ended", "program_approved"]


def test_the_case_says_whom_the_rule_reaches_and_what_it_will_ask_of_the_office(office: Office):
    case = office.case(office.submit(office.begin()))

    assert case.answers["values"]["audience"] == "性別が女性、かつ年度末年齢が40歳以上"
    assert case.answers["values"]["expected_calls"] == 1200
    assert (case.subject_kind, case.title) == ("program_version", "乳がん検診の登録(第1版)")


def test_what_is_refused_becomes_a_draft_once_more_and_can_be_submitted_again(office: Office):
    version_id = office.begin()
    case_id = office.submit(version_id)
    office.bureau.decide(office.bureau.head, case_id, "head_review", Decision.REJECT)
    take_effect(office)

    assert office.version(version_id).state == VersionState.DRAFT
    assert office.submit(version_id) != case_id


def test_on_its_route_nobody_writes_on_a_version_until_it_is_sent_back_to_its_drafter(office: Office):
    version_id = office.begin()
    case_id = office.submit(version_id)
    with pytest.raises(Overtaken):
        office.write_rule(version_id, WOMEN)

    office.bureau.decide(office.bureau.head, case_id, "head_review", Decision.SEND_BACK)

    with pytest.raises(Overtaken):
        office.write_rule(version_id, All((WOMEN,)), office.colleague)
    office.write_rule(version_id, All((WOMEN,)))


def test_what_is_mended_on_the_way_is_what_the_case_says_and_comes_into_force_only_whole(office: Office):
    version_id = office.begin()
    case_id = office.submit(version_id)
    office.bureau.decide(office.bureau.head, case_id, "head_review", Decision.SEND_BACK)
    office.write_rule(version_id, All((WOMEN,)))  # nobody over forty is asked for any more: the examples break
    office.bureau.decide(office.drafter, case_id, "mend", Decision.DONE)

    assert office.case(case_id).answers["values"]["audience"] == "性別が女性だけ"
    approve(office, case_id)
    assert office.version(version_id).state == VersionState.DRAFT


@pytest.mark.parametrize("missing", ["legal_basis", "starts", "expected_calls"])
def test_without_law_period_or_the_work_it_will_make_nothing_is_submitted(office: Office, missing):
    sheet = {key: value for key, value in SHEET.items() if key != missing}

    with pytest.raises(Invalid) as refused:
        office.submit(office.begin(sheet=sheet))

    assert missing in refused.value.fields


def test_without_a_rule_or_examples_that_hold_nothing_is_submitted(office: Office):
    for rule in (None, WOMEN, All((WOMEN, OneOf("sex", ("male",))))):
        version_id = office.begin(rule, examples=False)
        with pytest.raises(Invalid):
            office.submit(version_id)


def test_an_example_that_the_rule_contradicts_keeps_it_back(office: Office):
    version_id = office.begin(All((WOMEN,)))
    office.write_rule(version_id, All((OneOf("sex", ("male",)),)))

    with pytest.raises(Invalid, match="例のとおりにならない"):
        office.submit(version_id)


def test_only_people_of_the_owning_department_write_and_submit(office: Office):
    version_id = office.begin()
    stranger = office.city.person(Role.CLERK, account="stranger", department=office.city.department("別の課"))

    with pytest.raises(NotPermitted):
        office.write_rule(version_id, WOMEN, stranger)
    with pytest.raises(NotPermitted):
        office.submit(version_id, stranger)


def test_a_program_has_one_open_version_at_a_time(office: Office):
    version_id = office.begin()
    approve(office, office.submit(version_id))
    with office.city.unit(office.city.actor(office.drafter)) as work:
        second = service.draft_from(work, queries.find_version(work.session, version_id))
    with (
        pytest.raises(Overtaken),
        office.city.unit(office.city.actor(office.drafter)) as work,
    ):
        service.draft_from(work, queries.find_version(work.session, version_id))

    assert (office.version(second.id).number, len(office.version(second.id).examples)) == (2, 5)


def test_the_next_fiscal_year_goes_on_under_a_number_of_its_own(office: Office):
    version_id = office.begin()
    approve(office, office.submit(version_id))
    with office.city.unit(office.city.actor(office.drafter)) as work:
        carried = service.carry_on(work, queries.find_version(work.session, version_id))

    kept = office.version(carried.id)
    assert kept.program.predecessor.number == office.version(version_id).program.number
    assert (values_of(kept)["starts"], values_of(kept)["name_ja"]) == ("2027-12-01", "乳がん検診")
    assert kept.rule == office.version(version_id).rule


def test_whoever_wrote_on_a_program_does_not_approve_it_though_another_submits_it(office: Office):
    version_id = office.begin()
    with office.city.unit(office.city.actor(office.bureau.head)) as work:
        version = queries.find_version(work.session, version_id)
        service.write_sheet(work, version, version.version, {**SHEET, "amount": "無料"})
    case_id = office.submit(version_id)

    with pytest.raises(NotPermitted):
        office.bureau.decide(office.bureau.head, case_id, "head_review")


def test_no_name_holds_the_marks_that_stand_around_names_in_a_rule(office: Office):
    office.visit().post("/programs/new", {"name_ja": "給付〉、または〈全員"}, status=422)
    typed = {"code": "x1", "name_ja": "上限〉以下、または世帯の所得が〈下限", "name_en": "limit", "unit": "円"}
    office.visit().post("/thresholds", typed, status=422)


def test_a_program_is_carried_on_once(office: Office):
    version_id = office.begin()
    approve(office, office.submit(version_id))
    with office.city.unit(office.city.actor(office.drafter)) as work:
        service.carry_on(work, queries.find_version(work.session, version_id))

    with pytest.raises(Overtaken), office.city.unit(office.city.actor(office.colleague)) as work:
        service.carry_on(work, queries.find_version(work.session, version_id))


def test_who_was_granted_this_program_means_its_new_number_in_the_next_year(office: Office):
    version_id = office.begin(None)
    number = office.version(version_id).program.number
    office.write_rule(version_id, All((WOMEN, NotGranted(number, Period.TWO_FISCAL_YEARS))))
    office.keep_examples(version_id)
    approve(office, office.submit(version_id))

    with office.city.unit(office.city.actor(office.drafter)) as work:
        carried = service.carry_on(work, queries.find_version(work.session, version_id))

    kept = office.version(carried.id)
    assert number not in str(kept.rule) + str([example.facts for example in kept.examples])
    assert kept.program.number in str(kept.rule)


def test_whoever_saw_an_older_state_is_told_who_was_first(office: Office):
    version_id = office.begin()
    seen = office.version(version_id).version
    with office.city.unit(office.city.actor(office.colleague)) as work:
        version = queries.find_version(work.session, version_id)
        service.write_sheet(work, version, seen, {**SHEET, "amount": "無料"})

    with pytest.raises(Overtaken) as refused, office.city.unit(office.city.actor(office.drafter)) as work:
        version = queries.find_version(work.session, version_id)
        service.write_sheet(work, version, seen, {**SHEET, "amount": "有料"})

    assert refused.value.params == {"name": office.colleague.name}


def test_of_two_versions_in_force_only_the_newest_counts(office: Office):
    version_id = office.begin()
    approve(office, office.submit(version_id))
    with office.city.unit(office.city.actor(office.drafter)) as work:
        second = service.draft_from(work, queries.find_version(work.session, version_id))
    office.city.clock.pass_(days=1)
    approve(office, office.submit(second.id))

    with office.city.look() as work:
        today = (work.now + timedelta(hours=9)).date()
        assert [each.id for each in queries.all_in_force(work.session, today)] == [second.id]
        assert queries.in_force(work.session, second.program_id, today).id == second.id


def test_a_half_written_sheet_is_kept_and_says_what_it_lacks(office: Office):
    client = office.visit()
    page = client.post("/programs/new", {"name_ja": "乳がん検診"})
    version_id = int(page.path.split("/")[3])

    page = client.post(page.path, {"version": "1", "name_ja": "乳がん検診", "purpose": "早く見つけるため"})

    assert "回議に付すまでに" in page.text
    assert "根拠となる法令・要綱を書いてください。" in page.text
    assert values_of(office.version(version_id))["purpose"] == "早く見つけるため"


def test_what_cannot_be_understood_comes_back_as_it_was_typed(office: Office):
    version_id = office.begin(None)
    version = office.version(version_id).version

    answer = office.visit().post(
        f"/programs/versions/{version_id}/edit", {**TYPED, "version": str(version), "starts": "あした"}, status=422
    )

    assert answer.field("starts") == "あした"
    assert values_of(office.version(version_id))["starts"] == "2026-12-01"


def test_a_version_is_sent_on_its_route_from_its_page(office: Office):
    version_id = office.begin()
    client = office.visit()
    page = client.get(f"/programs/versions/{version_id}")

    page = client.post(f"/programs/versions/{version_id}/submit", {"version": page.field("version")})

    assert page.path.startswith("/cases/")
    assert "/programs/versions/" in page.text


def test_the_list_finds_a_program_by_name_number_and_state(office: Office):
    version = office.version(office.begin())
    client = office.visit(office.bureau.dx)

    assert "乳がん検診" in client.get("/programs?q=乳がん").text
    assert "乳がん検診" in client.get(f"/programs?q={version.program.number}&state=draft").text
    assert "当てはまる制度はありません" in client.get("/programs?state=approved").text


def test_two_versions_stand_side_by_side_with_what_changed(office: Office):
    version_id = office.begin()
    approve(office, office.submit(version_id))
    with office.city.unit(office.city.actor(office.drafter)) as work:
        second = service.draft_from(work, queries.find_version(work.session, version_id))
    office.write_rule(second.id, All((WOMEN,)))

    page = office.visit(office.bureau.head).get(f"/programs/versions/{second.id}/compare")

    assert page.text.count("▲") == 1
    assert "年度末年齢が40歳以上" in page.text
