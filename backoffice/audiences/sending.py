"""How does a released run leave the house? A durable job: stint after stint of mail and of LINE, until nothing is due.

A stint is half a minute. Networks and rendering stand outside every transaction; what is committed, and when, stands in
`claiming`, `journal` and `settling`.
"""

import asyncio
import json
from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

import structlog

from backoffice.audiences import claiming, lanes, messages
from backoffice.audiences.claiming import LINE_REQUEST, Claimed, LineRequest, Rest
from backoffice.audiences.journal import HOUSE, MailStint
from backoffice.audiences.models import NoticeBatch, NoticeRun
from backoffice.audiences.pausing import MAIL_BEGAN_TO_REFUSE, pause_by_itself
from backoffice.audiences.settling import settle_line
from backoffice.audiences.ticking import finish_if_through
from backoffice.carriers.line import Channel
from backoffice.carriers.smtp import HouseRefused, carry
from backoffice.carriers.smtp_greeting import Relay
from backoffice.consents.workflow import ChannelKind
from backoffice.errors import Unavailable
from backoffice.jobs.worker import LeftForNextStart, Steps
from backoffice.work import Office

STINT_SECONDS = 30.0
GLANCE_SECONDS = 1.0
ENDED, WENT_ON = "ended:", "went on"

log = structlog.get_logger("gijo.sending")


@dataclass(frozen=True)
class Post:
    """What a run is given beside the office: where mail and LINE are handed in, and the time of this process."""

    mail: Relay | None
    line: Channel | None
    connections: int
    seconds: Callable[[], float]
    pause: Callable[[float], object]
    stopping: Callable[[], bool]


def send_run(office: Office, post: Post, run_id: int, steps: Steps) -> None:
    """Send what of a run is due; it ends when nothing is, and is asked for anew when something will be."""
    sitting = Sitting(office, post, run_id)
    said = steps.run("begin", sitting.begin)
    while not said.startswith(ENDED):
        if post.stopping():
            sitting.leave()
            raise LeftForNextStart
        said = steps.run("stint", sitting.go_on)
    sitting.leave()


class Sitting:
    """One worker at one run."""

    def __init__(self, office: Office, post: Post, run_id: int) -> None:
        self._office, self._post, self._run_id = office, post, run_id
        self._has_begun = False

    def begin(self) -> str:
        """Say that this worker sends; what stands in its name from before is a dead one's."""
        with self._office.unit(HOUSE) as work:
            lanes.settle_dead(work, starting=True)
            lanes.keep_lane(work, self._run_id)
            run = work.session.get_one(NoticeRun, self._run_id, with_for_update=True)
            run.jobs_begun += 1
        self._has_begun = True
        return WENT_ON

    def leave(self) -> None:
        with self._office.unit(HOUSE) as work:
            lanes.leave_lane(work)

    def go_on(self) -> str:
        """Do one stint of each channel and say how things stand; run twice it does no harm."""
        if not self._has_begun:
            # After a crash the durable engine knows that this job has begun, and this process does not.
            self._take_up()
        rests = [self._line_stint(), self._mail_stint()]
        if any(rest is None for rest in rests):
            return WENT_ON
        with self._office.unit(HOUSE) as work:
            finish_if_through(work, self._run_id)
        return ENDED + str(rests[-1])

    def _take_up(self) -> None:
        with self._office.unit(HOUSE) as work:
            lanes.settle_dead(work, starting=True)
            lanes.keep_lane(work, self._run_id)
        self._has_begun = True

    def _mail_stint(self) -> Rest | None:
        """Give why mail rests; None where there is more to be done."""
        if self._post.mail is None:
            return Rest.NO_SERVER
        ends = self._post.seconds() + STINT_SECONDS
        write = messages.mail_writer(self._office, self._run_id)

        def is_over() -> bool:
            return self._post.stopping() or self._post.seconds() >= ends

        stint = MailStint(self._office, self._run_id, write, is_over)
        try:
            asyncio.run(carry(self._post.mail, stint, connections=self._post.connections, stopping=is_over))
        except HouseRefused:
            with self._office.unit(HOUSE) as work:
                pause_by_itself(work, self._run_id, MAIL_BEGAN_TO_REFUSE)
            return Rest.NOT_SENDING
        except Unavailable as trouble:
            log.error("mail server does not answer", trouble=type(trouble.__cause__).__name__, run_id=self._run_id)  # noqa: TRY400 -- a traceback may quote people's addresses
            return Rest.NO_SERVER
        finally:
            stint.close()
        return stint.rest

    def _line_stint(self) -> Rest | None:
        if self._post.line is None:
            return Rest.NO_SERVER
        ends = self._post.seconds() + STINT_SECONDS
        while self._post.seconds() < ends and not self._post.stopping():
            with self._office.unit(HOUSE) as work:
                claimed = claiming.claim(work, self._run_id, ChannelKind.LINE)
            if isinstance(claimed, Claimed) and claimed.line is not None:
                self._multicast(self._post.line, claimed.batch_id, claimed.line)
            elif isinstance(claimed, Rest) and claimed is not Rest.NOBODY:
                return claimed
        return None

    def _multicast(self, line: Channel, batch_id: int, request: LineRequest) -> None:
        to = json.loads(self._office.cipher.open(request.sealed_people, LINE_REQUEST))
        body = messages.line_messages(self._office, request.body_id)
        said = line.multicast(to, body, key=UUID(request.retry_key))
        with self._office.unit(HOUSE) as work:
            settle_line(work, work.session.get_one(NoticeBatch, batch_id, with_for_update=True), said)
