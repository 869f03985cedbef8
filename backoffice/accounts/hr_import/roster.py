"""What does the personnel office's file say? Read row by row, each trouble in the words of whoever made the file.

One row a person; a row without 職員ID is a department by itself. UTF-8 (with or without BOM) or Shift_JIS.
"""

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from backoffice.accounts.inputs import ACCOUNT_SHAPE, BAD_ACCOUNT, read_mail
from backoffice.errors import Invalid
from backoffice.identity import Role
from backoffice.identity.permissions import ROLE_NAMES
from backoffice.web.csv_in import rows_of, text_of
from backoffice.web.csv_out import FORMULA_STARTS
from backoffice.web.translations import _
from forms.my_number import holds_my_number
from forms.problems import NotNormalError
from forms.wareki import parse_date

MOST_BYTES = 4 * 1024 * 1024
MOST_ROWS = 20_000
MOST_TEXT = 100
MOST_SHORT = 20
"""It stands in the numbers of documents, which are forty characters at most."""
MOST_LEVELS = 10
"""A city has five."""
CODE, NAME, PARENT, ACCOUNT, PERSON = "所属コード", "所属名", "上位所属コード", "職員ID", "氏名"
SHORT, ROLES, STARTS, ENDS, MAIL = "所属略称", "役割", "開始日", "終了日", "メール"
NEEDED = (CODE, NAME, PARENT, ACCOUNT, PERSON)
COLUMNS = (*NEEDED, SHORT, ROLES, STARTS, ENDS, MAIL)
CODE_SHAPE = re.compile(r"[A-Za-z0-9-]{1,16}")
BETWEEN_ROLES = re.compile(r"[、,・//;]")
ROLES_BY_NAME = {name: role for role, name in ROLE_NAMES.items()} | {str(role): role for role in Role}


@dataclass(frozen=True)
class Trouble:
    """`line` as a spreadsheet counts it: the headings are line 1; 0 is the file as a whole."""

    line: int
    message: str
    """A msgid."""
    params: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True)
class Unit:
    code: str
    name: str
    short_name: str
    """Nothing: the file does not say."""
    parent: str


@dataclass(frozen=True)
class Person:
    line: int
    account: str
    name: str
    unit: str
    roles: tuple[Role, ...] = ()
    starts: date | None = None
    ends: date | None = None
    mail: str | None = None


@dataclass(frozen=True)
class Roster:
    """The whole file. `has_roles` and `has_mail`: whether it speaks of them at all; what it does not name stays."""

    units: Mapping[str, Unit]
    people: Mapping[str, Person]
    has_roles: bool
    has_mail: bool


def read_roster(content: bytes) -> tuple[Roster, list[Trouble]]:
    """Read the file as far as it goes, and say what is wrong with it. Raises Invalid for what is no such file."""
    rows = rows_of(text_of(content, MOST_BYTES))
    headings = [_plain(cell) for cell in rows[0][1]] if rows else []
    missing = [name for name in NEEDED if name not in headings]
    if missing:
        raise Invalid(_("1行目に見出し %(names)s がありません。"), names="、".join(missing))
    if len(rows) > MOST_ROWS:
        raise Invalid(_("一度に読めるのは%(most)s行までです。"), most=MOST_ROWS)
    reader = _Reader(headings)
    for line, cells in rows[1:]:
        reader.take(line, cells)
    reader.check_tree()
    if not reader.people and not reader.troubles:
        raise Invalid(_("職員の行がありません。このままでは全員が離れることになります。"))
    return reader.roster(), sorted(reader.troubles, key=lambda trouble: trouble.line)


def _plain(cell: str) -> str:
    return unicodedata.normalize("NFC", cell).strip()


