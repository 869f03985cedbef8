"""The pages of data links: written by a clerk, read by everybody, shut by the DX office and privacy officers alone."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backoffice.clients.scopes import Scope
from backoffice.data_links import impact_in, terms_in
from backoffice.data_links.weighing import terms_of
from backoffice.identity import Role
from forms.my_number import check_digit
from tests.backoffice.clients.machines import machine
from tests.backoffice.data_links.agreements import LIBRARY, Agreements
from tests.backoffice.data_links.library import connect
from workflows.links import ATTRIBUTES, NOT_ASSESSED, LinkState, Necessity, Purpose, SubjectGroup, Use
from workflows.routes import Decision
from workflows.rules.facts import WARDS

PURPOSES = (*LIBRARY.purposes, Purpose("remind", "返却を知らせる", "Remind of books"))
CODES = tuple(each.code for each in PURPOSES)
ELEVEN = "12345678901"
TWELVE_DIGITS = f"{ELEVEN}{check_digit(ELEVEN)}"


@st.composite
def terms(draw):
    """Terms as the page can write them: an attribute once, for purposes that are there."""
    chosen = draw(st.lists(st.sampled_from(sorted(ATTRIBUTES)), unique=True, max_size=6))
    order = list(ATTRIBUTES)
    uses = tuple(
        Use(code, draw(st.sampled_from(Necessity)), draw(st.sampled_from([CODES, CODES[:1], ()])), "わけ")
        for code in sorted(chosen, key=order.index)
    )
    wards = tuple(ward.code for ward in WARDS if draw(st.booleans()))
    ages = st.none() | st.integers(0, 120)
    group = SubjectGroup(wards, draw(ages), draw(ages))
    return replace(
        LIBRARY,
        purposes=PURPOSES,
        uses=uses,
        subjects=(group, SubjectGroup(("chuo",), 65, None)),
        private_partner=draw(st.booleans()),
        retention_days=draw(st.integers(0, 9999)),
    )


@settings(max_examples=60, deadline=None)
@given(terms())
def test_what_a_page_shows_of_an_agreement_is_read_back_unchanged(written):
    """The assessment stands on a page of its own."""
    assert terms_in.terms_typed(terms_in.typed_of(written)) == replace(written, impact=NOT_ASSESSED)


def test_where_there_is_one_purpose_every_attribute_is_for_it_unticked():
    typed = {key: text for key, text in terms_in.typed_of(LIBRARY).items() if not key.startswith("for-")}

    assert terms_in.terms_typed(typed).uses == LIBRARY.uses


def test_of_two_purposes_those_that_are_ticked_count():
    two = replace(LIBRARY, purposes=PURPOSES)
    typed = {key: text for key, text in terms_in.typed_of(two).items() if not key.startswith("for-")}

    assert {use.purposes for use in terms_in.terms_typed(typed).uses} == {()}


def test_an_agreement_is_written_sent_and_approved_through_the_pages(desk: Agreements):
    clerk = desk.visit()
    page = clerk.post("/links/new", {"name": "図書館カード", "code": "library-card"})
    version_id = int(page.path.split("/")[3])
    lacking = clerk.get(f"/links/versions/{version_id}").text
    assert ("次の点を直すと" in lacking, "やさしい日本語: 本人に見せる文を" in lacking) == (True, True)

    typed = dict(terms_in.typed_of(LIBRARY))
    page = clerk.post(f"/links/versions/{version_id}/edit", {**typed, "version": str(desk.version(version_id).version)})
    assert "影響評価の問いに、すべて答えてください" in page.text
    answers = {**impact_in.typed_of(LIBRARY.impact), "version": str(desk.version(version_id).version)}
    page = clerk.post(f"/links/versions/{version_id}/impact", answers)
    assert "回議に付す準備ができました" in page.text

    seen = str(desk.version(version_id).version)
    source = str(desk.bureau.department.id)
    clerk.post(
        f"/links/versions/{version_id}/submit", {"version": seen, "source": source, "untried": "試験はあとで行う"}
    )
    desk.approve(desk.version(version_id).case_id)

    assert terms_of(desk.version(version_id)) == LIBRARY
    assert "つながっている" in clerk.get("/links").text


def test_what_cannot_be_read_comes_back_as_typed_at_its_field(desk: Agreements):
    version_id = desk.begin()
    clerk = desk.visit()
    wrong = {"retention_days": "いちねん", "valid_from": "あした", "from-0": "若い", "controller": "架空館長"}
    typed = {**terms_in.typed_of(LIBRARY), **wrong, "version": str(desk.version(version_id).version)}

    page = clerk.post(f"/links/versions/{version_id}/edit", typed, status=422)

    for field, value in wrong.items():
        assert f'value="{value}"' in page.text, field
    assert page.text.count("field-error") == 3
    assert terms_of(desk.version(version_id)) == LIBRARY


def test_an_agreement_holds_no_my_number(desk: Agreements):
    version_id = desk.begin()
    typed = {
        **terms_in.typed_of(LIBRARY),
        "controller": TWELVE_DIGITS,
        "version": str(desk.version(version_id).version),
    }

    page = desk.visit().post(f"/links/versions/{version_id}/edit", typed, status=422)

    assert "個人番号" in page.text


def test_the_page_says_field_by_field_what_opens_and_what_closes(desk: Agreements):
    first = desk.in_force()
    wider = desk.next(first, per_minute=120, retention_days=30, controller="架空社")

    page = desk.visit().get(f"/links/versions/{wider}")

    assert (page.text.count("広げる<"), page.text.count("狭める<"), page.text.count("同意を取り直す")) == (2, 1, 1)
    assert "もう一度同意をたずねます" in page.text


def test_only_what_closes_offers_to_count_at_once(desk: Agreements):
    first = desk.in_force()
    narrower = desk.next(first, retention_days=30)
    clerk = desk.visit()
    assert "すぐ有効にできます" in clerk.get(f"/links/versions/{narrower}").text

    clerk.post(f"/links/versions/{narrower}/put-in-force", {"version": str(desk.version(narrower).version)})

    assert desk.counts(first) == 2


def test_the_department_that_holds_the_data_is_asked_for(desk: Agreements):
    version_id = desk.begin()

    page = desk.visit().post(
        f"/links/versions/{version_id}/submit", {"version": str(desk.version(version_id).version)}, status=422
    )

    assert "データのもとを持つ部署を選んでください" in page.text


def test_only_somebody_who_has_just_proven_who_they_are_says_which_machine_uses_a_link(desk: Agreements):
    version_id = desk.in_force()
    link_id = desk.link(version_id).id
    system = machine(desk.city, frozenset({Scope.LINKS}), name="図書館システム")
    person = desk.visit(desk.bureau.dx)
    desk.city.clock.pass_(minutes=11)

    said = {"client": str(system.client_id)}
    person.post(f"/links/{link_id}/machine", said, status=401)

    again, colleague = desk.visit(desk.bureau.dx), desk.visit(desk.city.person(Role.DX_OFFICE))
    page = again.post(f"/links/{link_id}/machine", said)
    assert ("図書館システム" in page.text, "別の職員の確認待ち" in page.text) == (True, True)
    assert "確かめたので、つなぐ" not in page.text
    again.post(f"/links/{link_id}/connect", said, status=403)
    assert desk.link(version_id).client is None
    assert "確かめたので、つなぐ" in colleague.get(f"/links/{link_id}").text
    colleague.post(f"/links/{link_id}/connect", said)
    colleague.post(f"/links/{link_id}/connect", said, status=409)
    assert desk.link(version_id).client_id == system.client_id


def test_what_a_colleague_confirms_is_the_machine_that_they_saw(desk: Agreements):
    version_id = desk.in_force()
    link_id = desk.link(version_id).id
    seen = machine(desk.city, frozenset({Scope.LINKS}), name="図書館システム")
    other = machine(desk.city, frozenset({Scope.LINKS}), name="よそのシステム")
    person, colleague = desk.visit(desk.bureau.dx), desk.visit(desk.city.person(Role.DX_OFFICE))
    person.post(f"/links/{link_id}/machine", {"client": str(seen.client_id)})
    person.post(f"/links/{link_id}/machine", {"client": str(other.client_id)})

    colleague.post(f"/links/{link_id}/connect", {"client": str(seen.client_id)}, status=409)

    assert desk.link(version_id).client_id is None


def test_a_machine_that_is_the_end_of_no_link_or_of_another_is_not_taken(desk: Agreements):
    one, other = desk.in_force(), desk.begin("pool-ticket")
    system = machine(desk.city, frozenset({Scope.LINKS}), name="図書館システム")
    portal = machine(desk.city)
    person = desk.visit(desk.bureau.dx)
    connect(desk, one, system.client_id)

    for client, said in ((system, "もう別の連携に"), (portal, "選んでください")):
        page = person.post(f"/links/{desk.link(other).id}/machine", {"client": str(client.client_id)}, status=422)
        assert said in page.text

    assert desk.link(other).client_id is None


def test_what_a_case_says_of_a_version_is_written_on_the_version_alone(desk: Agreements):
    """Else a wider one could call itself narrower, and the department whose data it is would not be asked."""
    version_id = desk.begin()
    case_id = desk.submit(version_id)
    desk.bureau.decide(desk.bureau.head, case_id, "head_review", Decision.SEND_BACK)
    case, clerk = desk.bureau.case(case_id), desk.visit()
    said = {**case.answers["values"], "widening": "false", "title": case.title, "version": str(case.version)}
    said |= {"retention": "10", "level": case.decision_level, "coordinating": str(case.coordinating_department_id)}

    page = clerk.get(f"/cases/{case_id}")
    clerk.post(f"/cases/{case_id}/edit", said, status=403)

    assert f'href="/links/versions/{version_id}"' in page.text
    assert f"/cases/{case_id}/edit" not in page.text
    clerk.get(f"/cases/{case_id}/edit", status=403)
    assert desk.bureau.case(case_id).answers == case.answers


@pytest.mark.parametrize("who", ["dx", "privacy"])
def test_the_kill_switch_is_pressed_with_a_reason_that_stays(desk: Agreements, who):
    first = desk.in_force()
    link_id = desk.link(first).id
    person = desk.visit(getattr(desk.bureau, who))
    assert "「gijo links shut library-card --reason 理由」" in person.get(f"/links/{link_id}").text
    assert "理由を入れてください" in person.post(f"/links/{link_id}/shut", {"reason": ""}, status=422).text

    page = person.post(f"/links/{link_id}/shut", {"reason": "渡しすぎのおそれ"})

    assert desk.state(first) == LinkState.KILLED
    assert "渡しすぎのおそれ" in page.text
    assert "今すぐ止める" not in page.text


@pytest.mark.parametrize("role", [Role.CLERK, Role.HEAD, Role.ADMINISTRATOR, Role.AUDITOR])
def test_nobody_else_shuts_a_link(desk: Agreements, role):
    first = desk.in_force()
    person = desk.visit(desk.city.person(role, account="hoka"))
    link_id = desk.link(first).id

    assert "今すぐ止める" not in person.get(f"/links/{link_id}").text
    person.post(f"/links/{link_id}/shut", {"reason": "x"}, status=403)

    assert desk.state(first) == LinkState.LIVE


def test_a_list_without_links_says_what_to_do(desk: Agreements):
    assert "データ連携はまだありません" in desk.visit().get("/links").text
    assert "に合う連携はありません" in desk.visit().get("/links?q=zzz").text
