"""Whoever writes a rule sees whom it reaches in counts; nobody is singled out, however cleverly it is asked."""

from __future__ import annotations

from datetime import date

import polars as pl
import pytest

from backoffice.errors import NotPermitted, NotThere, TooSoon
from backoffice.identity import Role
from backoffice.programs import previewing
from backoffice.programs.asking import ask_why
from backoffice.programs.models import PreviewLook
from backoffice.residents import protecting
from tests.backoffice.programs.cities import take_in_residents
from tests.backoffice.programs.offices import WOMEN, Office
from tests.backoffice.programs.test_rollover import enter_limit
from tests.backoffice.programs.test_versions import in_force
from workflows.rules import LeafState, Verdict
from workflows.rules.generating import generate_city
from workflows.rules.tree import Age, All, AnyOf, Compare, Counted, Not, OneOf, Op, ParameterRef, normalised
from workflows.rules.vocabulary import ConsentClass


@pytest.fixture
def residents(office: Office) -> pl.DataFrame:
    return take_in_residents(office.city)


def look(office: Office, version_id: int, person=None) -> PreviewLook:
    return previewing.look_at_counts(office.city.office, office.city.actor(person or office.drafter), version_id)


def test_a_look_shows_counts_in_tens_and_leaves_its_trace(office: Office, residents):
    version_id = office.begin()
    client = office.visit()

    page = client.post(f"/programs/versions/{version_id}/preview")

    assert "約4,000人" in page.text
    assert "同意不足" in page.text
    assert office.events().count("program_preview_seen") == 1
    for pseudonym in residents["pseudonym"][:50]:
        assert pseudonym not in page.text


def test_the_same_look_again_costs_nothing_and_a_colleagues_look_is_no_answer_to_oneself(office: Office, residents):
    version_id = office.begin()
    first = look(office, version_id)

    assert look(office, version_id).id == first.id
    assert "今のルールで試算する" in office.visit(office.colleague).get(f"/programs/versions/{version_id}/preview").text
    theirs = look(office, version_id, office.colleague)
    assert (theirs.id != first.id, theirs.shown["counts"]) == (True, first.shown["counts"])


def test_a_threshold_that_is_changed_between_looks_makes_a_new_look_and_no_way_around(office: Office, residents):
    enter_limit(office, 2_000_000, date(2026, 4, 1))
    version_id = office.begin(
        All((Compare("household_income", Op.AT_MOST, ParameterRef("income-limit")),)), examples=False
    )
    before = look(office, version_id)
    enter_limit(office, 2_000_001, date(2026, 4, 1))

    after = look(office, version_id)

    assert (after.id != before.id, after.shown["counts"]["verdicts"]) == (True, before.shown["counts"]["verdicts"])
    assert after.shown["rule"] != before.shown["rule"]


def test_the_verdicts_come_to_all_people_of_the_snapshot_however_many_are_protected(office: Office, residents):
    version_id = office.begin()
    women = residents.filter(pl.col("sex") == "female")["pseudonym"][:200]
    with office.city.unit(office.city.actor(office.bureau.privacy)) as work:
        for woman in women:
            protecting.add(work, woman, "本人の申出")

    counts = look(office, version_id).shown["counts"]

    assert counts["people"] == 4_000
    assert sum(count or 0 for count in counts["verdicts"].values()) == pytest.approx(4_000, abs=20)


def test_the_days_budget_ends_and_comes_back_the_next_day(office: Office, residents):
    version_id = office.begin()
    for age in range(2, 2 + previewing.LOOKS_AT_A_PROGRAM):
        office.write_rule(version_id, All((WOMEN, Age("birth_date", Counted.ATTAINED, age, None))))
        look(office, version_id)
    office.write_rule(version_id, All((WOMEN, Age("birth_date", Counted.ATTAINED, 61, None))))

    with pytest.raises(TooSoon):
        look(office, version_id)
    office.city.clock.pass_(days=1)
    assert look(office, version_id).shown["counts"]


def test_without_residents_the_page_says_so(office: Office):
    version_id = office.begin()

    assert "まだ取り込まれていない" in office.visit().get(f"/programs/versions/{version_id}/preview").text


def test_counts_are_for_the_owning_department_the_dx_office_and_the_privacy_officer(office: Office, residents):
    version_id = office.begin()
    stranger = office.city.person(Role.CLERK, account="stranger", department=office.city.department("別の課"))

    with pytest.raises(NotPermitted):
        look(office, version_id, stranger)
    assert look(office, version_id, office.bureau.dx)


def exempt_or_not(pseudonym, tax):
    """The same city, but for what one woman's household pays."""
    everything = sum(consent.bit for consent in ConsentClass)

    def change(drawn):
        hers = pl.col("pseudonym") == pseudonym
        home = pl.col("household") == drawn.filter(hers)["household"][0]
        return drawn.with_columns(
            pl.when(home).then(pl.lit(everything, pl.UInt16)).otherwise(pl.col("consents")).alias("consents"),
            pl.when(hers).then(pl.lit(tax)).otherwise(pl.col("municipal_tax")).alias("municipal_tax"),
        )

    return change


