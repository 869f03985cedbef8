"""What does a CSV file say of papers, row by row, and what is wrong with it? All of it is taken in, or nothing."""

import unicodedata
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from backoffice.data_links.models import Link
from backoffice.errors import Invalid, NotPermitted
from backoffice.identity import Department
from backoffice.paperless import queries, service
from backoffice.paperless.events import PapersImported
from backoffice.paperless.service import Told
from backoffice.paperless.workflow import AREA_NAMES, STATE_CHIPS, Area, How, PaperState
from backoffice.web.csv_in import rows_of, text_of
from backoffice.web.translations import _
from backoffice.work import Work
from forms.problems import NotNormalError
from forms.wareki import parse_date

MOST_BYTES = 1024 * 1024
MOST_ROWS = 2000
AREA, PROCEDURE, DOCUMENT, DEPARTMENT = "分野", "手続", "書類", "部署"
LINK, MEANS, STATE, SINCE = "連携の記号", "代わりに見るもの", "状態", "いつから"
COLUMNS = (AREA, PROCEDURE, DOCUMENT, DEPARTMENT, LINK, MEANS, STATE, SINCE)
AREAS: Mapping[str, Area] = {name: area for area, name in AREA_NAMES.items()}
STATES: Mapping[str, PaperState] = {chip.text: state for state, chip in STATE_CHIPS.items()}


@dataclass(frozen=True)
class Trouble:
    """`line` as a spreadsheet counts it: the headings are line 1."""

    line: int
    message: str
    """A msgid."""
    params: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True)
class Taken:
    entered: int
    changed: int


def take_in(work: Work, content: bytes) -> Taken | list[Trouble]:
    """Enter what is new in a file and change what stands there; where any row is wrong, nothing, and say of each why.

    Raises Invalid for what is no such file.
    """
    rows = rows_of(text_of(content, MOST_BYTES))
    headings = [_plain(cell) for cell in rows[0][1]] if rows else []
    missing = [name for name in (AREA, PROCEDURE, DOCUMENT, STATE) if name not in headings]
    if missing:
        raise Invalid(_("1行目に見出し %(names)s がありません。"), names="、".join(missing))
    if len(rows) > MOST_ROWS:
        raise Invalid(_("一度に読めるのは%(most)s行までです。"), most=MOST_ROWS)
    reader = _Reader(work, headings)
    for line, cells in rows[1:]:
        reader.take(line, cells)
    if reader.troubles:
        return reader.troubles
    taken = Taken(reader.entered, reader.changed)
    work.record(PapersImported(taken.entered, taken.changed))
    return taken


class _Reader:
    """Takes row after row into the register, and remembers what is wrong."""

    def __init__(self, work: Work, headings: Sequence[str]) -> None:
        self._work = work
        self._headings = headings
        self._links: Mapping[str, Link] = {each.code: each for each in queries.links(work.session)}
        self._departments: defaultdict[str, list[Department]] = defaultdict(list)
        for each in queries.departments(work.session):
            self._departments[each.name].append(each)
        self.troubles: list[Trouble] = []
        self.entered = self.changed = 0
        self._seen: set[tuple[str, str, str, int]] = set()

    def take(self, line: int, cells: Sequence[str]) -> None:
        said = dict(zip(self._headings, map(_plain, cells), strict=False))
        before = len(self.troubles)
        told = self._told(line, said)
        if told is None or len(self.troubles) > before:
            return
        paper = (told.area, told.procedure, told.document, told.department_id)
        if paper in self._seen:
            self.troubles.append(Trouble(line, _("同じ手続の同じ書類が、前の行にもあります。")))
            return
        self._seen.add(paper)
        try:
            self._keep(told)
        except Invalid as refusal:
            self.troubles += [Trouble(line, message) for message in refusal.fields.values() or [refusal.message]]
        except NotPermitted as refusal:
            self.troubles.append(Trouble(line, refusal.message))

    def _keep(self, told: Told) -> None:
        same = queries.same_paper(self._work.session, told.area, told.procedure, told.document, told.department_id)
        if same is None:
            service.enter(self._work, told, How.IMPORTED)
            self.entered += 1
        elif (same.link_id, same.means, same.state, same.since) != (told.link_id, told.means, told.state, told.since):
            service.change(self._work, same, same.version, told, How.IMPORTED)
            self.changed += 1

    def _told(self, line: int, said: Mapping[str, str]) -> Told | None:
        area, state = AREAS.get(said.get(AREA, "")), STATES.get(said.get(STATE, ""))
        department_id = self._department(line, said.get(DEPARTMENT, ""))
        if area is None:
            names = "・".join(AREAS)
            self.troubles.append(Trouble(line, _("分野は %(names)s のどれかで書いてください。"), {"names": names}))
        if state is None:
            names = "・".join(STATES)
            self.troubles.append(Trouble(line, _("状態は %(names)s のどれかで書いてください。"), {"names": names}))
        code = said.get(LINK, "")
        if code and code not in self._links:
            self.troubles.append(Trouble(line, _("記号「%(code)s」の連携はありません。"), {"code": code}))
        since = self._day(line, said.get(SINCE, ""))
        if area is None or state is None or department_id is None or since is None:
            return None
        link = self._links.get(code)
        return Told(
            area,
            said.get(PROCEDURE, ""),
            said.get(DOCUMENT, ""),
            department_id,
            None if link is None else link.id,
            said.get(MEANS, ""),
            state,
            since,
        )

    def _department(self, line: int, name: str) -> int | None:
        """Give the department that a row names; its own of whoever brings the file, where it names none."""
        if not name and self._work.actor.department_id is not None:
            return self._work.actor.department_id
        named = self._departments.get(name, [])
        called = [each for each in named if not each.closed] or named
        if not called:
            self.troubles.append(Trouble(line, _("部署「%(name)s」はありません。"), {"name": name}))
            return None
        own = [each for each in called if service.may_edit(self._work, each)]
        if len(called) > 1 and len(own) != 1:
            said = _("「%(name)s」という部署は、いくつもあります。その部署の担当者が取り込んでください。")
            self.troubles.append(Trouble(line, said, {"name": name}))
            return None
        return (own or called)[0].id

    def _day(self, line: int, text: str) -> date | None:
        if not text:
            return self._work.today
        try:
            return parse_date(text)
        except NotNormalError:
            said = _("日付を「令和8年4月1日」や「2026/4/1」の形で入れてください。")
            self.troubles.append(Trouble(line, said))
            return None


def _plain(cell: str) -> str:
    return unicodedata.normalize("NFC", cell).strip()
