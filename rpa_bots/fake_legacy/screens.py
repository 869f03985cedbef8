"""How do the old system's screens look? Tables, frames and grey, as in 1999, but clean."""

from collections.abc import Mapping, Sequence
from html import escape
from typing import Final
from urllib.parse import quote

from rpa_bots.fake_base.ledger import Registration
from rpa_bots.fake_legacy.fields import ERAS, SECTIONS, Kind, ScreenField, shown

NAME: Final = "就学援助システム"
CONFIRM: Final = "登録します。よろしいですか？"
ODD_CONFIRM: Final = "税情報を照会して既存データを上書きします。実行しますか？"
ALERT: Final = "登録しました。"
ODD_ALERT: Final = "警告：他の端末で更新中のデータがあります。"
STYLE: Final = """
body{margin:12px;background:#fff;color:#111;font:14px/1.6 sans-serif}
h1{margin:0 0 10px;padding:4px 10px;background:#1f3d6b;color:#fff;font-size:16px}
h2{margin:10px 0 2px;font-size:14px;border-left:6px solid #1f3d6b;padding-left:6px}
table{border-collapse:collapse;table-layout:fixed;width:760px}
th,td{border:1px solid #8a97a8;padding:2px 6px;height:20px}
th{width:170px;background:#e6ebf2;text-align:left;font-weight:normal}
.error{border:2px solid #b00020;color:#b00020;padding:6px 10px;width:740px} .notice{color:#1f3d6b}
"""


def page(title: str, body: str) -> str:
    return (
        '<!DOCTYPE HTML PUBLIC "-//W3C//DTD HTML 4.01 Transitional//EN">\n<html lang="ja"><head>'
        '<meta http-equiv="Content-Type" content="text/html; charset=Shift_JIS">'
        f"<title>{title}</title><style>{STYLE}</style></head><body><h1>{title}</h1>{body}</body></html>"
    )


def sign_in(message: str = "") -> str:
    body = f"""{_error([message])}<form name="login" method="post" action="/login"><table>
<tr><th>アカウント</th><td><input name="account" maxlength="20" autocomplete="off"></td></tr>
<tr><th>パスワード</th><td><input name="password" type="password" maxlength="40"></td></tr></table>
<p><input type="submit" value="ログイン"></p></form>"""
    return page(f"{NAME} ログイン", body)


def frames() -> str:
    return (
        '<!DOCTYPE HTML PUBLIC "-//W3C//DTD HTML 4.01 Frameset//EN">\n<html lang="ja"><head>'
        f'<title>{NAME}</title></head><frameset cols="180,*"><frame name="menu" src="/menu" title="メニュー">'
        '<frame name="main" src="/search" title="作業画面"></frameset></html>'
    )


def menu(account: str) -> str:
    body = f"""<p>利用者：{escape(account)}</p><p><a href="/search" target="main">申請検索</a></p>
<p><a href="/logout" target="_top">ログアウト</a></p>"""
    return page("メニュー", body)


def search(found: Sequence[Registration] | None = None, reference: str = "") -> str:
    """Draw the search screen, with its result once a reference was asked for."""
    body = f"""<form name="search" method="post" action="/search"><table><tr><th>受付番号</th>
<td><input name="reference" maxlength="20" value="{escape(reference)}"> <input type="submit" value="検索"></td></tr>
</table></form>"""
    if found is None:
        return page("申請検索", body)
    return page("申請検索", body + (_list(found) if found else _none(reference)))


def _none(reference: str) -> str:
    return (
        '<p class="notice">該当するデータはありません。</p><form name="new" action="/entry">'
        f'<input type="hidden" name="reference" value="{escape(reference)}">'
        '<input type="submit" value="新規登録"></form>'
    )


def _list(found: Sequence[Registration]) -> str:
    rows = "".join(
        f'<tr><td><a class="number" href="/detail?number={quote(row.number)}">{escape(row.number)}</a></td>'
        f"<td>{escape(row.reference)}</td><td>{escape(row.registered_at[:19])}</td></tr>"
        for row in found
    )
    head = "<tr><th>登録番号</th><th>受付番号</th><th>登録日時</th></tr>"
    return f"<h2>検索結果 {len(found)}件</h2><table>{head}{rows}</table>"


def entry(reference: str, form: Mapping[str, str], errors: Sequence[str], confirm: str) -> str:
    sections = "".join(
        f"<h2>{name}</h2><table>{''.join(_row(field, form) for field in fields)}</table>"
        for name, fields in SECTIONS.items()
    )
    body = f"""{_error(errors)}<form name="entry" method="post" action="/register"
onsubmit="return confirm('{confirm}')"><table><tr><th>受付番号</th>
<td><input name="reference" value="{escape(reference)}" readonly></td></tr></table>
{sections}<p><input type="submit" name="go" value="登録"></p></form>"""
    return page("就学援助申請入力", body)


def registered(row: Registration, alert: str) -> str:
    body = f"""<table><tr><th>受付番号</th><td>{escape(row.reference)}</td></tr>
<tr><th>登録番号</th><td id="number">{escape(row.number)}</td></tr></table>
<p><a href="/detail?number={quote(row.number)}">登録内容を表示</a></p><script>alert('{alert}')</script>"""
    return page("登録完了", body)


def detail(row: Registration) -> str:
    sections = "".join(
        f'<h2>{name}</h2><table class="values">'
        + "".join(_shown(field.label, shown(field, row.values.get(field.key))) for field in fields)
        + "</table>"
        for name, fields in SECTIONS.items()
    )
    keys = _shown("受付番号", row.reference) + _shown("登録番号", row.number)
    return page("申請照会", f'<table class="keys">{keys}</table>{sections}')


def message(title: str, text: str) -> str:
    return page(title, f"<p>{text}</p>")


def _shown(label: str, text: str) -> str:
    return f"<tr><th>{label}</th><td>{escape(text)}</td></tr>"


def _error(sentences: Sequence[str]) -> str:
    said = "<br>".join(escape(sentence) for sentence in sentences if sentence)
    return f'<div class="error">{said}</div>' if said else ""


def _row(field: ScreenField, form: Mapping[str, str]) -> str:
    mark = "※" if field.required else ""
    return f"<tr><th>{field.label}{mark}</th><td>{_boxes(field, form)}</td></tr>"


def _boxes(field: ScreenField, form: Mapping[str, str]) -> str:
    if field.kind is Kind.CHECK:
        ticked = " checked" if form.get(field.key) == "1" else ""
        return f'<input type="checkbox" name="{field.key}" value="1"{ticked}>'
    if field.kind is Kind.POSTAL:
        return f"{_box(f'{field.key}1', 3, form)} - {_box(f'{field.key}2', 4, form)}"
    if field.kind is Kind.DATE:
        boxes = [_box(f"{field.key}_{part}", 2, form) + sign for part, sign in zip("ymd", "年月日", strict=True)]
        return _eras(f"{field.key}_g", form) + " ".join(boxes)
    return _box(field.key, field.max_length, form)


def _box(name: str, max_length: int, form: Mapping[str, str]) -> str:
    size = min(max_length + 2, 64)
    return f'<input name="{name}" maxlength="{max_length}" size="{size}" value="{escape(form.get(name, ""))}">'


def _eras(name: str, form: Mapping[str, str]) -> str:
    chosen = form.get(name, "")
    options = "".join(
        f'<option value="{code}"{" selected" if code == chosen else ""}>{era}</option>'
        for code, (era, _) in ERAS.items()
    )
    return f'<select name="{name}"><option value=""></option>{options}</select>'
