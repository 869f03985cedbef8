"""Whoever answers the telephone sees what is held of the one resident who reads out a code, and nobody else."""

from __future__ import annotations

import pytest
from sqlalchemy import event, select

from backoffice.audit import AuditEvent
from backoffice.consents.models import Consent, Registrant
from backoffice.consents.portal import address_of
from backoffice.consents.queries import channels_of
from backoffice.consents.service import MOST_IN_VAIN
from backoffice.identity import Role
from backoffice.residents import protecting
from tests.backoffice.audiences.runs import found_sending
from tests.backoffice.audiences.told import ToldTo, told
from tests.backoffice.consents.counter import WHO, consented, entered
from tests.backoffice.data_links.agreements import Agreements
from tests.backoffice.data_links.library import NAME, Library, found_library
from tests.backoffice.inbox.cases import found_bureau
from tests.backoffice.programs.offices import found_office
from tests.backoffice.staff_client import StaffClient

ASKED = "電話 R8-77 なぜお知らせが来たか"
NOBODYS = "0123456789abcdef"
CANNOT = "この窓口では答えられない番号です"


@pytest.fixture
def operator(city):
    return city.person(Role.HELP_DESK)


@pytest.fixture
def telephone(city, operator):
    return StaffClient(city).sign_in(operator)


@pytest.fixture
def code(city):
    """On the receipt of a resident who consented at the counter."""
    clerk = city.person(Role.PRIVACY_OFFICER)
    consent_id = consented(city, clerk, entered(city, clerk))
    with city.look() as work:
        return work.session.get_one(Consent, consent_id).reference


def ask(telephone, code, reason=ASKED, status=200):
    return telephone.post("/help-desk/find", {"code": code, "reason": reason}, status)


def test_a_code_opens_what_is_held_and_what_for(telephone, code):
    page = ask(telephone, code)

    assert "基本の情報" in page.text
    assert "生年月日" in page.text
    assert code in page.text
    assert WHO not in page.text, "the pseudonym is not the help desk's business"


@pytest.mark.parametrize("spoken", ["{0} {1}", "{0}-{1}", " {0}{1} "])
def test_a_code_is_found_however_it_was_read_out(telephone, code, spoken):
    page = ask(telephone, spoken.format(code[:8].upper(), code[8:]))

    assert code in page.text


def test_the_look_says_which_office_asked_and_stays_for_half_an_hour(city, telephone, code, operator):
    page = ask(telephone, code)
    assert operator.department.name in page.text
    with city.look() as work:
        looks = select(AuditEvent).where(AuditEvent.kind == "registrant_seen").order_by(AuditEvent.id)
        last = work.session.scalars(looks).all()[-1]
        assert last.staff_id == operator.id

    city.clock.pass_(minutes=31)

    StaffClient(city).sign_in(operator).get(page.path, 404)


def test_nobody_opens_the_look_of_somebody_else(city, telephone, code):
    page = ask(telephone, code)
    colleague = StaffClient(city).sign_in(city.person(Role.HELP_DESK))

    colleague.get(page.path, 404)


def test_a_reason_is_asked_and_what_was_typed_comes_back(telephone, code):
    page = ask(telephone, code, reason=" ", status=422)

    assert code in page.text
    assert "理由を入れてください" in page.text


def test_whoever_is_protected_is_found_no_more_than_nobody(city, telephone, code):
    unknown = ask(telephone, NOBODYS, status=422).text
    with city.unit(city.actor(city.person(Role.PRIVACY_OFFICER))) as work:
        protecting.add(work, WHO, "申出 R8-1")

    hidden = ask(telephone, code, status=422).text

    assert CANNOT in hidden
    assert hidden.replace(code, "") == unknown.replace(NOBODYS, "")
    with city.look() as work:
        vain = work.session.scalars(select(AuditEvent).where(AuditEvent.kind == "registrant_sought_in_vain")).all()
        assert len(vain) == 2


def test_as_much_is_looked_up_for_whoever_is_protected_as_for_nobody(city, telephone, code):
    with city.unit(city.actor(city.person(Role.PRIVACY_OFFICER))) as work:
        protecting.add(work, WHO, "申出 R8-1")

    def statements(spoken: str) -> list[str]:
        seen: list[str] = []

        def note(_connection, _cursor, statement, *_):
            seen.append(statement)

        event.listen(city.office.engine, "before_cursor_execute", note)
        ask(telephone, spoken, status=422)
        event.remove(city.office.engine, "before_cursor_execute", note)
        return seen

    assert statements(code) == statements(NOBODYS)


