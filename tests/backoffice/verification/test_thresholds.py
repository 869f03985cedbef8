"""A department sets how sure is sure enough, as far as the ledger allows; handwriting is opened type by type."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from backoffice.identity import Role
from backoffice.intake import ledger
from backoffice.intake.ledger import Place
from backoffice.intake.models import LedgerLine, PassedLine, ReadingThreshold
from backoffice.intake.thresholds import Lines, strata_of
from forms.building.kinds import Sketch
from forms.field_types import FieldType
from ocr.strata import GATE, steps
from tests.backoffice.intake.piles import hand_in, office_with_a_form, page, read
from tests.backoffice.staff_client import StaffClient

SURE = {"a1": "山田 花子", "a2": "2026-11-01", "a3": 12, "a4": "o1", "a5": "o1"}


def note(office, *, known=0, passed=0, sampled=0, confidence=45, seen_by=ledger.UNSURE, kind="text", wrong=0):
    """Let the ledger of the office say what was seen of one type of field."""
    place = Place(office.department.id, office.form_code, f"a-{kind}", kind, seen_by, confidence)
    with office.city.unit() as work:
        ledger.note(work.session, [(place, at >= wrong) for at in range(known)])
        sure = place._replace(seen_by=ledger.SAMPLE, confidence=99)
        ledger.note(work.session, [(sure, True)] * sampled)
        ledger.note_passed(work.session, [sure] * passed)


def doubted(office, confidence, *why_not, key="a1"):
    """A page one field of which was read with a confidence and asked for a reason."""
    told = page(office, 1, SURE)
    fields = [
        replace(each, confidence=confidence, why_not=why_not) if each.key == key else each for each in told.fields
    ]
    return replace(told, fields=tuple(fields))


def asked(sheet):
    return {field.key: field.why_not for field in sheet.fields if not field.passes}


def curve(office, kind="text", **more):
    wanted = {"department": office.department.id, "form": office.form_code, "kind": kind} | more
    return "/verify/thresholds/curve?" + "&".join(f"{name}={value}" for name, value in wanted.items())


def setting(office, threshold, errors=100, seen=0, kind="text"):
    place = {"department": str(office.department.id), "form": office.form_code, "kind": kind}
    return place | {"threshold": str(threshold), "errors": str(errors), "seen": str(seen)}


def clerk_of(office):
    return StaffClient(office.city).sign_in(office.city.person(Role.CLERK, department=office.department))


def test_a_raised_threshold_asks_about_what_the_reader_would_have_let_pass(city_on_both):
    office = office_with_a_form(city_on_both)
    note(office, known=1)
    client = clerk_of(office)

    told = client.post("/verify/thresholds/curve", setting(office, 95))
    hand_in(office, b"%PDF-1")
    [sheet] = read(office, doubted(office, 0.9))

    assert "確度95%以上" in told.text
    assert asked(sheet) == {"a1": ["below_threshold"]}


def test_a_lowered_threshold_lets_pass_only_what_was_asked_for_its_confidence_alone(city):
    office = office_with_a_form(city)
    note(office, known=500, passed=40_000, sampled=500)
    clerk_of(office).post("/verify/thresholds/curve", setting(office, 45))
    hand_in(office, b"%PDF-1")

    passing, other, lower = read(
        office,
        doubted(office, 0.46, "low_probability"),
        replace(doubted(office, 0.46, "low_probability", "engines_differ"), page=2),
        replace(doubted(office, 0.44, "low_probability"), page=3),
    )

    assert [asked(each) for each in (other, lower)] == [
        {"a1": ["low_probability", "engines_differ"]},
        {"a1": ["low_probability"]},
    ]
    assert asked(passing) == {}
    assert passing.fields[0].value == "山田 花子"


def test_without_samples_of_what_passes_nothing_is_set_below_the_readers_own_gate(city):
    office = office_with_a_form(city)
    note(office, known=5000, passed=40_000)
    client = clerk_of(office)

    shown = client.get(curve(office, errors=100))
    refused = client.post("/verify/thresholds/curve", setting(office, 45), status=422)

    assert "抜き取りが足りません" in shown.text
    assert "台帳が足りない" in refused.text
    assert 'value="45"' in refused.text
    with city.look() as work:
        assert work.session.scalars(select(ReadingThreshold)).all() == []


def test_a_lowered_threshold_ends_by_itself_when_samples_show_more_errors_than_wanted(city):
    office = office_with_a_form(city)
    note(office, known=500, passed=40_000, sampled=500)
    clerk_of(office).post("/verify/thresholds/curve", setting(office, 45))
    note(office, known=20, wrong=20, seen_by=ledger.SAMPLE, confidence=99)
    hand_in(office, b"%PDF-1")

    [sheet] = read(office, doubted(office, 0.46, "low_probability"))

    assert asked(sheet) == {"a1": ["low_probability"]}


def test_weighty_fields_stay_with_people_whatever_is_set(city):
    office = office_with_a_form(city, (Sketch("代表者の氏名", FieldType.PERSON_NAME),))
    note(office, known=500, passed=40_000, sampled=500, kind="person_name")
    clerk_of(office).post("/verify/thresholds/curve", setting(office, 45, kind="person_name"))
    hand_in(office, b"%PDF-1")

    told = page(office, 1, {"a1": "山田 花子"})
    unsure = replace(told.fields[0], confidence=0.46, why_not=("low_probability",))
    [sheet] = read(office, replace(told, fields=(unsure,)))

    assert asked(sheet) == {"a1": ["always_asked"]}


def test_of_two_who_set_at_once_the_second_is_told_and_what_was_set_is_put_back(city_on_both):
    office = office_with_a_form(city_on_both)
    note(office, known=1)
    client = clerk_of(office)

    client.post("/verify/thresholds/curve", setting(office, 95))
    client.post("/verify/thresholds/curve", setting(office, 90), status=409)
    back = client.post("/verify/thresholds/put-back", setting(office, "", seen=1))

    assert "もとの基準に戻しました" in back.text
    with city_on_both.look() as work:
        kept = work.session.scalars(select(ReadingThreshold).order_by(ReadingThreshold.number)).all()
        assert [(each.number, each.threshold) for each in kept] == [(1, 95), (2, None)]


def test_only_who_builds_forms_of_the_department_sets_how_sure_is_sure_enough(city):
    office = office_with_a_form(city)
    note(office, known=1)
    verifier = StaffClient(city).sign_in(office.verifier)
    stranger = StaffClient(city).sign_in(city.person(Role.CLERK, department=city.department("港湾課")))

    assert "この基準にする" not in verifier.get(curve(office)).text
    verifier.post("/verify/thresholds/curve", setting(office, 95), status=403)
    stranger.get(curve(office), status=404)
    stranger.post("/verify/thresholds/curve", setting(office, 95), status=404)


def test_the_curve_says_what_a_wanted_error_rate_would_do_and_the_same_as_a_table(city):
    office = office_with_a_form(city)
    note(office, known=10_000, passed=40_000, sampled=500)
    client = StaffClient(city).sign_in(office.verifier)

    shown = client.get(curve(office, errors=100)).text

    assert "利用の申込" in client.get("/verify/thresholds").text
    assert "<polyline" in shown
    assert "45%以上" in shown
    assert "50,000欄のうち 50,000欄" in shown.replace("\n", "")


def test_the_curve_moves_alone_while_somebody_drags_it(city):
    office = office_with_a_form(city)
    note(office, known=10)
    client = StaffClient(city).sign_in(office.verifier)

    part = client.get(curve(office, errors=300), **{"HX-Request": "true"}).text

    assert "<html" not in part
    assert 'value="300"' in part
    assert "ありません" in client.get(curve(office, kind="yen")).text


def test_what_passed_unseen_is_counted_once_beside_what_people_saw(city):
    office = office_with_a_form(city)
    client = StaffClient(city).sign_in(office.verifier)
    hand_in(office, b"%PDF-1")
    [sheet] = read(office, doubted(office, 0.4, "low_probability"))
    answers = {"a1": "山田 花子", "a2": "令和8年11月1日", "a3": "13", "a4": "o1", "a5--o1": "on"}
    for turn in range(2):
        client.post(f"/verify/{sheet.id}/claim")
        client.post(f"/verify/{sheet.id}", answers)
        if not turn:
            client.post(f"/sheets/{sheet.id}/reopen")

    with city.look() as work:
        seen = {(line.key, line.seen_by): (line.right, line.wrong) for line in work.session.scalars(select(LedgerLine))}
        passed = {line.key: line.passed for line in work.session.scalars(select(PassedLine))}
    assert seen == {("a1", "unsure"): (1, 0), ("a3", "caught"): (0, 1)}
    assert passed == {"a2": 1, "a4": 1, "a5": 1}


def test_of_a_form_filled_in_by_hand_every_field_is_asked_until_its_type_is_opened(city_on_both):
    office = office_with_a_form(city_on_both, by_hand=True)
    note(office, known=2_995, seen_by=ledger.HAND, confidence=99)
    note(office, known=2_994, seen_by=ledger.HAND, confidence=99, kind="date")
    hand_in(office, b"%PDF-1")

    [sheet] = read(office, page(office, 1, SURE))

    assert asked(sheet) == {key: ["handwriting"] for key in ("a2", "a3", "a4", "a5")}


def test_the_page_says_how_far_each_type_of_handwriting_is(city):
    office = office_with_a_form(city, by_hand=True)
    note(office, known=1_000, seen_by=ledger.HAND, confidence=99)

    shown = StaffClient(city).sign_in(office.verifier).get(curve(office)).text

    assert "手書き" in shown
    assert "あと1,995欄" in shown


def test_the_department_says_on_the_forms_page_how_it_is_filled_in(city):
    office = office_with_a_form(city, by_hand=True)
    client = clerk_of(office)
    version = client.get("/forms/1").text.partition('name="version" value="')[2].partition('"')[0]

    told = client.post("/forms/1/in-print", {"version": version})
    client.post("/forms/1/by-hand", {"version": version}, status=409)
    hand_in(office, b"%PDF-1")
    [sheet] = read(office, page(office, 1, SURE))

    assert "手書きの用紙として扱う" in told.text
    assert asked(sheet) == {}


@given(
    st.lists(
        st.tuples(
            st.sampled_from((ledger.DESK, ledger.UNSURE, ledger.HAND, ledger.ALWAYS, ledger.CAUGHT, ledger.SAMPLE)),
            st.integers(0, 100),
            st.integers(0, 50),
            st.integers(0, 50),
        )
    ),
    st.lists(st.tuples(st.integers(0, 100), st.integers(1, 500))),
)
def test_every_field_that_was_settled_is_counted_once_and_a_sample_is_no_field_of_its_own(seen, passed):
    strata, always = strata_of(Lines(seen, passed))

    asked_about = sum(right + wrong for seen_for, _at, right, wrong in seen if seen_for != ledger.SAMPLE)
    assert always + sum(each.known for each in strata) == asked_about
    assert sum(each.passed for each in strata) == sum(count for _at, count in passed)
    told = steps(strata, always)
    assert not told or GATE in {step.threshold for step in told}
