"""Which notices leave the demonstration city? A run that the head has released, and one to decide on."""

from datetime import timedelta

from sqlalchemy import select

from backoffice.audiences import queries, service
from backoffice.audiences.service import Plan
from backoffice.audiences.workflow import RunState
from backoffice.demo.cases import DRAFTER, Step, decide_step
from backoffice.demo.city import HOUSE, actor_of
from backoffice.drawing.queries import closures
from backoffice.programs import queries as programs
from backoffice.programs import rolling_over
from backoffice.programs.models import Program
from backoffice.residents import stop_feeds
from backoffice.residents.stop_file import Feed
from backoffice.services import TOKYO
from backoffice.work import Office
from forms.ages import fiscal_year
from workflows.notices.hours import next_opening
from workflows.notices.metering import Pace

TOLD_OF = "koreisha-joshaken"
AN_HOUR = 60
"""People: slow enough to be watched."""
LASTS = timedelta(days=30)
CHECKED = {"sample_read": True, "wording_read": True, "counter_ready": True}


def periods(office: Office) -> tuple[str, str, str]:
    """Give which notice each run is: the first of the fiscal year, its second, and the next year's."""
    year = fiscal_year(office.services.today())
    return (f"{year}年度 1回目", f"{year}年度 2回目", f"{year + 1}年度")


def is_ready(office: Office) -> bool:
    """Say whether the program is in force: what is approved is so once its minute of grace is over."""
    with office.look(HOUSE) as work:
        return programs.in_force(work.session, program_id(office), work.today) is not None


def prepare(office: Office) -> None:
    """Let the clerk confirm the program for the fiscal year."""
    with office.unit(actor_of(office, DRAFTER)) as work:
        version = service.version_to_run(work, program_id(office))
        for item in rolling_over.turn_of(work, programs.find_version(work.session, version.id)).open_items:
            rolling_over.confirm_item(work, programs.find_version(work.session, version.id), item.key, item.fingerprint)


def hear(office: Office) -> None:
    """Let the feed of moves say that nobody has moved until now: without it nothing is sent."""
    with office.unit(HOUSE) as work:
        stop_feeds.take_in(work, Feed(None, work.now, ()), "演習用の異動連携", office.services.random_bytes(16))


def begin(office: Office, period: str, per_hour: int = AN_HOUR) -> int:
    """Begin a run that leaves as soon as the counters are open; the worker freezes whom it reaches."""
    with office.unit(actor_of(office, DRAFTER)) as work:
        version = service.version_to_run(work, program_id(office))
        starts = next_opening(work.now, closures(work.session))
        last_day = starts.astimezone(TOKYO).date() + LASTS
        return service.begin_run(work, version, Plan(starts, last_day, period, Pace(per_hour))).id


def is_frozen(office: Office, run_id: int) -> bool:
    with office.look(HOUSE) as work:
        return queries.find_run(work.session, run_id).state != RunState.FREEZING


def release(office: Office, run_id: int) -> None:
    """Let the clerk send a frozen run on its route and the head approve it: so few people are the head's to decide."""
    with office.unit(actor_of(office, DRAFTER)) as work:
        run = queries.find_run(work.session, run_id)
        case_id = service.submit(work, run, run.version).id
    decide_step(office, case_id, Step("yamada", "head_review", answers=CHECKED))


def program_id(office: Office) -> int:
    with office.look(HOUSE) as work:
        return work.session.scalars(select(Program.id).where(Program.shipped_as == TOLD_OF)).one()
