"""What do people stop, and take again? One topic or everything; asking twice is asking once."""

from collections.abc import Collection

from backoffice.consents.queries import lock_registrant
from backoffice.errors import Overtaken
from backoffice.reachability import queries
from backoffice.reachability.events import NoticesResumed, NoticesStopped
from backoffice.reachability.models import NoticeStop
from backoffice.reachability.workflow import EVERYTHING, StopWay, Topic
from backoffice.work import Work

CHOICES = frozenset({EVERYTHING, *Topic})
"""All that can be stopped."""


def stop(work: Work, registrant_id: int, topic: str, way: StopWay) -> None:
    """Stop a topic, or everything, from this unit on; what was stopped before stays as it was."""
    lock_registrant(work.session, registrant_id)
    if topic in {each.topic for each in queries.stops_of(work.session, registrant_id)}:
        return
    stopped = NoticeStop(registrant_id=registrant_id, topic=topic, way=way, at=work.now)
    work.session.add(stopped)
    work.session.flush()
    work.record(NoticesStopped(registrant_id, stopped.id, topic))


def resume(work: Work, registrant_id: int, topics: Collection[str], way: StopWay) -> None:
    """Take back what was stopped of `topics`; what was not stopped stays as it is."""
    lock_registrant(work.session, registrant_id)
    for stopped in queries.stops_of(work.session, registrant_id):
        if stopped.topic in topics:
            stopped.ended_at, stopped.ended_way = work.now, way
            work.session.flush()
            work.record(NoticesResumed(registrant_id, stopped.id, stopped.topic))


def settle(work: Work, registrant_id: int, wanted: Collection[str], way: StopWay, *, seen: str | None = None) -> None:
    """Let exactly `wanted` be stopped.

    Raises Overtaken where something has changed since the form was shown: what the person stopped meanwhile, by the
    link in a mail, a form from before would take back.
    """
    lock_registrant(work.session, registrant_id)
    if seen is not None and seen != queries.last_change(work.session, registrant_id):
        raise Overtaken("止めたお知らせは、そのあと変わっています。最新の内容を確認してください。")
    resume(work, registrant_id, CHOICES.difference(wanted), way)
    for topic in sorted(wanted):
        stop(work, registrant_id, topic, way)
