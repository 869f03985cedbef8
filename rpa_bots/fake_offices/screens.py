"""Which screens do all these systems have? The same ones; a look says how a page, a table and a box are written."""

from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping, Sequence
from html import escape
from urllib.parse import quote

from rpa_bots.fake_base.boxes import ScreenField, shown
from rpa_bots.fake_base.ledger import Registration, Value
from rpa_bots.fake_offices.office import OldOffice

SEARCH = "照会"
DETAIL = "詳細"
NONE_FOUND = "該当する登録はありません。"


class Screens(ABC):
    codec: str
    one_page = False
    """The button that registers stands on the entry screen, and a script sends it."""

    def __init__(self, office: OldOffice) -> None:
        self.office = office

    @abstractmethod
    def page(self, title: str, body: str) -> str: ...

    @abstractmethod
    def told(self, sentences: Sequence[str]) -> str:
        """Draw what is wrong."""

    @abstractmethod
    def form(
        self, action: str, boxes: Iterable[ScreenField], filled: Mapping[str, str], button: str, token: str
    ) -> str:
        """Draw boxes with a button below."""

    def sign_in(self, message: str = "") -> str:
        account = '<input name="shokuin" id="shokuin" maxlength="10">'
        password = '<input name="angou" id="angou" type="password" maxlength="20">'
        body = f"""{self.told([message])}<form method="post" action="/login">
<p><label for="shokuin">職員番号</label> {account}</p><p><label for="angou">パスワード</label> {password}</p>
<p><input type="submit" value="ログイン"></p></form>"""
        return self.page(f"{self.office.name} ログイン", body)

    def menu(self) -> str:
        links = (("/entry", self.office.wording.entry), ("/search", SEARCH), ("/logout", "終了"))
        shown = "".join(f'<p><a href="{to}">{words}</a></p>' for to, words in links if words)
        return self.page(self.office.name, shown)

    def entry(self, token: str, filled: Mapping[str, str], errors: Sequence[str]) -> str:
        return self.page(
            self.office.wording.entry,
            self.told(errors) + self.form("/confirm", self.office.fields, filled, "確認", token),
        )

    def confirmation(self, token: str, values: Mapping[str, Value]) -> str:
        asked = self.office.wording.question
        asking = f" onsubmit=\"return confirm('{asked}')\"" if asked else ""
        body = f"""<p>次の内容でよければ、登録してください。</p>{self.values(values)}
<form method="post" action="/register"{asking}><input type="hidden" name="token" value="{token}">
<p><input type="submit" value="{self.office.wording.register}"> <a href="/entry">やめる</a></p></form>"""
        return self.page(f"{self.office.wording.entry} 確認", body)

    def stored(self, row: Registration) -> str:
        """Draw what stands below the sentence: the number, the values, the notice."""
        return f"<p>{self.office.wording.stored}</p>{self._registered(row)}"

    def completed(self, row: Registration) -> str:
        return self.page(f"{self.office.wording.entry} 完了", f'{self.stored(row)}<p><a href="/">メニュー</a></p>')

    def search(self, found: Sequence[Registration] | None, filled: Mapping[str, str]) -> str:
        boxes = [each for each in self.office.fields if each.key in {self.office.reference.key, *self.office.sought}]
        body = self.form("/search", boxes, filled, "検索", "")
        return self.page(SEARCH, body if found is None else body + self._found(found))

    def detail(self, row: Registration) -> str:
        return self.page("登録内容", self._registered(row))

    def message(self, title: str, text: str) -> str:
        return self.page(title, self.told([text]))

    def values(self, values: Mapping[str, Value]) -> str:
        return self.rows((each.label, shown(each, values.get(each.key))) for each in self.office.fields)

    def rows(self, pairs: Iterable[tuple[str, str]]) -> str:
        cells = "".join(f"<tr><th>{label}</th><td>{escape(text)}</td></tr>" for label, text in pairs)
        return f"<table border>{cells}</table>"

    def _registered(self, row: Registration) -> str:
        notice = self.office.notice
        paper = f'<p><a href="/paper?bango={quote(row.number)}">{notice}を印刷する</a></p>' if notice else ""
        return f"{self.rows([(self.office.wording.number, row.number)])}{self.values(row.values)}{paper}"

    def _found(self, found: Sequence[Registration]) -> str:
        if not found:
            return f"<p>{NONE_FOUND}</p>"
        fields = [each for each in self.office.fields if each.key in self.office.listed]
        head = "".join(
            f"<th>{name}</th>" for name in (self.office.wording.number, "", *(each.label for each in fields))
        )
        lines = "".join(
            f'<tr><td>{row.number}</td><td><a href="/detail?bango={quote(row.number)}">{DETAIL}</a></td>'
            + "".join(f"<td>{escape(shown(each, row.values.get(each.key)))}</td>" for each in fields)
            + "</tr>"
            for row in found
        )
        return f"<p>{len(found)}件</p><table border><tr>{head}</tr>{lines}</table>"


def options(each: ScreenField, chosen: str) -> str:
    """Write the options of a list, an empty one first."""
    return "".join(
        f'<option value="{code}"{" selected" if code == chosen else ""}>{word}</option>'
        for code, word in {"": "", **each.options}.items()
    )