class _Reader:
    """Takes row after row and remembers what they say and what is wrong."""

    def __init__(self, headings: Sequence[str]) -> None:
        self.headings = headings
        self.units: dict[str, tuple[int, Unit]] = {}
        self.people: dict[str, Person] = {}
        self.troubles: list[Trouble] = []

    def roster(self) -> Roster:
        units = {code: unit for code, (_line, unit) in self.units.items()}
        return Roster(units, self.people, ROLES in self.headings, MAIL in self.headings)

    def take(self, line: int, cells: Sequence[str]) -> None:
        if len(cells) != len(self.headings):
            self._say(line, _("列の数が見出しと違います(%(count)s列)。"), count=len(cells))
            return
        row = {name: _plain(cell) for name, cell in zip(self.headings, cells, strict=True) if name in COLUMNS}
        before = len(self.troubles)
        for name, cell in row.items():
            self._check_cell(line, name, cell)
        if len(self.troubles) == before and self._take_unit(line, row) and row[ACCOUNT]:
            self._take_person(line, row)

    def check_tree(self) -> None:
        """Every parent is there, there is one top, nobody stands above themselves, and the way up is short."""
        tops = [code for code, (_line, unit) in self.units.items() if not unit.parent]
        if self.units and len(tops) != 1:
            self._say(
                0, _("上位所属コードが空の所属(最上位)は1つだけにしてください(今は%(count)s件)。"), count=len(tops)
            )
        for code, (line, unit) in self.units.items():
            if unit.parent and unit.parent not in self.units:
                self._say(line, _("上位所属コード %(code)s がファイルにありません。"), code=unit.parent)
                continue
            levels, beyond = self._way_up(code)
            if beyond == code:
                self._say(line, _("所属 %(code)s の上位をたどると自分に戻ります。"), code=code)
            elif levels > MOST_LEVELS:
                self._say(line, _("所属 %(code)s の階層が深すぎます(%(most)s段まで)。"), code=code, most=MOST_LEVELS)

    def _way_up(self, code: str) -> tuple[int, str]:
        """Give the levels from a unit to the top, one more than the most at most, and where the way up would go on."""
        seen, above = {code}, self.units[code][1].parent
        while above in self.units and above not in seen and len(seen) <= MOST_LEVELS:
            seen.add(above)
            above = self.units[above][1].parent
        return len(seen), above

    def _check_cell(self, line: int, name: str, cell: str) -> None:
        most = MOST_SHORT if name == SHORT else MOST_TEXT
        if len(cell) > most and name != MAIL:
            self._say(line, _("%(column)s が長すぎます(%(most)s文字まで)。"), column=name, most=most)
        if cell.startswith(FORMULA_STARTS):
            self._say(
                line,
                _("%(column)s が「%(start)s」で始まっています。表計算の式は入れられません。"),
                column=name,
                start=cell[0],
            )
        if any(unicodedata.category(character) in {"Cc", "Cf", "Co", "Cn"} for character in cell):
            self._say(line, _("%(column)s に見えない文字が入っています。"), column=name)
        if holds_my_number(cell):
            self._say(line, _("%(column)s に個人番号らしい12桁があります。この仕組みには入れられません。"), column=name)

    def _take_unit(self, line: int, row: Mapping[str, str]) -> bool:
        code, name = row[CODE], row[NAME]
        if not CODE_SHAPE.fullmatch(code):
            self._say(line, _("所属コードは英数字とハイフンで16文字までです。"))
            return False
        if not name:
            self._say(line, _("所属名がありません。"))
            return False
        unit = Unit(code, name, row.get(SHORT, ""), row[PARENT])
        first, known = self.units.setdefault(code, (line, unit))
        if known != unit:
            self._say(line, _("所属 %(code)s の名前か上位が、%(first)s行目と違います。"), code=code, first=first)
            return False
        return True

    def _take_person(self, line: int, row: Mapping[str, str]) -> None:
        account = row[ACCOUNT]
        if not ACCOUNT_SHAPE.fullmatch(account):
            self._say(line, BAD_ACCOUNT)
        elif not row[PERSON]:
            self._say(line, _("氏名がありません。"))
        elif account in self.people:
            first = self.people[account].line
            self._say(
                line,
                _("職員ID %(account)s が%(first)s行目にもあります。兼務の役割は、取り込んだあと画面で与えてください。"),
                account=account,
                first=first,
            )
        else:
            starts, ends = self._days(line, row)
            roles = tuple(self._roles(line, row))
            self.people[account] = Person(
                line, account, row[PERSON], row[CODE], roles, starts, ends, self._mail(line, row)
            )

    def _roles(self, line: int, row: Mapping[str, str]) -> Iterator[Role]:
        for name in dict.fromkeys(part.strip() for part in BETWEEN_ROLES.split(row.get(ROLES, ""))):
            if name in ROLES_BY_NAME:
                yield ROLES_BY_NAME[name]
            elif name:
                names = "、".join(ROLE_NAMES.values())
                self._say(line, _("役割「%(name)s」はありません(%(names)s のどれか)。"), name=name, names=names)

    def _days(self, line: int, row: Mapping[str, str]) -> tuple[date | None, date | None]:
        days: list[date | None] = []
        for name in (STARTS, ENDS):
            try:
                days.append(parse_date(row[name]) if row.get(name) else None)
            except NotNormalError:
                days.append(None)
                self._say(line, _("%(column)s は「令和9年4月1日」や「2027/4/1」の形で入れてください。"), column=name)
        starts, ends = days
        if starts and ends and ends < starts:
            self._say(line, _("終了日が開始日より前です。"))
        return starts, ends

    def _mail(self, line: int, row: Mapping[str, str]) -> str | None:
        try:
            return read_mail(row.get(MAIL, ""))
        except Invalid as refusal:
            self._say(line, refusal.fields["mail"])
            return None

    def _say(self, line: int, message: str, **params: object) -> None:
        self.troubles.append(Trouble(line, message, params))
