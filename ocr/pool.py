"""How are many pages read at once, so that one bad page never stops the others? A process a core.

Each process keeps its engines warm. Files are opened and drawn there too, never by whoever asks. A child that dies,
overruns its time or wants too much memory costs its page only: the page is refused with its reason, the child is
replaced.
"""

import itertools
import os
import queue
import resource
import signal
import subprocess
import sys
import warnings
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass, field
from functools import partial
from multiprocessing import Pipe
from multiprocessing.connection import Connection
from multiprocessing.reduction import recv_handle, send_handle
from pathlib import Path
from threading import Lock
from types import TracebackType
from typing import Self, TypeVar

from ocr.empty_form import EmptyForm, EmptyPage, empty_page
from ocr.encode import jpeg_to_print
from ocr.files import Document, kept_in_memory
from ocr.known_form import Form, KnownForm
from ocr.page import PageReading, one_sheet, refused
from ocr.reader import PileReader, shipped_engines
from ocr.refusal import PageRefusedError

_FORMS_KEPT = 64
_SECONDS_A_PAGE = 30
MEMORY_LIMIT = 1_500_000_000
"""Of what a reading process may have resident, in bytes."""
_HEAVY = MEMORY_LIMIT * 3 // 4
"""Whatever ends itself above this had asked for more in vain: what it asked for last it never had."""
# A program of its own: multiprocessing would load the parent's main program, a whole back office, into every child.
_PROGRAM = "import sys; sys.path[:] = sys.argv[2:]; from ocr.pool import serve; serve(int(sys.argv[1]))"

Answer = TypeVar("Answer")
Readings = tuple[PageReading, ...]


class _ChildLostError(PageRefusedError):
    """A reading process ended or overran its time (`reader_died`, `too_heavy`, `time_limit`). It must be replaced."""


@dataclass(frozen=True)
class _File:
    """A file to be read: its name for the answer, and an open descriptor, which a reading process is handed."""

    name: str
    descriptor: int
    number: int

    def close(self) -> None:
        os.close(self.descriptor)


@dataclass(frozen=True)
class _Ask:
    """What a reading process is asked: how many pages the file has (`page` is None), or what is on one of them.

    With `empty` a page is an empty form, to be straightened and looked at for zones; with `drawn` it is a picture to
    be printed, and nothing is read.

    `forms` are numbers. A form goes through the pipe once, after that its number stands for it; so does a file until
    the next one comes.
    """

    file: str
    brings_file: bool
    page: int | None = None
    forms: tuple[int, ...] = ()
    new: Mapping[int, Form] = field(default_factory=dict)
    empty: EmptyForm | None = None
    drawn: bool = False


