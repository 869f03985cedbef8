"""Who shows a digital ID in the demonstration city? An invented resident whose telephone is a wallet simulator.

Each time it is a new telephone: a digital ID is issued to it as to anybody's, and it answers what a page asks.
"""

from datetime import date
from urllib.parse import parse_qs, urlsplit

from backoffice.consents import queries as consents
from backoffice.consents import service as counter
from backoffice.consents.models import Registrant
from backoffice.consents.notices import shown_on
from backoffice.consents.service import Given
from backoffice.consents.workflow import Giver
from backoffice.demo import city
from backoffice.digital_id import service
from backoffice.errors import Invalid
from backoffice.work import Office, Work
from workflows.credentials.signing import new_key, public_part
from workflows.credentials.wallet_simulator import WalletSimulator
from workflows.rules.vocabulary import ConsentClass

PSEUDONYM, CLERK = "wallet-no-minasama", "mori"
CERTIFICATES = {"disability_physical": "grade_4", "disability_intellectual": "none", "disability_mental": "none"}


def answer(office: Office, asked: str, born: date) -> str:
    """Give what the telephone of a resident born on `born` shows when a page asks. Raises Invalid for another text."""
    question = urlsplit(asked.strip())
    words = parse_qs(question.query)
    if not {"nonce", "claims"} <= words.keys():
        raise Invalid("確認の画面の「読み取れないとき」に出ている文字を、そのまま入れてください。")
    with office.unit(city.actor_of(office, CLERK)) as work:
        registrant = _registered(work)
        key = new_key()
        facts = {"birth_date": born, "ward": "chuo", **CERTIFICATES}
        issued = service.issue(work, registrant.id, facts, public_part(key))
        now = int(work.now.timestamp())
    audience = question._replace(query="").geturl()
    return WalletSimulator(key, issued.text).present(words["claims"], audience, words["nonce"][0], now)


def _registered(work: Work) -> Registrant:
    known = consents.registrant_by_mark(work.session, counter.mark_of(work.office.cipher, PSEUDONYM))
    if known is not None:
        return known
    registrant = counter.enter(work, PSEUDONYM, "ja", "演習用のデジタルID", card_seen=True).registrant
    for kind in (ConsentClass.CORE, ConsentClass.CARE):
        seen = consents.last_event(work.session, registrant.id)
        version = shown_on(kind, work.office.services.today()).version
        counter.give(work, registrant, Given(kind, version, "ja", Giver.ONESELF, "演習用", seen=seen))
    return registrant
