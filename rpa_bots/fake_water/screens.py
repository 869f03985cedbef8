"""How do the screens of 開閉栓 look? Tables in tables, a frameset, a calendar in a window of its own, no doctype."""

import json
from collections.abc import Mapping, Sequence
from html import escape
from typing import Final
from urllib.parse import quote

from rpa_bots.fake_base.boxes import Kind, ScreenField, shown
from rpa_bots.fake_base.ledger import Registration, Value
from rpa_bots.fake_water.faults import Fault
from rpa_bots.fake_water.fields import FIELDS, REFERENCE, TOWNS

FIRST_YEAR: Final = 2019  # in which the system was installed
NAME: Final = "水道開閉栓受付システム"
CONFIRM: Final = "登録します。よろしいですか？"
ALERT_BEFORE: Final = "料金システムと連携できません。担当係に連絡してください。"
ALERT_AFTER: Final = "他の端末で更新中のデータがあります。"
RENAMED: Final[Mapping[str, str]] = {
    "shimei": "ご使用者名",
    "kana": "ご使用者名（カナ）",
    "banchi": "丁目番地",
    "suisen": "お客様番号",
}
SWAPPED: Final[Mapping[str, str]] = {"banchi": "tatemono", "tatemono": "banchi"}
BY_KEY: Final[Mapping[str, ScreenField]] = {each.key: each for each in FIELDS}
STYLE: Final = """
BODY{margin:6px;background:#ECE9D8;color:#000;font-size:13px}
TD{padding:2px 4px;font-size:13px} .k{background:#B8CCE4;width:110px} .v{background:#FFF;width:290px}
H1{font-size:15px;background:#003C74;color:#FFF;margin:0 0 6px;padding:3px 8px} .e{color:#C00000}
"""
POSTCODES: Final = f"""var YUBIN={json.dumps(TOWNS, ensure_ascii=False)};
function jushoHyoji(f){{var t=YUBIN[f.yubin.value];if(t){{f.jusho.value=t;}}}}
function hidukeSentaku(){{window.open('/calendar','hiduke','width=280,height=320');}}"""
# The table is drawn anew whenever year or month change; choosing a day or pressing 決定 writes back and closes.
CALENDAR: Final = """function kaku(){var f=document.forms[0],y=+f.nen.value,m=+f.tsuki.value,h='<TR>';
var s=new Date(y,m-1,1).getDay(),n=new Date(y,m,0).getDate(),i;
for(i=0;i<s;i++){h+='<TD></TD>';}
for(i=1;i<=n;i++){h+='<TD><A HREF="javascript:modosu('+i+')">'+i+'</A></TD>';if((s+i)%7==0){h+='</TR><TR>';}}
document.getElementById('koyomi').innerHTML='<TABLE BORDER=1>'+h+'</TR></TABLE>';}
function ni(n){return (n<10?'0':'')+n;}
function modosu(d){var f=document.forms[0];
opener.document.forms[0].hiduke.value=f.nen.value+'/'+ni(+f.tsuki.value)+'/'+ni(d);window.close();}"""


def page(title: str, body: str, script: str = "") -> str:
    scripted = f"<SCRIPT>{script}</SCRIPT>" if script else ""
    return (
        '<HTML lang="ja"><HEAD><META HTTP-EQUIV="Content-Type" CONTENT="text/html; charset=Shift_JIS">'
        f"<TITLE>{title}</TITLE><STYLE>{STYLE}</STYLE>{scripted}</HEAD><BODY><H1>{title}</H1>{body}</BODY></HTML>"
    )


def sign_in(message: str = "") -> str:
    body = f"""{_said([message])}<FORM NAME="login" METHOD="post" ACTION="/login"><TABLE BORDER=1>
<TR><TD CLASS="k">職員番号</TD><TD><INPUT NAME="shokuin" MAXLENGTH=10></TD></TR>
<TR><TD CLASS="k">パスワード</TD><TD><INPUT NAME="angou" TYPE="password" MAXLENGTH=20></TD></TR></TABLE>
<P><INPUT TYPE="submit" VALUE="ログイン"></P></FORM>"""
    return page(f"{NAME} ログイン", body)


def frames() -> str:
    return (
        f'<HTML lang="ja"><HEAD><TITLE>{NAME}</TITLE></HEAD><FRAMESET COLS="150,*">'
        '<FRAME NAME="menu" SRC="/menu" TITLE="メニュー"><FRAME NAME="main" SRC="/notice" TITLE="作業画面">'
        "</FRAMESET></HTML>"
    )


