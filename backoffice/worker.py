"""How does the worker come to be? It reads paper, keys at night and does the day's upkeep until told to stop."""

import fcntl
import signal
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from types import FrameType

import structlog

from backoffice.accounts.hr_import import service as hr_import
from backoffice.archive.making import make_archive
from backoffice.audiences import bouncing, scheduling
from backoffice.audiences import ticking as runs
from backoffice.audiences.freezing import freeze_run
from backoffice.audiences.sending import Post, send_run
from backoffice.audiences.trying import try_run
from backoffice.automation import leasing
from backoffice.automation.alarms import calling, troubles
from backoffice.automation.bots import bots_of_this_machine
from backoffice.automation.jobs import Hands, run_night
from backoffice.automation.plan import noon
from backoffice.automation.queue import deferring, following, next_work
from backoffice.automation.taken import printing
from backoffice.carriers.line import channel_of
from backoffice.carriers.smtp_greeting import relay_of
from backoffice.data_links import holdings, reminding, reviewing
from backoffice.db.engine import open_jobs_engine
from backoffice.enclosures import printing as packets
from backoffice.errors import Unavailable
from backoffice.inbox import alerting, mailing, ticking
from backoffice.intake import folder
from backoffice.intake.jobs import ReadPaper, read_file, read_sheet
from backoffice.jobs import QUEUES, JobName, QueueName
from backoffice.jobs.worker import Job, Worker
from backoffice.log import place_of
from backoffice.mail_in import acting as taking_in
from backoffice.mail_in import fetching as letters
from backoffice.mail_in import forwarding as passing_on
from backoffice.night_reports import mailing as report_mailing
from backoffice.night_reports import making as reports
from backoffice.operations import upkeep
from backoffice.rehearsals.jobs import rehearse, stages_of_this_machine
from backoffice.residents import stop_feeds
from backoffice.take_up.counting import count_list
from backoffice.work import Office
from ocr.known_form import Form
from ocr.page import PageReading
from ocr.pool import ReadingPool

TICK_EVERY_SECONDS = 20.0

log = structlog.get_logger("gijo.worker")


def jobs_of(office: Office, read_paper: ReadPaper, hands: Hands, post: Post) -> Mapping[JobName, Job]:
    """Give what a worker does for each name."""
    return {
        JobName.READ_FILE: partial(read_file, office, read_paper),
        JobName.READ_SHEET: partial(read_sheet, office, read_paper),
        JobName.ARCHIVE_SHEET: partial(make_archive, office),
        JobName.RUN_NIGHT: partial(run_night, office, hands),
        JobName.RUN_BY_DAY: partial(run_night, office, hands),
        JobName.REHEARSE: partial(rehearse, office, stages_of_this_machine(office.settings.chromium)),
        JobName.FREEZE_RUN: partial(freeze_run, office),
        JobName.SEND_RUN: partial(send_run, office, post),
        JobName.TRY_RUN: partial(try_run, office, post),
        JobName.COUNT_TAKE_UP: partial(count_list, office),
    }


def hands_of(office: Office, stopping: threading.Event) -> Hands:
    """Give a night the browsers of this machine; a pause ends early when the worker is told to stop."""
    open_bot = bots_of_this_machine(office.settings.chromium)
    return Hands(open_bot, time.monotonic, stopping.wait, stopping.is_set)


def post_of(office: Office, stopping: threading.Event) -> Post:
    """Give a run the city's mail server and its LINE account, as far as the settings name them."""
    settings = office.settings
    relay = relay_of(settings) if settings.smtp_host else None
    line = channel_of(settings)
    return Post(relay, line, settings.smtp_connections, time.monotonic, stopping.wait, stopping.is_set)


def run_worker(office: Office, read_paper: ReadPaper, stopping: threading.Event) -> None:
    """Run jobs until `stopping` is set; unfinished ones go on at the next start of this worker id."""
    engine = open_jobs_engine(office.settings.database)
    jobs = jobs_of(office, read_paper, hands_of(office, stopping), post_of(office, stopping))
    worker = Worker(engine, office.settings.worker_id, jobs)
    worker.start()
    log.info("worker started", worker=office.settings.worker_id)
    try:
        while not stopping.is_set():
            do_what_is_due(office)
            stopping.wait(TICK_EVERY_SECONDS)
    finally:
        worker.stop()
        engine.dispose()


def do_what_is_due(office: Office) -> None:
    """Do all that nobody asks for. What one part raises, a locked database for one, stops no other; all come again."""
    send_mail = partial(mailing.tick, besides=reminding.count_told)
    parts: tuple[Callable[[Office], object], ...] = (
        *(upkeep.tick, take_in_personnel_file, ticking.tick, reminding.tick, reviewing.tick, send_mail),
        *(folder.tick, letters.tick, taking_in.tick, passing_on.tick, holdings.sweep, holdings.tick),
        *(stop_feeds.tick, bouncing.tick, scheduling.tick, runs.tick),
        *(leasing.tick, printing.print_files, packets.print_packets, deferring.tick, following.tick),
        *(next_work.tick, noon.tick, troubles.tick, calling.tick),
        *(reports.tick, report_mailing.tick, alerting.tick),
    )
    for part in parts:
        try:
            part(office)
        except Exception as trouble:  # noqa: BLE001 -- the worker reads paper and keys at night all the same
            log.error("tick failed", where=place_of(trouble), trouble=type(trouble).__name__)  # noqa: TRY400 -- a traceback may quote people's data


def take_in_personnel_file(office: Office) -> None:
    """Do the personnel file whose day has come; where somebody changed a row meanwhile, the next minute tries again."""
    done = hr_import.do_what_is_due(office)
    if done is not None:
        log.info("personnel file", record_id=done.id, outcome=done.state)


def run_with_readers(office: Office, stopping: threading.Event) -> None:
    """Run the worker with a reading process a core. Raises Unavailable where one of this id runs already."""
    settings = office.settings
    with only_one(settings.data_dir, settings.worker_id), ReadingPool(QUEUES[QueueName.READING]) as pool:

        def read_paper(
            forms: Sequence[Form], content: bytes, name: str, page: int | None = None
        ) -> Iterable[PageReading]:
            if page is None:
                return pool.read_document(forms, content, name)
            return pool.read_page(forms, content, name, page)

        run_worker(office, read_paper, stopping)


@contextmanager
def only_one(folder: Path, worker_id: str) -> Iterator[None]:
    """Hold a lock that ends with this process, kill -9 included. Raises Unavailable where another holds it.

    A worker takes up at once what its own id held: a second of the same id would key beside the first.
    """
    with (folder / f"worker-{worker_id}.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as held:
            raise Unavailable("担当機 %(worker)s はもう動いています。", worker=worker_id) from held
        yield


def stop_on_signals(stopping: threading.Event) -> None:
    """Let SIGTERM and SIGINT end the worker after the step at hand."""

    def on_signal(_number: int, _frame: FrameType | None) -> None:
        stopping.set()

    signal.signal(signal.SIGTERM, on_signal)
    signal.signal(signal.SIGINT, on_signal)
