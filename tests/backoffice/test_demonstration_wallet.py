"""Can a newcomer try the checking page alone? The demonstration has a resident whose telephone is a command."""

from __future__ import annotations

import re
from datetime import date

import pytest
from sqlalchemy import select

from backoffice.demo import city as demonstration
from backoffice.demo import wallets
from backoffice.errors import Invalid
from backoffice.identity import Staff
from tests.backoffice.staff_client import StaffClient
from tests.backoffice.test_command_line import gijo

__all__ = ["gijo"]


@pytest.fixture
def founded(city):
    demonstration.build(city.office)
    return city


def asked_on(page) -> str:
    return re.search(r'id="asked">([^<]+)<', page.text)[1].replace("&amp;", "&")


def porter_of(city) -> StaffClient:
    client = StaffClient(city)
    client.post("/sign-in", {"account": "ueda", "password": demonstration.PASSWORD})
    with city.look() as work:
        porter = work.session.scalars(select(Staff).where(Staff.account == "ueda")).one()
    city.prove_factor(porter)
    return client


@pytest.mark.parametrize(("born", "word"), [("1955-04-01", "はい"), ("1990-04-01", "いいえ")])
def test_the_telephone_answers_what_the_page_asks(founded, born, word):
    porter = porter_of(founded)
    shown = wallets.answer(founded.office, asked_on(porter.get("/digital-id/check")), date.fromisoformat(born))

    answer = porter.post("/digital-id/check", {"rule": "senior_65", "shown": shown})

    assert word in answer.text.split("verdict-word")[1].split("</p>")[0]


def test_another_text_than_the_pages_question_is_told_as_such(founded):
    with pytest.raises(Invalid, match="読み取れないとき"):
        wallets.answer(founded.office, "https://city.example/", date(1955, 4, 1))


def test_the_command_shows_a_digital_id_and_draws_it(founded, gijo, tmp_path):
    asked = asked_on(porter_of(founded).get("/digital-id/check"))

    shown = gijo("wallet", asked, "--picture", str(tmp_path / "phone.png"))

    assert shown.exit_code == 0
    assert shown.output.count("~") == 2
    assert (tmp_path / "phone.png").stat().st_size > 0


def test_a_city_that_no_demonstration_founded_has_no_such_telephone(city, gijo):
    refused = gijo("wallet", "https://city.example/?nonce=1&claims=age_over_65")

    assert refused.exit_code == 3
    assert "演習用の市ではありません" in refused.output
