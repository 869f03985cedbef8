"""How is each look written? As its years did: tables, labels, a component with a shadow of its own."""

import json
from collections.abc import Iterable, Mapping, Sequence
from html import escape
from typing import Final

from rpa_bots.fake_base.boxes import Kind, ScreenField
from rpa_bots.fake_base.serving import SHIFT_JIS, UTF_8
from rpa_bots.fake_offices.office import Look, OldOffice
from rpa_bots.fake_offices.screens import Screens, options

TABLES_STYLE: Final = """
BODY{margin:6px;background:#ECE9D8;font-size:13px} TH{background:#B8CCE4;text-align:left} .e{color:#C00000}"""
LABELS_STYLE: Final = """
body{margin:1em auto;max-width:46em;font-family:sans-serif} label{display:inline-block;min-width:10em} .e{color:#b00}"""
# Draws the boxes into a shadow, sends them, and writes what comes back below the button, as pages of one page do.
COMPONENT: Final = """customElements.define('entry-form', class extends HTMLElement {
  connectedCallback() {
    const root = this.attachShadow({mode: 'open'}), told = JSON.parse(this.dataset.boxes);
    root.innerHTML = told.drawn + `<p><button type="button">${told.button}</button></p><div role="status"></div>`;
    root.querySelector('button').addEventListener('click', async () => {
      const sent = new URLSearchParams({token: told.token});
      for (const box of root.querySelectorAll('input,select,textarea')) {
        if (!['radio', 'checkbox'].includes(box.type) || box.checked) sent.set(box.name, box.value);
      }
      const answer = await fetch('/register', {method: 'POST', body: sent});
      root.querySelector('[role=status]').innerHTML = await answer.text();
    });
  }
});"""


class Tables(Screens):
    codec = SHIFT_JIS

    def page(self, title: str, body: str) -> str:
        return (
            '<HTML lang="ja"><HEAD><META HTTP-EQUIV="Content-Type" CONTENT="text/html; charset=Shift_JIS">'
            f"<TITLE>{title}</TITLE><STYLE>{TABLES_STYLE}</STYLE></HEAD><BODY><H1>{title}</H1>{body}</BODY></HTML>"
        )

    def told(self, sentences: Sequence[str]) -> str:
        return "".join(f'<P CLASS="e">{escape(each)}</P>' for each in sentences if each)

    def form(
        self, action: str, boxes: Iterable[ScreenField], filled: Mapping[str, str], button: str, token: str
    ) -> str:
        rows = "".join(
            f"<TR><TH>{each.label}{'※' if each.required else ''}</TH><TD>{_box(each, filled)}</TD></TR>"
            for each in boxes
        )
        return f"""<FORM METHOD="post" ACTION="{action}"><INPUT TYPE="hidden" NAME="token" VALUE="{token}">
<TABLE BORDER=1>{rows}</TABLE>
<P><INPUT TYPE="submit" VALUE="{button}"> <INPUT TYPE="reset" VALUE="クリア"></P></FORM>"""


class Labels(Screens):
    codec = UTF_8

    def page(self, title: str, body: str) -> str:
        return (
            f'<!doctype html><html lang="ja"><head><meta charset="utf-8"><title>{title}</title>'
            f"<style>{LABELS_STYLE}</style></head><body><h1>{title}</h1>{body}</body></html>"
        )

    def told(self, sentences: Sequence[str]) -> str:
        return "".join(f'<p class="e" role="alert">{escape(each)}</p>' for each in sentences if each)

    def form(
        self, action: str, boxes: Iterable[ScreenField], filled: Mapping[str, str], button: str, token: str
    ) -> str:
        return f"""<form method="post" action="{action}" enctype="multipart/form-data">
<input type="hidden" name="token" value="{token}">{self.labelled(boxes, filled)}
<p><button>{button}</button></p></form>"""

    def labelled(self, boxes: Iterable[ScreenField], filled: Mapping[str, str]) -> str:
        return "".join(
            f"<fieldset><legend>{each.label}</legend>{_radios(each, filled)}</fieldset>"
            if each.kind is Kind.RADIO
            else f'<p><label for="box-{each.key}">{each.label}</label> {_box(each, filled)}</p>'
            for each in boxes
        )


class Script(Labels):
    one_page = True

    def page(self, title: str, body: str) -> str:
        return super().page(title, f"{body}<script>{COMPONENT}</script>")

    def entry(self, token: str, filled: Mapping[str, str], errors: Sequence[str]) -> str:
        told = {
            "token": token,
            "button": self.office.wording.register,
            "drawn": self.labelled(self.office.fields, filled),
        }
        boxes = escape(json.dumps(told, ensure_ascii=False))
        return self.page(
            self.office.wording.entry, f'{self.told(errors)}<entry-form data-boxes="{boxes}"></entry-form>'
        )


LOOKS: Final[Mapping[Look, type[Screens]]] = {Look.TABLES: Tables, Look.LABELS: Labels, Look.SCRIPT: Script}


def screens_of(office: OldOffice) -> Screens:
    return LOOKS[office.look](office)


def _box(each: ScreenField, filled: Mapping[str, str]) -> str:
    value = escape(filled.get(each.key, ""))
    named = f'name="{each.key}" id="box-{each.key}"'
    match each.kind:
        case Kind.CHECK:
            return f'<input type="checkbox" {named} value="1"{" checked" if value else ""}>'
        case Kind.SELECT:
            return f"<select {named}>{options(each, value)}</select>"
        case Kind.AREA:
            return f'<textarea {named} rows="4" cols="40">{value}</textarea>'
        case Kind.FILE:
            return f'<input type="file" {named} accept="application/pdf">'
    return (
        f'<input type="text" {named} size="{min(each.max_length, 40)}" maxlength="{each.max_length}" value="{value}">'
    )


def _radios(each: ScreenField, filled: Mapping[str, str]) -> str:
    return " ".join(
        f'<label><input type="radio" name="{each.key}" value="{code}"'
        f"{' checked' if filled.get(each.key) == code else ''}>{word}</label>"
        for code, word in each.options.items()
    )
