"""How is a snapshot opened for whoever evaluates rules? Without the protected; the last one stays open in the process.

Opening and loading the whole city takes seconds; a preview follows the other on the same snapshot.
"""

import threading
from collections.abc import Callable
from datetime import date
from typing import Any, TypeVar

from backoffice.consents.live import bits_now, consents_mark
from backoffice.identity import Actor
from backoffice.residents import protecting, queries
from backoffice.residents.models import Snapshot
from backoffice.residents.protecting import Protected
from backoffice.work import Office
from workflows.rules.storing import brought_together, consenting, without

Loaded = TypeVar("Loaded")
Key = tuple[object, ...]


def open_snapshot(office: Office, actor: Actor, snapshot_id: int) -> bytes:
    """Give a snapshot's Parquet without whoever is under protection, and with the consents, of this moment.

    Of whoever is registered the consents given here count, not those that the file brought. Raises NotThere.

    Somebody who was taken out and somebody who never was in it are the same to whoever evaluates it. Call it outside
    any unit, like `load_snapshot`.
    """
    return _read(office, actor, *_found(office, actor, snapshot_id))


def open_protected(office: Office, actor: Actor, on: date) -> bytes | None:
    """Give the Parquet of those whom only people handle, of the newest snapshot by `on`; None where there is none.

    They are those set apart when it was taken in and those put under protection since, with their households. It is
    for the 支援措置 desk alone, and nothing of it is kept in the process. Call it outside any unit.
    """
    with office.look(actor) as work:
        snapshot = queries.newest_snapshot(work.session, on)
        protected = protecting.protected_now(office, work.session)
    if snapshot is None:
        return None
    apart, content = (office.files.read(file) for file in (snapshot.protected_file, snapshot.file))
    return consenting(brought_together(apart, content, protected.pseudonyms), bits_now(office, actor))


def without_protected(office: Office, actor: Actor, content: bytes) -> bytes:
    """Give the Parquet of a file that is no snapshot yet, as `open_snapshot` does of one that is."""
    with office.look(actor) as work:
        protected = protecting.protected_now(office, work.session)
    return consenting(without(content, protected.pseudonyms), bits_now(office, actor))


def load_snapshot(office: Office, actor: Actor, snapshot_id: int, load: Callable[[bytes], Loaded]) -> Loaded:
    """Give what `load`, a function of a module, makes of a snapshot; what was made last is kept.

    Call it outside any unit: its own is over before the file is opened, read and loaded, which takes seconds.

    It is made anew when anybody is put under protection or protected no longer, consents or withdraws, and on a new
    day, when consents may have run out. Raises NotThere.
    """
    snapshot, protected = _found(office, actor, snapshot_id)
    key = (office.settings.database, snapshot.file.sha256, load, consents_mark(office, actor), *protected.marks)
    made: Loaded = _LAST.get(key, lambda: load(_read(office, actor, snapshot, protected)))
    return made


def _found(office: Office, actor: Actor, snapshot_id: int) -> tuple[Snapshot, Protected]:
    with office.look(actor) as work:
        return queries.find_snapshot(work.session, snapshot_id), protecting.protected_now(office, work.session)


def _read(office: Office, actor: Actor, snapshot: Snapshot, protected: Protected) -> bytes:
    return consenting(without(office.files.read(snapshot.file), protected.pseudonyms), bits_now(office, actor))


class _Last:
    """Keeps one thing, whoever asks; two who ask for the same at once wait for one making."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._key: Key = ()
        self._kept: Any = None

    def get(self, key: Key, make: Callable[[], Any]) -> Any:  # noqa: ANN401 -- what is kept, its maker knows
        with self._lock:
            if self._key != key:
                self._key, self._kept = (), None  # so that there are never two in memory
                self._kept = make()
                self._key = key
            return self._kept


_LAST = _Last()
