"""A consent is taken along signed, from the portal and from the counter; nobody gets somebody else's."""

from __future__ import annotations

import base64
import io
import json
from typing import Any

import pytest
from joserfc import jws
from joserfc.jwk import KeySet
from pypdf import PdfReader

from backoffice.demo.papers import SCANS
from backoffice.identity import Role
from backoffice.receipts import giving
from backoffice.receipts.events import ReceiptKeyMade
from backoffice.web.pdf import pdf_of
from ocr.decode import decode
from ocr.refusal import PageRefusedError
from tests.backoffice.clients.machines import Machine, gateway, machine
from tests.backoffice.clients.test_gateway import problem
from tests.backoffice.consents.counter import WHO, entered
from tests.backoffice.consents.counter import consented as consented_at_counter
from tests.backoffice.consents.portal import consented, proven, register, withdrawn
from tests.backoffice.consents.test_records import TERMS, words
from tests.backoffice.data_links.agreements import Agreements
from tests.backoffice.data_links.library import found_library
from tests.backoffice.inbox.cases import found_bureau
from tests.backoffice.staff_client import StaffClient


@pytest.fixture
def portal(city) -> Machine:
    found = machine(city, http=gateway(city))
    register(found)
    return found


def receipt_of(portal: Machine, reference: str, person: dict[str, Any] | None = None, **more: Any) -> Any:
    return portal.call("POST", "/portal/receipts", json={"person": person or proven(), "reference": reference, **more})


def believed(portal: Machine, receipt: dict[str, str]) -> dict[str, Any]:
    """The record, checked by another library with the keys that the city publishes."""
    keys = KeySet.import_key_set(portal.http.get("/receipts/keys").json())
    return json.loads(jws.deserialize_json(receipt, keys, algorithms=["ES256"]).payload)


def text_of(pdf: bytes) -> str:
    return "".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages)


def test_the_record_is_signed_with_a_key_that_the_city_publishes(portal):
    reference = consented(portal)

    record = believed(portal, receipt_of(portal, reference).json()["receipt"])

    assert record["@type"] == "dpv:ConsentRecord"
    assert record["dct:identifier"] == reference
    assert [each["@type"] for each in record["dpv:hasConsentStatus"]] == ["dpv:ConsentGiven"]
    assert WHO not in json.dumps(record)


def test_a_record_that_was_changed_is_not_believed(portal):
    receipt = receipt_of(portal, consented(portal)).json()["receipt"]
    payload = json.loads(base64.urlsafe_b64decode(receipt["payload"] + "=="))
    payload["dpv:hasConsentStatus"] = []
    forged = base64.urlsafe_b64encode(json.dumps(payload).encode()).rstrip(b"=").decode()

    with pytest.raises(Exception, match="bad_signature"):
        believed(portal, {**receipt, "payload": forged})


def test_after_a_withdrawal_the_receipt_says_so(portal):
    reference = consented(portal)
    withdrawn(portal, reference)

    answer = receipt_of(portal, reference).json()

    said = believed(portal, answer["receipt"])["dpv:hasConsentStatus"]
    assert [each["@type"] for each in said] == ["dpv:ConsentGiven", "dpv:ConsentWithdrawn"]
    assert "取消" in text_of(base64.b64decode(answer["pdf"]))


@pytest.mark.parametrize(
    ("language", "said"), [("ja", "同意の控え"), ("easy", "同意の控え"), ("en", "Consent receipt")]
)
def test_the_page_is_for_eyes_and_carries_the_record(portal, language, said):
    answer = receipt_of(portal, consented(portal), language=language).json()
    pdf = base64.b64decode(answer["pdf"])

    assert said in text_of(pdf)
    assert "福岡市" in text_of(pdf) or language == "en"
    (rider,) = PdfReader(io.BytesIO(pdf)).attachments["receipt.json"]
    assert json.loads(rider) == answer["receipt"]
    metadata = PdfReader(io.BytesIO(pdf)).xmp_metadata
    assert metadata is not None
    assert (metadata.pdfaid_part, metadata.pdfaid_conformance) == ("3", "U")


