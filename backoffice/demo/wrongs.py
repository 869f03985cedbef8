"""What went wrong in the demonstration city, and who asked what is held of them? One leak, one request; invented."""

from datetime import timedelta

from sqlalchemy import select

from backoffice.breaches import service as breaches
from backoffice.breaches.service import Told
from backoffice.consents import service as counter
from backoffice.data_links.affected import Days
from backoffice.data_links.models import Link
from backoffice.demo.city import actor_of
from backoffice.rights import service as rights
from backoffice.rights.service import Asked
from backoffice.rights.workflow import Identity, RightsKind
from backoffice.work import Office

OFFICER = "mori"
PSEUDONYM = "kaiji-no-minasama"


def happen(office: Office) -> None:
    """Let a leak be known since yesterday, and somebody have asked, three weeks ago, to see what is held of them."""
    with office.unit(actor_of(office, OFFICER)) as work:
        link = work.session.scalars(select(Link).where(Link.code == "library-card")).one()
        days = Days(work.today - timedelta(days=7), work.today)
        what = "演習: 図書館の受信箱が、別の課の端末から見えていた。"
        told = Told(what, "端末を外し、受信箱の権限を直した。", work.today - timedelta(days=1), False, link, days)
        breaches.begin(work, told)
    with office.unit(actor_of(office, OFFICER)) as work:
        look = counter.enter(work, PSEUDONYM, "ja", "演習用の開示の請求", card_seen=True)
        asked_on = work.today - timedelta(days=21)
        rights.take(work, look, Asked(RightsKind.DISCLOSE, Identity.MY_NUMBER_CARD, asked_on, "登録と同意のすべて"))
