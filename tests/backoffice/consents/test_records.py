"""A consent is written down in terms that others know, and names nobody."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import select

from backoffice.consents import queries, records
from backoffice.consents.models import Registrant
from backoffice.consents.notices import every_notice
from backoffice.consents.workflow import Giver
from backoffice.identity import Role
from tests.backoffice.consents.counter import WHO, consented, entered, withdrawn
from workflows.rules.vocabulary import ConsentClass

ROOT = Path(__file__).parents[3]
TERMS = ROOT.parent / "shared" / "data" / "standards" / "dpv" / "dpv.jsonld"


@pytest.fixture
def clerk(city):
    return city.person(Role.PRIVACY_OFFICER)


def record(city, consent_id: int) -> dict:
    with city.look() as work:
        registrant = work.session.scalars(select(Registrant)).one()
        consent = queries.find_consent(work.session, registrant.id, consent_id)
        return records.record_of(
            consent, every_notice()[ConsentClass(consent.kind), consent.notice_version], registrant.mark
        )


def words(written) -> Iterator[str]:
    """Every key and every type of a record."""
    if isinstance(written, dict):
        for key, value in written.items():
            yield key
            if key == "@type":
                yield value
            yield from words(value)
    elif isinstance(written, list):
        for each in written:
            yield from words(each)


@pytest.mark.skipif(
    not TERMS.is_file(), reason="the terms of DPV are not in ../shared/data/standards beside the checkout"
)
@pytest.mark.parametrize("kind", list(ConsentClass))
def test_every_term_of_a_record_is_one_of_the_data_privacy_vocabulary(city, clerk, kind):
    known = {term["@id"].rpartition("#")[2] for term in json.loads(TERMS.read_text("utf-8"))}
    look = entered(city, clerk)
    consent = consented(city, clerk, look, kind)
    withdrawn(city, clerk, look, consent)

    terms = {word.removeprefix("dpv:") for word in words(record(city, consent)) if word.startswith("dpv:")}

    assert len(terms) > 15
    assert terms - {"dpv"} <= known


def test_a_record_says_what_was_read_whose_data_until_when_and_what_became_of_it(city, clerk):
    look = entered(city, clerk)
    consent = consented(city, clerk, look, ConsentClass.TAX, giver=Giver.ONESELF, language="easy")
    withdrawn(city, clerk, look, consent)

    written = record(city, consent)

    (process,) = written["dpv:hasProcess"]
    assert written["dpv:hasNotice"]["dct:language"] == "easy"
    assert "地方税法22条" in str(process["dpv:hasLegalBasis"])
    assert process["dpv:hasDuration"]["dct:valid"] == "2028-11-24"
    assert {each["dct:identifier"] for each in process["dpv:hasPersonalData"]} >= {"household_income"}
    assert [each["@type"] for each in written["dpv:hasConsentStatus"]] == ["dpv:ConsentGiven", "dpv:ConsentWithdrawn"]


def test_a_record_names_nobody(city, clerk):
    assert WHO not in json.dumps(record(city, consented(city, clerk, entered(city, clerk))))