class _Child:
    """One reading process and the pipe to it."""

    def __init__(self) -> None:
        ours, theirs = Pipe()
        self._pipe: Connection = ours
        end = theirs.fileno()
        # In its own session: Ctrl-C in a terminal must not cost the page at hand. It ends when the pipe does.
        self._process = subprocess.Popen(  # noqa: S603  # our own program and our own search path
            [sys.executable, "-c", _PROGRAM, str(end), *sys.path],
            pass_fds=(end,),
            start_new_session=True,
            env=os.environ
            | {"MALLOC_ARENA_MAX": "1"},  # one pool of memory: several fall to pieces that nobody can use
        )
        self._sent: dict[Form, int] = {}
        self._holds = 0
        theirs.close()

    def pages(self, file: _File, seconds: float) -> int:
        """Say how many pages a file has. Raises PageRefusedError, as read() does."""
        answer = self._answer(file, _Ask(file.name, self._holds != file.number), seconds)
        return answer if isinstance(answer, int) else 0

    def read(self, forms: Sequence[Form], file: _File, page: int, seconds: float) -> Readings:
        """Read one page. Raises PageRefusedError."""
        numbers, new = self._numbered(forms)
        answer = self._answer(file, _Ask(file.name, self._holds != file.number, page, numbers, new), seconds)
        return answer if isinstance(answer, tuple) else ()

    def empty(self, asked: EmptyForm, file: _File, page: int, seconds: float) -> EmptyPage:
        """Straighten one page of an empty form. Raises PageRefusedError."""
        answer = self._answer(file, _Ask(file.name, self._holds != file.number, page, empty=asked), seconds)
        if not isinstance(answer, EmptyPage):
            raise _ChildLostError("reader_died")
        return answer

    def drawn(self, file: _File, page: int, seconds: float) -> bytes:
        """Draw one page. Raises PageRefusedError."""
        answer = self._answer(file, _Ask(file.name, self._holds != file.number, page, drawn=True), seconds)
        if not isinstance(answer, bytes):
            raise _ChildLostError("reader_died")
        return answer

    def _answer(self, file: _File, ask: _Ask, seconds: float) -> int | bytes | Readings | EmptyPage:
        try:
            self._pipe.send(ask)
            if ask.brings_file:
                self._holds = file.number
                send_handle(self._pipe, file.descriptor, self._process.pid)
            if not self._pipe.poll(seconds):
                raise _ChildLostError("time_limit")
            answer: int | str | bytes | Readings | EmptyPage = self._pipe.recv()
        except (EOFError, OSError) as reason:
            raise self._lost() from reason
        if isinstance(answer, str):
            raise PageRefusedError(answer)
        return answer

    def _numbered(self, forms: Sequence[Form]) -> tuple[tuple[int, ...], Mapping[int, Form]]:
        new = [form for form in dict.fromkeys(forms) if form not in self._sent]
        if self._sent and len(self._sent) + len(new) > _FORMS_KEPT:
            self._sent.clear()
            new = list(dict.fromkeys(forms))
        self._sent |= {form: number for number, form in enumerate(new, len(self._sent))}
        return tuple(self._sent[form] for form in forms), {self._sent[form]: form for form in new}

    def _lost(self) -> _ChildLostError:
        """Say what a process that answers no more ended of: PDFium has no error for want of memory, it aborts."""
        process = self._process
        os.kill(process.pid, signal.SIGKILL)  # it has ended, or is about to; Popen would throw away what it used
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        aborted = process.returncode == -signal.SIGABRT
        return _ChildLostError("too_heavy" if aborted and used.ru_maxrss * 1024 > _HEAVY else "reader_died")

    def stop(self) -> None:
        self._process.kill()
        self._process.wait()
        self._pipe.close()


