"""Which papers does the demonstration city hope to be rid of? Those its plan of DX names; how far each is, is invented.

The plan names procedures for elderly people and for people with disabilities, each with two papers, and items of public
assistance without naming their papers.
"""

from collections.abc import Iterator

from sqlalchemy import select

from backoffice.demo.city import actor_of
from backoffice.identity import Department
from backoffice.paperless import service
from backoffice.paperless.service import Told
from backoffice.paperless.workflow import Area, PaperState
from backoffice.work import Office, Work

WHO, WHERE = "inoue", "福祉局"
NETWORK = "情報提供ネットワーク"
PROCEDURES = {
    Area.ELDERLY: ("在宅福祉サービス等の申請", "老人保護措置"),
    Area.DISABILITY: ("緊急通報システム", "住宅改造助成"),
}
PAPERS = ("所得証明書", "収入申告に関する情報")
ITEMS = ("保護の実施に関する情報照会先を増やす", "公金受取口座の導入", "医療扶助のオンライン資格確認")
UNNAMED = "提出書類(計画に名前はない)"
DONE = ("緊急通報システム", "公金受取口座の導入")


def register(office: Office) -> int:
    """Enter what the plan names, and give how many rows that makes."""
    with office.unit(actor_of(office, WHO)) as work:
        return len([service.enter(work, told) for told in _told(work)])


def _told(work: Work) -> Iterator[Told]:
    department_id = work.session.scalars(select(Department.id).where(Department.name == WHERE)).one()
    rows = [
        *((area, procedure, paper) for area, names in PROCEDURES.items() for procedure in names for paper in PAPERS),
        *((Area.ASSISTANCE, item, UNNAMED) for item in ITEMS),
    ]
    for area, procedure, paper in rows:
        state = PaperState.NEEDLESS if procedure in DONE else PaperState.WAITING
        yield Told(area, procedure, paper, department_id, None, NETWORK, state, work.today)