def menu(account: str) -> str:
    body = f"""<P>職員番号<BR>{escape(account)}</P><P><A HREF="/entry" TARGET="main">開閉栓入力</A></P>
<P><A HREF="/search" TARGET="main">受付照会</A></P><P><A HREF="/logout" TARGET="_top">終了</A></P>"""
    return page("メニュー", body)


def calendar(year: int, month: int) -> str:
    """Draw the window in which a day is chosen; it opens on the month of today."""
    years = _options({str(each): f"{each}年" for each in range(FIRST_YEAR, year + 2)}, str(year))
    months = _options({str(each): f"{each}月" for each in range(1, 13)}, str(month))
    body = f"""<FORM><SELECT NAME="nen" ONCHANGE="kaku()">{years}</SELECT>
<SELECT NAME="tsuki" ONCHANGE="kaku()">{months}</SELECT> <INPUT NAME="hi" SIZE=2 MAXLENGTH=2>日
<INPUT TYPE="button" VALUE="決定" ONCLICK="modosu(+this.form.hi.value)"></FORM>
<DIV ID="koyomi"></DIV><SCRIPT>kaku();</SCRIPT>"""
    return page("日付選択", body, CALENDAR)


def entry(
    token: str, fault: Fault | None, form: Mapping[str, str], errors: Sequence[str], *, with_reference: bool
) -> str:
    """Draw the entry screen, under a drift when `fault` is one."""
    fields = [BY_KEY[SWAPPED.get(each.key, each.key)] for each in FIELDS] if fault is Fault.SWAPPED_FIELDS else FIELDS
    key_row = [f"<TR>{_cells(REFERENCE, 0, fault, form)}</TR>"] if with_reference else []
    rows = [f"<TR>{_cells(each, place, fault, form)}</TR>" for place, each in enumerate(fields, 1)]
    body = f"""{_said(errors)}<FORM NAME="nyuryoku" METHOD="post" ACTION="/confirm">
<INPUT TYPE="hidden" NAME="token" VALUE="{token}"><TABLE BORDER=0><TR><TD>
<TABLE BORDER=1 CELLSPACING=0>{"".join(key_row + rows)}</TABLE></TD></TR></TABLE>
<P><INPUT TYPE="submit" VALUE="確認"> <INPUT TYPE="reset" VALUE="クリア"></P></FORM>"""
    return page("開閉栓入力", body, POSTCODES)


def confirmation(token: str, reference: str, values: Mapping[str, Value], alert: str) -> str:
    body = f"""<P>以下の内容で登録します。</P>{_values(reference, values)}
<FORM NAME="kakunin" METHOD="post" ACTION="/register" ONSUBMIT="return confirm('{CONFIRM}')">
<INPUT TYPE="hidden" NAME="token" VALUE="{token}"><P><INPUT TYPE="submit" VALUE="登録">
<INPUT TYPE="button" VALUE="戻る" ONCLICK="history.back()"></P></FORM>{_alert(alert)}"""
    return page("開閉栓確認", body)


def completed(row: Registration, alert: str) -> str:
    number = f"<TABLE BORDER=1>{_row('整理番号', row.number)}</TABLE>"
    body = f"""<P>受け付けました。</P>{number}{_values(row.reference, row.values)}
<P><A HREF="/detail?seiri={quote(row.number)}">受付内容を照会する</A> <A HREF="/entry">続けて入力する</A></P>
{_alert(alert)}"""
    return page("開閉栓完了", body)


def search(found: Sequence[Registration] | None, form: Mapping[str, str], *, with_reference: bool) -> str:
    """Draw the search screen, with its result once something was asked for."""
    asked = [*([REFERENCE] if with_reference else []), BY_KEY["kana"], BY_KEY["suisen"]]
    rows = "".join(f"<TR>{_cells(each, place, None, form)}</TR>" for place, each in enumerate(asked))
    body = f"""<FORM NAME="shokai" METHOD="post" ACTION="/search"><TABLE BORDER=1>{rows}</TABLE>
<P><INPUT TYPE="submit" VALUE="検索"></P></FORM>"""
    return page("受付照会", body if found is None else body + _found(found))


def detail(row: Registration) -> str:
    number = f"<TABLE BORDER=1>{_row('整理番号', row.number)}{_row('受付日時', row.registered_at[:19])}</TABLE>"
    return page("受付内容", number + _values(row.reference, row.values))


