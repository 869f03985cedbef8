"""Deaths, moves away and protection, as they happen between snapshots: taken in whole, by command or from a folder.

Whoever sends asks here at the last moment. A feed that tells of nobody is good news, and as fresh as any.
"""

import hashlib
from collections import Counter, defaultdict
from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime
from pathlib import Path

from backoffice.consents.service import PSEUDONYM, mark_of
from backoffice.errors import Invalid, Overtaken
from backoffice.identity import Actor, Origin
from backoffice.residents import protecting, stop_queries
from backoffice.residents.events import ResidentStopped, ResidentStopTakenBack, StopFeedRefused, StopFeedTaken
from backoffice.residents.models import RefusedFeed, ResidentStop, StopFeed
from backoffice.residents.stop_file import Act, Feed, FeedRefused, FeedRefusedError, FeedRow, StopKind, read_feed
from backoffice.residents.words import FEED_REFUSALS, REFUSALS
from backoffice.services import TOKYO
from backoffice.web.free_text import words_given
from backoffice.web.translations import _
from backoffice.work import Office, Work
from forms.my_number import holds_my_number
from workflows.rules.brought_files import FileRefusedError

WORKER = Actor.house(Origin.WORKER)
BY_FOLDER = "drop folder"
WHY_PROTECTED = "異動連携"
"""As the desk reads it."""
TAKEN_BACK, IDLE = "taken_back", "idle"
DONE, REFUSED = "done", "refused"
SOURCE_LIMIT, NAME_LIMIT = 80, 120
TAKEN_ALREADY = _("同じ異動連携のファイルがもうあります。")


def read(office: Office, content: bytes) -> Feed:
    """Read a file of the feed. Raises Invalid for one that is refused; call it outside any unit."""
    try:
        return _read(office, content)
    except FeedRefusedError as refused:
        raise Invalid(FEED_REFUSALS[refused.code], place=refused.place) from None
    except FileRefusedError as refused:
        raise Invalid(REFUSALS[refused.code], place=refused.place) from None


def take_in(work: Work, feed: Feed, source: str, content: bytes) -> StopFeed:
    """Keep what a feed tells: from this unit on nothing is sent to whom it names. Raises Invalid for one taken before.

    Whoever it names as protected comes under protection; out of it two people at the desk let them, no feed.
    """
    sha256 = _sum_of(content)
    if stop_queries.is_taken(work.session, sha256):
        raise Invalid(TAKEN_ALREADY)
    taken = StopFeed(
        source=words_given(source, "source", SOURCE_LIMIT),
        covers_from=feed.covers_from,
        covers_until=feed.covers_until,
        complete_until=_complete_with(work, feed),
        rows=len(feed.rows),
        counts={},
        sha256=sha256,
        received_at=work.now,
        received_by_id=work.actor.staff_id,
    )
    work.session.add(taken)
    work.session.flush()
    taken.counts = dict(_follow(work, taken, feed.rows))
    work.record(StopFeedTaken(taken.id, taken.rows))
    return taken


def tick(office: Office) -> int:
    """Take the files that lie in the feed's folder, in the order of their names, and give how many."""
    folder = office.settings.stop_feed_dir
    if folder is None or not folder.is_dir():
        return 0
    waiting = sorted(each for each in folder.iterdir() if each.suffix.lower() == ".csv" and each.is_file())
    for path in waiting:
        _take_file(office, folder, path)
    return len(waiting)


def _read(office: Office, content: bytes) -> Feed:
    if len(content) > office.settings.upload_limit_bytes:
        raise FeedRefusedError(FeedRefused.TOO_LARGE)
    return read_feed(content, office.services.now())


