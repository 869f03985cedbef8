"""At a facility's counter: yes, no, or once more. Nothing of whoever stands there is kept."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import date
from urllib.parse import parse_qs, urlsplit

import pytest
from sqlalchemy import select

from backoffice.digital_id import checking, service
from backoffice.digital_id.checking import Answer
from backoffice.digital_id.keys import confirm, make_key
from backoffice.digital_id.models import Check, SpentNonce
from backoffice.digital_id.workflow import Cause
from backoffice.errors import Overtaken
from backoffice.identity import Role
from backoffice.operations.upkeep import tick
from tests.backoffice.consents.counter import withdrawn
from tests.backoffice.digital_id.wallets import issued, registered
from workflows.credentials.rules import RULES
from workflows.credentials.wallet_simulator import WalletSimulator
from workflows.rules.vocabulary import ConsentClass

SENIOR = RULES["senior_65"]


@pytest.fixture
def resident(city):
    return registered(city, city.person(Role.PRIVACY_OFFICER), ConsentClass.CORE, ConsentClass.CARE)


@pytest.fixture
def porter(city):
    return city.person(Role.FACILITY)


def asked(city, porter, rule=SENIOR) -> dict[str, str]:
    """What the code on the porter's screen says."""
    with city.look(city.actor(porter)) as work:
        address = urlsplit(checking.question(work, rule).address)
    said = {name: value for name, (value,) in parse_qs(address.query).items()}
    return {**said, "audience": address._replace(query="").geturl()}


def shown(city, wallet: WalletSimulator, asked: dict[str, str], *disclose: str) -> str:
    return wallet.present(
        disclose or [asked["claims"]], asked["audience"], asked["nonce"], int(city.clock().timestamp())
    )


def checked(city, porter, presentation: str, rule=SENIOR) -> Answer:
    with city.unit(city.actor(porter)) as work:
        return checking.check(work, rule, presentation)


def test_whoever_is_old_enough_is_told_yes_by_the_rule_that_was_asked(city_on_both):
    city = city_on_both
    resident = registered(city, city.person(Role.PRIVACY_OFFICER), ConsentClass.CORE)
    porter, (wallet, _number) = city.person(Role.FACILITY), issued(city, resident)

    assert checked(city, porter, shown(city, wallet, asked(city, porter))) is Answer.YES


@pytest.mark.parametrize("rule", RULES.values(), ids=RULES)
def test_the_code_on_the_screen_asks_for_the_one_claim_of_its_rule(city, porter, rule):
    assert asked(city, porter, rule)["claims"] == rule.claim


def test_who_is_too_young_and_who_discloses_nothing_are_the_same_no(city, porter, resident):
    young, _number = issued(city, resident, {"birth_date": date(1990, 1, 1)})
    old, _number = issued(city, resident)

    assert checked(city, porter, shown(city, young, asked(city, porter))) is Answer.NO
    assert checked(city, porter, shown(city, old, asked(city, porter), "city_resident")) is Answer.NO


def test_what_was_shown_once_is_not_taken_again(city, porter, resident):
    wallet, _number = issued(city, resident)
    presentation = shown(city, wallet, asked(city, porter))

    assert checked(city, porter, presentation) is Answer.YES
    assert checked(city, porter, presentation) is Answer.ONCE_MORE


def test_the_number_on_the_screen_is_good_for_two_minutes(city, porter, resident):
    wallet, _number = issued(city, resident)
    in_time, late = asked(city, porter), asked(city, porter)

    city.clock.pass_(minutes=2)
    assert checked(city, porter, shown(city, wallet, in_time)) is Answer.YES
    city.clock.pass_(seconds=1)
    assert checked(city, porter, shown(city, wallet, late)) is Answer.ONCE_MORE


def test_what_was_shown_at_one_counter_is_not_taken_at_another(city, porter, resident):
    wallet, _number = issued(city, resident)
    elsewhere = city.person(Role.FACILITY)

    assert checked(city, porter, shown(city, wallet, asked(city, elsewhere))) is Answer.ONCE_MORE