class ReadingPool:
    """Reading processes, to be used as a context manager. `read` may be called from several threads at once."""

    def __init__(self, processes: int, seconds_a_page: float = _SECONDS_A_PAGE) -> None:
        self._seconds = seconds_a_page
        self._processes = processes
        self._idle: queue.SimpleQueue[_Child] = queue.SimpleQueue()
        self._numbers = itertools.count(1)

    def __enter__(self) -> Self:
        for _ in range(self._processes):
            self._idle.put(_Child())
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        for _ in range(self._processes):
            self._idle.get().stop()

    def read(self, form: Form, data: bytes, file: str) -> PageReading:
        """Read a file of one sheet in an idle process, waiting for one to be idle; it never raises for a page.

        A file of several pages or a picture of several sheets is refused, so that none is lost.
        """
        with closing(self._held(data, file)) as held:
            try:
                pages = self._pages(held)
            except PageRefusedError as refusal:
                return refused(file, refusal)
            return one_sheet(self._page((form,), held, 1)) if pages == 1 else _several_pages(file)

    def count_pages(self, data: bytes, name: str) -> int:
        """Say how many pages a file has. Raises PageRefusedError for one that is not read."""
        with closing(self._held(data, name)) as held:
            return self._pages(held)

    def empty_pages(self, asked: EmptyForm, data: bytes, name: str, most: int) -> tuple[EmptyPage, ...]:
        """Return the pages of an empty form, straightened, with what could be asked on each.

        Raises PageRefusedError for a file of more than `most` pages (`too_many_pages`), and for the first page that
        cannot be opened: of half a form nobody draws zones.
        """
        with closing(self._held(data, name)) as held:
            pages = self._pages(held)
            if pages > most:
                raise PageRefusedError("too_many_pages")
            return tuple(self._empty_page(asked, held, page) for page in range(1, pages + 1))

    def drawn_pages(self, data: bytes, name: str, most: int) -> tuple[bytes, ...]:
        """Return the pages of a file to be printed (`ocr.encode.jpeg_to_print`), empty ones left out.

        What is active in the file stays behind.

        Raises PageRefusedError for a file of more than `most` pages (`too_many_pages`) and for one that is not read.
        """
        with closing(self._held(data, name)) as held:
            pages = self._pages(held)
            if pages > most:
                raise PageRefusedError("too_many_pages")
            drawn = (self._drawn_page(held, page) for page in range(1, pages + 1))
            return tuple(picture for picture in drawn if picture)

    def read_document(self, forms: Sequence[Form], data: bytes, name: str) -> Iterator[PageReading]:
        """Yield what is on every page of a file in their order, one reading a sheet; each is sorted to its form.

        As many pages are read at once as there are processes. A file that cannot be opened is one refused page.
        """
        yield from self._in_order(forms, (self._held(data, each) for each in (name,)))

    def read_page(self, forms: Sequence[Form], data: bytes, name: str, page: int) -> Readings:
        """Read one page of a file once more, as read_document does; no other page is looked at."""
        with closing(self._held(data, name)) as held:
            return self._page(forms, held, page)

    def read_files(self, forms: Sequence[Form], files: Iterable[Path]) -> Iterator[PageReading]:
        """Yield what is on every page of `files` in their order, as read_document does."""
        yield from self._in_order(forms, map(self._opened, files))

    def _held(self, data: bytes, name: str) -> _File:
        return _File(name, kept_in_memory(data), next(self._numbers))

    def _opened(self, path: Path) -> _File | PageReading:
        try:
            # A pipe that somebody names as a file must not hold everything up.
            descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK)
        except OSError:
            return refused(str(path), PageRefusedError("missing"))
        return _File(str(path), descriptor, next(self._numbers))

    def _in_order(self, forms: Sequence[Form], files: Iterator[_File | PageReading]) -> Iterator[PageReading]:
        """Run a few jobs ahead of whoever takes the readings; a file is closed when its last page is done."""
        with ThreadPoolExecutor(self._processes) as threads:
            waiting: deque[Future[Readings]] = deque()
            for job in (job for file in files for job in self._jobs(forms, file)):
                waiting.append(threads.submit(job))
                if len(waiting) > 2 * self._processes:
                    yield from waiting.popleft().result()
            for future in waiting:
                yield from future.result()

    def _jobs(self, forms: Sequence[Form], file: _File | PageReading) -> Iterator[Callable[[], Readings]]:
        if isinstance(file, PageReading):
            yield partial(_told, file)
            return
        try:
            pages = self._pages(file)
        except PageRefusedError as refusal:
            file.close()
            yield partial(_told, refused(file.name, refusal))
            return
        shared = _Shared(file, pages)
        yield from (partial(self._shared_page, tuple(forms), shared, page) for page in range(1, pages + 1))

    def _shared_page(self, forms: Sequence[Form], shared: "_Shared", page: int) -> Readings:
        try:
            return self._page(forms, shared.file, page)
        finally:
            shared.one_done()

    def _pages(self, file: _File) -> int:
        return self._by_idle(lambda child: child.pages(file, self._seconds))

    def _page(self, forms: Sequence[Form], file: _File, page: int) -> Readings:
        try:
            return self._by_idle(lambda child: child.read(forms, file, page, self._seconds))
        except PageRefusedError as refusal:
            return (refused(file.name, refusal, page),)

    def _empty_page(self, asked: EmptyForm, file: _File, page: int) -> EmptyPage:
        return self._by_idle(lambda child: child.empty(asked, file, page, self._seconds))

    def _drawn_page(self, file: _File, page: int) -> bytes:
        try:
            return self._by_idle(lambda child: child.drawn(file, page, self._seconds))
        except PageRefusedError as refusal:
            if refusal.code == "nothing_drawn":
                return b""
            raise

    def _by_idle(self, ask: Callable[[_Child], Answer]) -> Answer:
        child = self._idle.get()
        try:
            return ask(child)
        except _ChildLostError:
            child.stop()
            child = _Child()
            raise
        finally:
            self._idle.put(child)