def test_a_code_stands_on_the_page_as_it_is_read_out(portal):
    reference = consented(portal)

    text = text_of(base64.b64decode(receipt_of(portal, reference).json()["pdf"]))

    assert f"{reference[:4]} {reference[4:8]}" in text


def test_nobody_gets_the_receipt_of_somebody_else(portal):
    reference = consented(portal)
    other = proven("yuki-0001")
    register(portal, other)

    problem(receipt_of(portal, reference, other), 404, "not-there")
    problem(receipt_of(portal, "0" * 16), 404, "not-there")


def test_a_consent_to_a_link_has_one_too(city):
    library = found_library(Agreements(found_bureau(city)))
    reference = library.consent("age_over_18")

    answer = receipt_of(library.portal, reference, library.person).json()

    record = believed(library.portal, answer["receipt"])
    (process,) = record["dpv:hasProcess"]
    assert {each["dct:identifier"] for each in process["dpv:hasPersonalData"]} == {
        "full_name",
        "city_resident",
        "age_over_18",
    }
    assert process["dpv:hasStorageCondition"]["dpv:hasDuration"]["dct:extent"] == "P365D"
    assert "図書館カードを作る" in text_of(base64.b64decode(answer["pdf"]))


@pytest.mark.skipif(not TERMS.is_file(), reason="the terms of DPV are not beside the checkout")
def test_every_term_of_such_a_record_is_one_of_the_data_privacy_vocabulary(city):
    known = {term["@id"].rpartition("#")[2] for term in json.loads(TERMS.read_text("utf-8"))}
    library = found_library(Agreements(found_bureau(city)))
    reference = library.consent()
    library.withdraw(reference)

    record = believed(library.portal, receipt_of(library.portal, reference, library.person).json()["receipt"])

    terms = {word.removeprefix("dpv:") for word in words(record) if word.startswith("dpv:")}
    assert len(terms) > 15
    assert terms - {"dpv"} <= known


def test_a_key_signs_for_a_year_and_is_known_ever_after(portal, city):
    reference = consented(portal)
    old = receipt_of(portal, reference).json()["receipt"]
    city.clock.pass_(days=366)
    portal._tokens.clear()

    new = receipt_of(portal, reference).json()["receipt"]

    assert len(portal.http.get("/receipts/keys").json()["keys"]) == 2
    assert old["protected"] != new["protected"]
    for receipt in (old, new):
        assert believed(portal, receipt)["dct:identifier"] == reference


def test_before_the_first_receipt_there_is_no_key(portal):
    assert portal.http.get("/receipts/keys").json() == {"keys": []}


def test_nobody_who_writes_waits_while_a_page_is_laid_out(portal, city, monkeypatch):
    reference = consented(portal)
    written = []

    def laid_out_beside_a_writer(*page: Any) -> bytes:
        with city.unit(city.actor(city.person(Role.CLERK))) as work:
            work.record(ReceiptKeyMade(0))
            written.append(work.now)
        return pdf_of(*page)

    monkeypatch.setattr(giving, "pdf_of", laid_out_beside_a_writer)
    answer = receipt_of(portal, reference)

    assert "同意の控え" in text_of(base64.b64decode(answer.json()["pdf"]))
    assert len(written) == 1


def test_whoever_stands_at_the_counter_gets_both_files(city):
    clerk = city.person(Role.PRIVACY_OFFICER)
    look = entered(city, clerk)
    consented_at_counter(city, clerk, look)
    client = StaffClient(city).sign_in(clerk)
    page = client.get(f"/consents/looks/{look}").text
    (address,) = {part.partition('"')[0] for part in page.split(' action="') if part.partition('"')[0].endswith("/pdf")}

    pdf = client.http.post(address)
    record = client.http.post(address.replace("/pdf", "/json"))

    assert pdf.headers["content-disposition"].startswith("attachment")
    assert "同意の控え" in text_of(pdf.content)
    assert set(record.json()) == {"payload", "protected", "signature"}


def test_a_scan_cut_in_half_is_refused_after_a_receipt_was_laid_out_too(portal):
    """Laying out a page turns a switch of the picture library, for the whole process."""
    receipt_of(portal, consented(portal))

    with pytest.raises(PageRefusedError, match="途中で切れて"):
        decode((SCANS / "marked_003.jpg").read_bytes()[:60_000])