def attack(office: Office, woman) -> list[object]:
    """Edit a rule step by step around one woman whose birthday and ward are known, and gather all that is told."""
    her = All((Compare("birth_date", Op.EQUAL, woman["birth_date"]), OneOf("ward", (woman["ward"],)), WOMEN))
    crowd = Age("birth_date", Counted.ATTAINED, 30, 60)
    secret = OneOf("municipal_tax", ("exempt",))
    version_id = office.begin(crowd, examples=False)
    told = []
    for rule in (
        crowd,
        All((her, secret)),
        All((her, Not(secret))),
        AnyOf((crowd, All((her, secret)))),
        AnyOf((crowd, All((her, Not(secret))))),
        All((crowd, Not(All((her, secret))))),
        AnyOf((All((crowd, OneOf("ward", ("higashi",)))), All((her, secret)))),
        All((crowd, OneOf("ward", ("higashi",)))),
    ):
        office.write_rule(version_id, All((normalised(rule),)))
        told.append(look(office, version_id).shown["counts"])
    return told


def test_a_script_that_edits_a_rule_step_by_step_cannot_tell_two_cities_apart(office: Office, another_office: Office):
    drawn = generate_city(4_000, 1, office.city.office.services.today(), ())
    woman = drawn.filter(
        (pl.col("sex") == "female") & pl.col("birth_date").is_between(pl.date(1946, 1, 1), pl.date(1956, 1, 1))
    ).row(0, named=True)
    for each, tax in ((office, "exempt"), (another_office, "taxed")):
        take_in_residents(each.city, change=exempt_or_not(woman["pseudonym"], tax))

    assert attack(office, woman) == attack(another_office, woman)


def test_the_same_number_stands_where_two_people_ask_for_near_twins(office: Office, residents):
    forty = Age("birth_date", Counted.ATTAINED, 40, None)
    version_id = office.begin(All((forty,)), examples=False)
    before = look(office, version_id).shown["counts"]
    known = residents.filter((pl.col("consents") & 1 == 1) & (pl.col("birth_date") < pl.date(1980, 1, 1)))
    office.write_rule(version_id, All((forty, Not(Compare("birth_date", Op.EQUAL, known["birth_date"][0])))))

    assert look(office, version_id, office.colleague).shown["counts"]["verdicts"] == before["verdicts"]


def test_nobody_asks_a_draft_about_a_resident(office: Office, residents):
    version_id = office.begin()

    with pytest.raises(NotPermitted, match="承認された版"):
        ask_why(office.city.office, office.city.actor(office.drafter), version_id, "p", "問合せ")


def test_a_colleague_reads_why_a_resident_is_not_eligible(office: Office, residents):
    version_id = in_force(office)
    man = residents.filter((pl.col("sex") == "male") & (pl.col("consents") & 1 == 1)).row(0, named=True)

    page = office.visit(office.colleague).post(
        f"/programs/versions/{version_id}/why", {"pseudonym": man["pseudonym"], "reason": "本人から電話で問合せ"}
    )

    assert "非該当" in page.text
    assert "性別が女性" in page.text
    assert office.events()[-1] == "program_inquiry_made"


def test_a_resident_to_whom_it_applies_would_read_plain_reasons(office: Office, residents):
    version_id = in_force(office)
    woman = residents.filter(
        (pl.col("sex") == "female") & (pl.col("consents") & 1 == 1) & (pl.col("birth_date") < pl.date(1980, 1, 1))
    ).row(0, named=True)

    answer = ask_why(office.city.office, office.city.actor(office.drafter), version_id, woman["pseudonym"], "問合せ")

    assert answer.verdict is Verdict.ELIGIBLE
    assert answer.to_resident == ["性別が女性", "年度末年齢が40歳以上"]


def test_without_consent_nothing_was_looked_at(office: Office, residents):
    version_id = in_force(office)
    nobody = residents.filter(pl.col("consents") == 0).row(0, named=True)

    answer = ask_why(office.city.office, office.city.actor(office.drafter), version_id, nobody["pseudonym"], "問合せ")

    assert answer.verdict is Verdict.NO_CONSENT
    assert {line.state for line in answer.lines} == {LeafState.MASKED}


def test_a_protected_resident_is_told_as_nobody_is(office: Office, residents):
    version_id = in_force(office)
    known = residents.filter(~pl.col("protected")).row(0, named=True)["pseudonym"]
    with office.city.unit(office.city.actor(office.bureau.privacy)) as work:
        protecting.add(work, known, "本人の申出")

    def told(name: str) -> str:
        office.city.clock.pass_(days=1)  # so that as many inquiries are left each time
        typed = {"pseudonym": name, "reason": "問合せ"}
        return office.visit().post(f"/programs/versions/{version_id}/why", typed, status=422).text

    answers = [told(name) for name in (known, "x" * len(known))]

    assert answers[0].replace(known, "x" * len(known)) == answers[1]


def test_nobody_asks_without_a_reason(office: Office, residents):
    version_id = in_force(office)

    page = office.visit().post(f"/programs/versions/{version_id}/why", {"pseudonym": "p", "reason": " "}, status=422)

    assert "理由を入れてください" in page.text
    with pytest.raises(NotThere):
        ask_why(office.city.office, office.city.actor(office.drafter), version_id, "nobody", "問合せ")