class _Shared:
    """A file whose pages are read by several threads: the last one done closes it."""

    def __init__(self, file: _File, pages: int) -> None:
        self.file = file
        self._left = pages
        self._counting = Lock()

    def one_done(self) -> None:
        with self._counting:
            self._left -= 1
            if self._left == 0:
                self.file.close()


def _several_pages(file: str) -> PageReading:
    return refused(file, PageRefusedError("several_pages"))


def _told(reading: PageReading) -> Readings:
    return (reading,)


def serve(descriptor: int) -> None:
    """Answer what is asked over the pipe at `descriptor` until the other end is closed: a reading process's life."""
    _hush_libraries()
    with closing(_Desk(Connection(descriptor))) as desk:
        try:
            while True:
                desk.answer()
        except (EOFError, ConnectionError):
            return  # whoever asked is gone, perhaps killed; nobody waits for the rest


def _hush_libraries() -> None:
    """Let only Python speak on the error stream: image libraries write a line there for each broken row of a scan."""
    sys.stderr = os.fdopen(os.dup(2), "w", buffering=1)
    with Path(os.devnull).open("w") as nothing:
        os.dup2(nothing.fileno(), 2)
    warnings.simplefilter("ignore")


def _limit_memory() -> None:
    """Let what is resident from now on stay under the limit.

    The kernel counts address space, of which libraries and engines hold some that is never used: it is added.
    """
    size, resident = (int(pages) * resource.getpagesize() for pages in Path("/proc/self/statm").read_text().split()[:2])
    limit = MEMORY_LIMIT + size - resident
    resource.setrlimit(resource.RLIMIT_AS, (limit, limit))


class _Desk:
    """A reading process's side: the file that lies open, and the forms it knows."""

    def __init__(self, pipe: Connection) -> None:
        self._pipe = pipe
        self._engines = shipped_engines()
        _limit_memory()
        self._forms: dict[int, KnownForm] = {}
        self._readers: dict[tuple[int, ...], PileReader] = {}
        self._document: Document | PageRefusedError = PageRefusedError("missing")

    def answer(self) -> None:
        """Wait for the next question and answer it: a number of pages, the readings of one, or the code of why not."""
        ask: _Ask = self._pipe.recv()
        if ask.brings_file:
            self._take(recv_handle(self._pipe))
        if ask.new:
            self._readers.clear()
            self._forms |= {number: KnownForm(*form) for number, form in ask.new.items()}
        try:
            self._pipe.send(self._answer(ask))
        except PageRefusedError as refusal:
            self._pipe.send(refusal.code)

    def _answer(self, ask: _Ask) -> int | bytes | Readings | EmptyPage:
        if isinstance(self._document, PageRefusedError):
            raise PageRefusedError(self._document.code)
        if ask.page is None:
            return self._document.pages
        if ask.drawn:
            return jpeg_to_print(self._document.page(ask.page))
        if ask.empty is not None:
            return empty_page(self._document.page(ask.page), ask.empty, self._engines.first)
        return self._reader(ask.forms).read(self._document.page(ask.page), ask.file, ask.page)

    def _reader(self, forms: tuple[int, ...]) -> PileReader:
        if forms not in self._readers:
            self._readers[forms] = PileReader([self._forms[form] for form in forms], self._engines)
        return self._readers[forms]

    def _take(self, descriptor: int) -> None:
        self.close()
        try:
            self._document = Document(descriptor)
        except PageRefusedError as refusal:
            self._document = refusal

    def close(self) -> None:
        if isinstance(self._document, Document):
            self._document.close()
