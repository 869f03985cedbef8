"""The proof of a night leaves the house as one file: with its reason, by who may, each file with its hash."""

from __future__ import annotations

import hashlib
import io
import json
from zipfile import ZipFile

import pytest
from sqlalchemy import select

from backoffice.audit.models import AuditEvent
from backoffice.automation.models import Evidence
from backoffice.automation.proof.models import ProofExport
from backoffice.identity import Role
from backoffice.vault import StoredFile
from tests.backoffice.automation.nights import NightShift, open_shift
from tests.backoffice.automation.scripts import refuse
from tests.backoffice.staff_client import StaffClient


@pytest.fixture
def shift(city) -> NightShift:
    """A night of two done and one refused; of the last one a picture is gone."""
    shift = open_shift(city, records=3)
    shift.bot.scripts[2] = refuse
    shift.run(shift.start())
    with city.unit() as work:
        last = work.session.scalars(select(Evidence).order_by(Evidence.id.desc()).limit(1)).one()
        city.office.files.erase(work.session.get_one(StoredFile, last.file_id), work.now)
    return shift


def opened(client: StaffClient, path: str) -> ZipFile:
    answer = client.http.post(path, data={"why": "監査委員の求めによる"})
    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/zip")
    assert answer.headers["cache-control"] == "no-store"
    return ZipFile(io.BytesIO(answer.content))


def test_a_night_s_proof_holds_lists_pictures_and_the_hash_of_each_and_says_why(city, shift):
    head = StaffClient(city).sign_in(city.person(Role.HEAD, department=shift.department))

    archive = opened(head, "/runs/1/proof")

    manifest, items = (json.loads(archive.read(name)) for name in ("manifest.json", "items.json"))
    listed = {each["path"]: each["sha256"] for each in manifest["files"]}
    assert set(listed) == set(archive.namelist()) - {"manifest.json"}
    assert all(hashlib.sha256(archive.read(path)).hexdigest() == sha for path, sha in listed.items())
    assert archive.read("pictures/1/1-filled.png") == b"\x89PNG filled"
    assert (manifest["reason"], manifest["items"], manifest["pictures"]) == ("監査委員の求めによる", 3, 4)
    assert [each["state"] for each in items] == ["done", "exception", "done"]
    assert items[0]["values"]["name"] == items[0]["read_back"]["name"] == shift.items()[0].values["name"]
    assert [each["erased"] for each in items[2]["pictures"]] == [False, True]
    assert "「住所」は60文字以内で入力してください。" in archive.read("items.csv").decode("utf-8-sig")
    with city.look() as work:
        export = work.session.scalars(select(ProofExport)).one()
        event = work.session.scalars(select(AuditEvent).where(AuditEvent.kind == "evidence_exported")).one()
    assert (export.reason, export.night_id, export.items) == ("監査委員の求めによる", 1, 3)
    assert event.data == {"proof_export_id": export.id, "night_id": 1, "items": 3, "pictures": 4}


def test_one_item_s_proof_is_asked_on_its_page_and_without_a_reason_nothing_leaves(city, shift):
    operator = StaffClient(city).sign_in(city.person(Role.BOT_OPERATOR, department=shift.department))
    page = operator.get("/items/1").text

    refused = operator.post("/items/1/proof", {"why": " "})
    archive = opened(operator, "/items/1/proof")

    assert ('action="/items/1/proof"' in page, refused.path) == (True, "/items/1")
    assert [name for name in archive.namelist() if name.startswith("pictures/")] == [
        "pictures/1/1-filled.png",
        "pictures/1/2-read_back.png",
    ]
    with city.look() as work:
        assert work.session.scalars(select(ProofExport.item_id)).all() == [1]


def test_nobody_takes_out_what_is_not_theirs(city, shift):
    clerk = StaffClient(city).sign_in(city.person(Role.CLERK, department=shift.department))
    elsewhere = StaffClient(city).sign_in(city.person(Role.BOT_OPERATOR))

    clerk.post("/runs/1/proof", {"why": "見たい"}, status=403)
    elsewhere.post("/runs/1/proof", {"why": "見たい"}, status=404)
    elsewhere.post("/items/1/proof", {"why": "見たい"}, status=404)

    assert "証跡を書き出す" not in clerk.get("/items/1").text
