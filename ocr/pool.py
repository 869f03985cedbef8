"""How are many pages read at once, so that one bad page never stops the others? A process a core.

Each process keeps its engines warm. A child that dies or overruns its time costs its page only: the page is
refused with its reason, the child is replaced.
"""

import multiprocessing
import queue
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from multiprocessing.connection import Connection
from pathlib import Path
from types import TracebackType
from typing import Self

from forms.definition import FormDefinition
from forms.layout import Blanks, PaperLayout
from ocr.page import PageReading, read_path, refused
from ocr.reader import Reader, shipped_engines
from ocr.refusal import PageRefusedError

_SPAWN = multiprocessing.get_context("spawn")
_FORMS_KEPT = 16
_FAREWELL_SECONDS = 5

Form = tuple[PaperLayout, Blanks, FormDefinition | None]
Page = tuple[bytes, str]


class _Child:
    """One reading process and the pipe to it."""

    def __init__(self) -> None:
        ours, theirs = _SPAWN.Pipe()
        self._pipe: Connection = ours
        self._process = _SPAWN.Process(target=_serve, args=(theirs,), daemon=True)
        self._process.start()
        self._sent: dict[Form, int] = {}
        theirs.close()

    def read(self, form: Form, page: Page, seconds: float) -> PageReading:
        """Read one page. Raises PageRefusedError `time_limit` or `reader_died`; then stop() it."""
        try:
            self._pipe.send((*self._numbered(form), page))
            if not self._pipe.poll(seconds):
                raise PageRefusedError("time_limit")
            answer: PageReading = self._pipe.recv()
        except (EOFError, OSError) as reason:
            raise PageRefusedError("reader_died") from reason
        return answer

    def _numbered(self, form: Form) -> tuple[int, Form | None]:
        """A form goes through the pipe once; after that its number stands for it."""
        if form in self._sent:
            return self._sent[form], None
        if len(self._sent) >= _FORMS_KEPT:
            self._sent.clear()
        return self._sent.setdefault(form, len(self._sent)), form

    def stop(self) -> None:
        self._process.kill()
        self._process.join(_FAREWELL_SECONDS)
        self._pipe.close()


class ReadingPool:
    """Reading processes, to be used as a context manager. `read` may be called from several threads at once."""

    def __init__(self, processes: int, seconds_a_page: float = 60) -> None:
        self._seconds = seconds_a_page
        self._processes = processes
        self._idle: queue.SimpleQueue[_Child] = queue.SimpleQueue()

    def __enter__(self) -> Self:
        for _ in range(self._processes):
            self._idle.put(_Child())
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        for _ in range(self._processes):
            self._idle.get().stop()

    def read(self, form: Form, data: bytes, file: str) -> PageReading:
        """Read one page in an idle process, waiting for one to be idle; it never raises for a page."""
        child = self._idle.get()
        try:
            answer = child.read(form, (data, file), self._seconds)
        except PageRefusedError as refusal:
            child.stop()
            child = _Child()
            answer = refused(file, refusal)
        finally:
            self._idle.put(child)
        return answer

    def read_files(self, form: Form, files: Iterable[Path]) -> Iterator[PageReading]:
        """Yield the readings of `files` in their order, as many at once as there are processes."""
        with ThreadPoolExecutor(self._processes) as threads:
            yield from threads.map(lambda path: read_path(lambda *page: self.read(form, *page), path), files)


def _serve(pipe: Connection) -> None:
    engines = shipped_engines()
    readers: dict[int, Reader] = {}
    while True:
        try:
            message: tuple[int, Form | None, Page] = pipe.recv()
        except EOFError:
            return
        number, form, page = message
        if form is not None:
            readers[number] = Reader(*form, engines=engines)
        pipe.send(readers[number].read(*page))
