"""What is handed to whoever asks for a receipt? The signed record, and the same for eyes with the record inside.

The signature says that the city wrote it, and when: a JWS (RFC 7515) in its flattened form, ES256.
"""

import json
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from backoffice.consents.models import Registrant
from backoffice.consents.pages import GIVER_NAMES, STANDING_CHIPS
from backoffice.consents.workflow import Giver, Way
from backoffice.receipts.events import ReceiptGiven
from backoffice.receipts.keys import key_that_signs, private_half
from backoffice.receipts.statements import Statement, statement_of
from backoffice.web.pdf import pdf_of
from backoffice.web.rendering import make_environment
from backoffice.web.translations import _, language_now, speaking, translate
from backoffice.work import Work
from workflows.credentials.signing import signed

TYPE = "consent-receipt+jwt"
WAYS = {Way.COUNTER: _("市の窓口"), Way.PORTAL: _("住民ポータル")}
STYLE = Path(__file__).parent / "receipt.css"
GROUPS_OF = 4


@dataclass(frozen=True)
class SignedRecord:
    """A JWS in its flattened JSON form (RFC 7515, 7.2.2)."""

    payload: str
    protected: str
    signature: str

    def written(self) -> bytes:
        return json.dumps(vars(self)).encode()


@dataclass(frozen=True)
class Receipt:
    """What was signed, and what of it a page shows."""

    record: SignedRecord
    statement: Statement
    language: str
    key: str
    made_at: datetime


def give(work: Work, registrant: Registrant, reference: str, language: str) -> Receipt:
    """Give a receipt of a registrant's own consent, as it stands now. Raises NotThere. The unit must be a writing one.

    `language`: what is not the notice itself is written in Japanese for やさしい日本語, too.
    """
    spoken = "en" if language == "en" else "ja"
    with speaking(spoken):
        statement = statement_of(work, registrant, reference)
        key = key_that_signs(work)
        issued = {"iss": work.office.settings.gateway_issuer, "iat": int(work.now.timestamp())}
        text = signed({"typ": TYPE, "kid": key.name}, {**issued, **statement.record}, private_half(work, key))
    protected, payload, signature = text.split(".")
    work.record(ReceiptGiven(registrant.id))
    return Receipt(SignedRecord(payload, protected, signature), statement, spoken, key.name, work.now)


def page_of(receipt: Receipt) -> bytes:
    """Lay out the page of a receipt, once its unit is over: it takes so long that whoever writes would wait."""
    said = receipt.statement
    with speaking(receipt.language):
        template = make_environment("receipts").get_template("receipts/receipt.html")
        html = template.render(
            said=said,
            language=language_now(),
            spoken_code=" ".join(_grouped(said.reference)),
            giver=translate(GIVER_NAMES[Giver(said.giver)]),
            way=translate(WAYS[Way(said.way)]),
            standing=translate(STANDING_CHIPS[said.standing].text),
            made_at=receipt.made_at,
            key=receipt.key,
        )
        return pdf_of(html, STYLE, {"receipt.json": receipt.record.written()})


def _grouped(code: str) -> list[str]:
    return [code[at : at + GROUPS_OF] for at in range(0, len(code), GROUPS_OF)]