def test_a_page_that_is_open_closes_when_the_resident_is_protected(city, telephone, code):
    page = ask(telephone, code)
    with city.unit(city.actor(city.person(Role.PRIVACY_OFFICER))) as work:
        protecting.add(work, WHO, "申出 R8-1")

    telephone.get(page.path, 404)


def test_whoever_guesses_is_stopped_even_where_the_next_guess_were_right(city, telephone, code):
    for number in range(MOST_IN_VAIN):
        assert CANNOT in ask(telephone, f"{number:016x}", status=422).text

    ask(telephone, code, status=429)

    city.clock.pass_(minutes=61)
    assert code in ask(StaffClient(city).sign_in(city.person(Role.HELP_DESK)), code).text


def test_another_is_not_stopped_by_whoever_guesses(city, telephone, code):
    for number in range(MOST_IN_VAIN):
        ask(telephone, f"{number:016x}", status=422)

    assert code in ask(StaffClient(city).sign_in(city.person(Role.HELP_DESK)), code).text


@pytest.mark.parametrize("typed", ["", "12345", "zzzzzzzzzzzzzzzz", "123456789012"])
def test_what_is_no_code_is_said_to_be_none(telephone, typed):
    assert "16文字です" in ask(telephone, typed, status=422).text


def test_whoever_has_only_the_counter_or_nothing_has_no_help_desk(city):
    for role in set(Role) - {Role.HELP_DESK, Role.PRIVACY_OFFICER}:
        StaffClient(city).sign_in(city.person(role)).get("/help-desk", 403)


@pytest.mark.parametrize("path", ["/consents", "/inbox", "/links", "/programs"])
def test_the_role_opens_nothing_but_the_help_desk(telephone, path):
    telephone.get(path, 403)


def test_what_left_through_a_link_is_told_with_what_for_and_when(city):
    library: Library = found_library(Agreements(found_bureau(city)))
    reference = library.consent()
    library.fetch(library.ask_for_card())
    telephone = StaffClient(city).sign_in(city.person(Role.HELP_DESK))

    page = ask(telephone, reference)

    assert "図書館カード" in page.text
    assert "図書館カードを作る" in page.text
    assert NAME not in page.text


def test_an_address_is_known_again_and_not_told(city):
    library: Library = found_library(Agreements(found_bureau(city)))
    reference = library.consent()
    with city.look() as work:
        registrant = work.session.scalars(select(Registrant)).one()
        (channel,) = channels_of(work.session, registrant.id)
        address = address_of(city.office.cipher, channel)

    page = ask(StaffClient(city).sign_in(city.person(Role.HELP_DESK)), reference)

    assert address not in page.text
    assert f"{address[0]}…@{address.partition('@')[2]}" in page.text


@pytest.fixture
def office(city):
    return found_office(found_bureau(city))


@pytest.fixture
def somebody(office) -> ToldTo:
    return told(found_sending(office))


def test_the_code_in_a_mail_tells_which_notice_it_was_and_why(somebody):
    telephone = StaffClient(somebody.city).sign_in(somebody.city.person(Role.HELP_DESK))

    page = ask(telephone, somebody.code.upper())

    for told_there in ("乳がん検診", somebody.number, "送った", "性別が女", "使った情報"):
        assert told_there in page.text
    assert somebody.name not in page.text


def test_the_code_in_the_mail_of_somebody_protected_is_nobodys(somebody):
    city = somebody.city
    with city.unit(city.actor(city.person(Role.PRIVACY_OFFICER))) as work:
        protecting.add(work, somebody.name, "申出 R8-1")

    assert CANNOT in ask(StaffClient(city).sign_in(city.person(Role.HELP_DESK)), somebody.code, status=422).text


def test_the_number_of_a_run_tells_what_was_said_and_of_nobody(somebody):
    telephone = StaffClient(somebody.city).sign_in(somebody.city.person(Role.HELP_DESK))

    page = telephone.get(f"/help-desk/notices?number={somebody.number}")

    assert "乳がん検診" in page.text
    assert somebody.code not in page.text
    assert "この配信番号のお知らせはありません" in telephone.get("/help-desk/notices?number=R8-1").text


def test_what_nobody_released_is_not_told(office):
    sending = found_sending(office)
    number = sending.run(sending.frozen()).number
    telephone = StaffClient(sending.city).sign_in(sending.city.person(Role.HELP_DESK))

    assert "この配信番号のお知らせはありません" in telephone.get(f"/help-desk/notices?number={number}").text