@pytest.mark.parametrize("nonce", ["", ".", "n-1", "6553f100.00.00", "zz.0.0", "é", "\ud800"])
def test_a_number_that_was_not_drawn_here_is_not_taken(city, porter, resident, nonce):
    wallet, _number = issued(city, resident)

    assert checked(city, porter, shown(city, wallet, {**asked(city, porter), "nonce": nonce})) is Answer.ONCE_MORE


@pytest.mark.parametrize("scanned", ["", " ", "https://city.example/", "あいう", "~", "a~b", "x" * 20_000])
def test_a_scan_that_is_no_digital_id_is_asked_for_once_more(city, porter, scanned):
    assert checked(city, porter, scanned) is Answer.ONCE_MORE


def test_a_scanner_may_break_lines(city, porter, resident):
    wallet, _number = issued(city, resident)
    presentation = shown(city, wallet, asked(city, porter))

    assert checked(city, porter, f" {presentation[:400]}\r\n{presentation[400:]}\n") is Answer.YES


def test_a_copy_on_another_telephone_is_a_plain_no(city, porter, resident):
    wallet, _number = issued(city, resident)
    thief, _number = issued(city, resident)
    stolen = WalletSimulator(thief.key, wallet.credential)

    assert checked(city, porter, shown(city, stolen, asked(city, porter))) is Answer.NO


def test_what_was_revoked_is_a_plain_no_from_that_moment(city, porter, resident):
    wallet, number = issued(city, resident)
    with city.unit() as work:
        service.revoke(work, number, Cause.LOST)

    assert checked(city, porter, shown(city, wallet, asked(city, porter))) is Answer.NO


def test_a_withdrawn_consent_is_a_plain_no_from_that_moment(city, porter):
    clerk = city.person(Role.PRIVACY_OFFICER)
    resident = registered(city, clerk, ConsentClass.CORE)
    wallet, _number = issued(city, resident)
    withdrawn(city, clerk, resident.look_id, resident.consents[ConsentClass.CORE])

    assert checked(city, porter, shown(city, wallet, asked(city, porter))) is Answer.NO


def test_an_expired_one_is_a_plain_no(city, porter, resident):
    wallet, _number = issued(city, resident)
    city.clock.pass_(days=366)

    assert checked(city, porter, shown(city, wallet, asked(city, porter))) is Answer.NO


def test_what_an_older_key_signed_still_holds(city, porter, resident):
    wallet, _number = issued(city, resident)
    with city.unit() as work:
        confirm(work, make_key(work))

    assert checked(city, porter, shown(city, wallet, asked(city, porter))) is Answer.YES


def test_only_answer_rule_and_hour_are_kept(city, porter, resident):
    wallet, number = issued(city, resident)
    city.clock.pass_(minutes=17)
    presentation = shown(city, wallet, asked(city, porter))
    checked(city, porter, presentation)

    with city.look() as work:
        (row,) = work.session.scalars(select(Check))
        (spent,) = work.session.scalars(select(SpentNonce))
    assert (row.rule, row.allowed, row.in_hour.minute) == ("senior_65", True, 0)
    kept = repr({**vars(row), **vars(spent)})
    assert not any(part in kept for part in (number, *presentation.split("~")))


def test_a_number_that_nobody_could_answer_any_more_is_forgotten(city, porter, resident):
    wallet, _number = issued(city, resident)
    checked(city, porter, shown(city, wallet, asked(city, porter)))
    city.clock.pass_(minutes=5)

    tick(city.office)

    with city.look() as work:
        assert list(work.session.scalars(select(SpentNonce))) == []


def test_what_is_shown_in_two_windows_at_once_is_answered_in_one(city_on_both):
    city = city_on_both
    resident = registered(city, city.person(Role.PRIVACY_OFFICER), ConsentClass.CORE)
    porter, (wallet, _number) = city.person(Role.FACILITY), issued(city, resident)
    for _time in range(5):
        presentation = shown(city, wallet, asked(city, porter))

        def answer(shown_there: str) -> Answer | None:
            try:
                return checked(city, porter, shown_there)
            except Overtaken:
                return None

        with ThreadPoolExecutor(4) as windows:
            answers = list(windows.map(answer, [presentation] * 4))

        assert answers.count(Answer.YES) == 1
        assert Answer.NO not in answers