def message(title: str, text: str) -> str:
    return page(title, f'<P CLASS="e">{text}</P>')


def _found(found: Sequence[Registration]) -> str:
    if not found:
        return "<P>該当する受付はありません。</P>"
    rows = "".join(
        f'<TR><TD><A HREF="/detail?seiri={quote(row.number)}">{escape(row.number)}</A></TD>'
        f"<TD>{escape(row.reference)}</TD><TD>{escape(str(row.values['shimei']))}</TD>"
        f"<TD>{escape(str(row.values['hiduke']))}</TD></TR>"
        for row in found
    )
    head = "<TR><TD>整理番号</TD><TD>受付番号</TD><TD>使用者氏名</TD><TD>開閉栓日</TD></TR>"
    return f"<P>{len(found)}件</P><TABLE BORDER=1>{head}{rows}</TABLE>"


def _values(reference: str, values: Mapping[str, Value]) -> str:
    key = _row(REFERENCE.label, reference) if reference else ""
    rows = (_row(each.label, shown(each, values.get(each.key))) for each in FIELDS)
    return f"<TABLE BORDER=1>{key}{''.join(rows)}</TABLE>"


def _row(label: str, text: str) -> str:
    return f'<TR><TD CLASS="k">{label}</TD><TD CLASS="v">{escape(text)}</TD></TR>'


def _said(sentences: Sequence[str]) -> str:
    said = "<BR>".join(escape(sentence) for sentence in sentences if sentence)
    return f'<P CLASS="e">{said}</P>' if said else ""


def _alert(text: str) -> str:
    return f"<SCRIPT>alert('{text}')</SCRIPT>" if text else ""


def _cells(each: ScreenField, place: int, fault: Fault | None, form: Mapping[str, str]) -> str:
    """Draw the two cells of a box; the id says only at which place it stands, as a form designer gave it."""
    label = RENAMED.get(each.key, each.label) if fault is Fault.LABEL_DRIFT else each.label
    mark = '<FONT COLOR="red">*</FONT>' if each.required else ""
    if not each.labelled:
        return f'<TD CLASS="k">{label}{mark}</TD><TD CLASS="v">{_box(each, "", form)}</TD>'
    name = f"{'ctl00_Main_' if fault is Fault.ID_DRIFT else ''}txt{place}"
    labelled = f'<LABEL FOR="{name}">{label}</LABEL>{mark}'
    return f'<TD CLASS="k">{labelled}</TD><TD CLASS="v">{_box(each, f" ID={name}", form)}</TD>'


def _box(each: ScreenField, identity: str, form: Mapping[str, str]) -> str:
    value = escape(form.get(each.key, ""))
    named = f'NAME="{each.key}"{identity}'
    match each.kind:
        case Kind.CHECK:
            return f'<INPUT TYPE="checkbox" {named} VALUE="1"{" CHECKED" if value else ""}>'
        case Kind.RADIO:
            return " ".join(_radio(each, code, word, value) for code, word in each.options.items())
        case Kind.SELECT:
            return f"<SELECT {named}>{_options({'': '', **each.options}, value)}</SELECT>"
        case Kind.AREA:  # HTML of those years has no maxlength here
            return f"<TEXTAREA {named} ROWS=3 COLS=34>{value}</TEXTAREA>"
        case Kind.DAY:
            box = f'<INPUT {named} SIZE=10 VALUE="{value}" READONLY>'
            return f'{box} <INPUT TYPE="button" VALUE="カレンダ" ONCLICK="hidukeSentaku()">'
    keyed = ' ONKEYUP="jushoHyoji(this.form)"' if each.kind is Kind.POSTAL else ""
    return f'<INPUT {named} SIZE={min(each.max_length, 36)} MAXLENGTH={each.max_length} VALUE="{value}"{keyed}>'


def _radio(each: ScreenField, code: str, word: str, chosen: str) -> str:
    """Only the first question of the form has labels that can be clicked."""
    button = f'<INPUT TYPE="radio" NAME="{each.key}" VALUE="{code}"{" CHECKED" if code == chosen else ""}>{word}'
    return f"<LABEL>{button}</LABEL>" if each.key == "todoke" else button


def _options(options: Mapping[str, str], chosen: str) -> str:
    return "".join(
        f'<OPTION VALUE="{code}"{" SELECTED" if code == chosen else ""}>{word}</OPTION>'
        for code, word in options.items()
    )