def _take_file(office: Office, folder: Path, path: Path) -> None:
    """Take one file and put it away. A worker that dies in between finds it again, and that it was taken."""
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        return  # another worker was quicker
    name = f"{office.services.now().astimezone(TOKYO):%Y%m%dT%H%M%S}-{path.name}"
    try:
        feed = _read(office, content)
    except (FeedRefusedError, FileRefusedError) as refused:
        _note_refusal(office, name, refused)
        _put_away(path, folder / REFUSED / name)
        return
    try:
        with office.unit(WORKER) as work:
            if not stop_queries.is_taken(work.session, _sum_of(content)):
                take_in(work, feed, BY_FOLDER, content)
    except Overtaken:
        return  # another worker has it; whether it was taken is asked at the next tick
    _put_away(path, folder / DONE / name)


def _note_refusal(office: Office, name: str, refused: FeedRefusedError | FileRefusedError) -> None:
    with office.unit(WORKER) as work:
        kept = RefusedFeed(name=_told(name), why=refused.code, place=refused.place[:32], at=work.now)
        work.session.add(kept)
        work.session.flush()
        work.record(StopFeedRefused(kept.id, refused.code))


def _told(name: str) -> str:
    """Give a file's name as it may be shown: whoever named it may have put anything into it."""
    return "…" if holds_my_number(name) else name[:NAME_LIMIT]


def _put_away(path: Path, to: Path) -> None:
    to.parent.mkdir(exist_ok=True)
    with suppress(FileNotFoundError):  # another worker was quicker
        path.rename(to)


def _sum_of(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _complete_with(work: Work, feed: Feed) -> datetime:
    """Say until when nothing is missing once `feed` is taken: a feed that begins later than that leaves a hole."""
    before = stop_queries.covered_until(work.session)
    if before is None:
        return feed.covers_until
    if feed.covers_from is not None and feed.covers_from > before:
        return before
    complete = max(before, feed.covers_until)
    while (further := stop_queries.reaching_beyond(work.session, complete)) is not None:
        complete = further
    return complete


def _follow(work: Work, feed: StopFeed, rows: Sequence[FeedRow]) -> Counter[str]:
    """Follow a feed row by row, in its order, and count what came of it."""
    cipher = work.office.cipher
    marks = [mark_of(cipher, row.pseudonym) for row in rows]
    known: defaultdict[str, list[ResidentStop]] = defaultdict(list)
    for stop in stop_queries.in_force(work.session, set(marks)):
        known[stop.mark].append(stop)
    counts: Counter[str] = Counter()
    for row, mark in zip(rows, marks, strict=True):
        ended = [stop for stop in known[mark] if _ends(row, stop)]
        for stop in ended:
            _take_back(work, feed, stop)
            known[mark].remove(stop)
        if ended:
            counts[TAKEN_BACK] += 1
        elif row.act is Act.HAPPENED and not any(_tells_of(row, stop) for stop in known[mark]):
            known[mark].append(_begin(work, feed, row, mark))
            counts[row.kind] += 1
        else:
            counts[IDLE] += 1
    return counts


def _ends(row: FeedRow, stop: ResidentStop) -> bool:
    if row.act is Act.CAME_BACK:
        return stop.kind == row.kind and stop.on <= row.on
    return row.act is Act.TAKEN_BACK and _tells_of(row, stop)


def _tells_of(row: FeedRow, stop: ResidentStop) -> bool:
    return (stop.kind, stop.on) == (row.kind, row.on)


def _begin(work: Work, feed: StopFeed, row: FeedRow, mark: str) -> ResidentStop:
    sealed = work.office.cipher.seal(row.pseudonym.encode(), PSEUDONYM)
    stop = ResidentStop(
        mark=mark, sealed_pseudonym=sealed, kind=row.kind, on=row.on, feed_id=feed.id, heard_at=work.now
    )
    work.session.add(stop)
    work.session.flush()
    work.record(ResidentStopped(stop.id))
    if row.kind is StopKind.PROTECTED and not protecting.is_protected(work, row.pseudonym):
        protecting.add(work, row.pseudonym, WHY_PROTECTED)
    return stop


def _take_back(work: Work, feed: StopFeed, stop: ResidentStop) -> None:
    stop.ended_at, stop.ended_by_feed_id = work.now, feed.id
    work.session.flush()
    work.record(ResidentStopTakenBack(stop.id))
