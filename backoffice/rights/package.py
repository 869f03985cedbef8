"""What is handed over to a person who asked to see what is held of them? All of it, as JSON and as a list for Excel.

Made at the moment of handing over and kept nowhere.
"""

import csv
import io
import json
import zipfile
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from backoffice.audiences.of_person import notices_to
from backoffice.consents import portal
from backoffice.consents.models import Registrant
from backoffice.consents.portal_api import record_said
from backoffice.consents.portal_said import Language
from backoffice.consents.service import PSEUDONYM
from backoffice.consents.workflow import standing_of
from backoffice.data_links.consenting import ANSWER, VALUES
from backoffice.data_links.held import Held
from backoffice.data_links.models import LinkRequest
from backoffice.data_links.words import attribute_name
from backoffice.reachability import queries as reachability
from backoffice.reachability.workflow import STATE_NAMES, AddressState, name_of
from backoffice.rights import queries
from backoffice.services import TOKYO
from backoffice.web.csv_out import disarm
from backoffice.web.translations import _, translate
from backoffice.work import Work

MOST_NOTICES = 1_000
LANGUAGES: dict[str, Language] = {"ja": "ja", "easy": "easy", "en": "en"}


def package_of(work: Work, registrant: Registrant) -> bytes:
    """Give a ZIP with all that is held of a person: `record.json` whole, `record.csv` to read."""
    held = held_of(work, registrant)
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("record.json", json.dumps(held, ensure_ascii=False, indent=1))
        packed.writestr("record.csv", _as_csv(held).encode("utf-8-sig"))
    return file.getvalue()


def held_of(work: Work, registrant: Registrant) -> dict[str, Any]:
    """Say all that is held of a person: what the portal shows them, and every use of it, however long ago."""
    said = record_said(work, portal.record_of(work, registrant), LANGUAGES.get(registrant.language, "ja"))
    session = work.session
    return {
        "made_at": work.now.astimezone(TOKYO).isoformat(timespec="seconds"),
        "pseudonym": work.office.cipher.open(registrant.sealed_pseudonym, PSEUDONYM).decode(),
        **said.model_dump(mode="json"),
        **_held_by_links(work, registrant),
        **_held_of_reach(work, registrant),
        "digital_ids": [
            {
                "number": each.number,
                "claims": each.claims,
                "state": each.state,
                "issued_at": _moment(each.issued_at),
                "expires_on": each.expires_on.isoformat(),
            }
            for each in queries.every_digital_id(session, registrant.id)
        ],
        "requests": [
            {
                "case": case.number,
                "kind": request.kind,
                "requested_on": request.requested_on.isoformat(),
                "outcome": request.outcome,
            }
            for request, case in queries.requests_of(session, registrant.id)
        ],
    }


def _held_by_links(work: Work, registrant: Registrant) -> dict[str, Any]:
    session, today = work.session, work.today
    return {
        "link_consents": [
            {
                "reference": each.reference,
                "link": each.link.name,
                "attributes": each.attributes,
                "standing": standing_of((event.kind for event in each.events), each.expires_on, today),
                "given_at": _moment(each.given_at),
                "expires_on": each.expires_on.isoformat(),
            }
            for each in queries.every_link_consent(session, registrant.id)
        ],
        "uses": [
            {"link": each.link.name, "purpose": each.purpose, "released": each.released, "at": _moment(each.at)}
            for each in queries.every_use(session, registrant.id)
        ],
        "prepared": _prepared(work, registrant),
        "link_requests": [
            _asked(work, each, name) for each, name in queries.every_link_request(session, registrant.id)
        ],
        "deletions": [
            {
                "link": name,
                "attributes": each.attributes,
                "asked_at": _moment(each.asked_at),
                "due_on": each.due_on.isoformat(),
                "done_at": None if each.done_at is None else _moment(each.done_at),
            }
            for each, name in queries.every_deletion(session, registrant.id)
        ],
    }


def _held_of_reach(work: Work, registrant: Registrant) -> dict[str, Any]:
    """Say how a person's addresses stand, and what they ever stopped."""
    return {
        "address_states": [
            {
                "kind": each.channel.kind,
                "state": each.state,
                "since": _moment(each.standing.since if each.standing else each.channel.set_at),
            }
            for each in reachability.channels_seen(work.session, registrant.id)
        ],
        "notice_stops": [
            {
                "topic": each.topic,
                "way": each.way,
                "at": _moment(each.at),
                "ended_at": None if each.ended_at is None else _moment(each.ended_at),
            }
            for each in reachability.every_stop(work.session, registrant.id)
        ],
        "notices": [
            {
                "run": run.number,
                "program": version.name,
                "reference": recipient.reference,
                "channel": recipient.kind,
                "language": recipient.language,
                "state": recipient.state,
                "sent_at": None if recipient.handed_at is None else _moment(recipient.handed_at),
                "reasons": pattern.reasons.get(recipient.language, {}),
                "text": body.content,
            }
            for recipient, run, version, pattern, body in notices_to(work.session, registrant.id, MOST_NOTICES)
        ],
    }


def _prepared(work: Work, registrant: Registrant) -> dict[str, Any]:
    """Open what the gateway may say of a person at the moment."""
    holding = queries.holding_of(work.session, registrant.id)
    if holding is None or holding.sealed is None:
        return {}
    return dict(Held.opened(work.office.cipher, registrant.id, holding.sealed).claims)


def _asked(work: Work, request: LinkRequest, link: str) -> dict[str, Any]:
    """Say what a person asked of a link, with what is kept for it until it is over."""
    cipher, values, answer = work.office.cipher, {}, None
    if request.sealed_values is not None:
        values = json.loads(cipher.open(request.sealed_values, f"{VALUES}:{request.reference}"))
    if request.sealed_answer is not None:
        answer = cipher.open(request.sealed_answer, f"{ANSWER}:{request.reference}").decode()
    return {
        "link": link,
        "purpose": request.purpose,
        "state": request.state,
        "opened_at": _moment(request.opened_at),
        "values": values,
        "answer": answer,
    }


def _as_csv(held: dict[str, Any]) -> str:
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow([translate(each) for each in (_("種類"), _("日時"), _("内容"))])
    for row in _lines(held):
        writer.writerow([disarm(cell) for cell in row])
    return text.getvalue()


def _lines(held: dict[str, Any]) -> Iterator[tuple[str, str, str]]:
    yield translate(_("登録")), held["registered_at"], held["pseudonym"]
    for each in held["channels"]:
        yield translate(_("届け先")), each["since"], each["address"]
    for each in held["consents"]:
        yield (
            translate(_("同意")),
            each["given_at"],
            f"{each['purpose']} ({', '.join(each['facts'])}) {each['standing']}",
        )
    for each in held["address_states"]:
        yield (
            translate(_("届け先の状態")),
            each["since"],
            f"{each['kind']} {translate(STATE_NAMES[AddressState(each['state'])])}",
        )
    for each in held["notice_stops"]:
        yield (
            translate(_("止めたお知らせ")),
            each["at"],
            f"{translate(name_of(each['topic']))} {each['ended_at'] or ''}".strip(),
        )
    yield from _lines_of_links(held)
    for each in held["digital_ids"]:
        yield (
            translate(_("デジタル身分証")),
            each["issued_at"],
            f"{each['number']} {' '.join(each['claims'])} {each['state']}",
        )
    for each in held["looks"]:
        yield translate(_("ページを開いた部署")), each["at"], each["office"]
    for each in held["requests"]:
        yield translate(_("請求")), each["requested_on"], f"{each['case']} {each['kind']} {each['outcome']}"


def _lines_of_links(held: dict[str, Any]) -> Iterator[tuple[str, str, str]]:
    for each in held["link_consents"]:
        yield (
            translate(_("連携への同意")),
            each["given_at"],
            f"{each['link']} {_names(each['attributes'])} {each['standing']}",
        )
    for each in held["uses"]:
        yield translate(_("渡したもの")), each["at"], f"{each['link']} {each['purpose']} {_names(each['released'])}"
    for code, claim in held["prepared"].items():
        yield translate(_("渡せるように用意したもの")), held["made_at"], f"{attribute_name(code)}: {claim}"
    for each in held["link_requests"]:
        kept = " ".join([*each["values"].values(), each["answer"] or ""]).strip()
        yield (
            translate(_("連携の申込み")),
            each["opened_at"],
            f"{each['link']} {each['purpose']} {each['state']} {kept}",
        )
    for each in held["deletions"]:
        done = each["done_at"] or each["due_on"]
        yield translate(_("削除の依頼")), each["asked_at"], f"{each['link']} {_names(each['attributes'])} {done}"


def _names(attributes: list[str]) -> str:
    return ", ".join(attribute_name(code) for code in attributes)


def _moment(at: datetime) -> str:
    return at.astimezone(TOKYO).isoformat(timespec="seconds")
