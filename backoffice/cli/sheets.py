"""Commands that show paper: for a signed-in member of staff only, and on the trail like a page."""

from typing import Annotated, Any

import typer

from backoffice.cli.answers import Json, answer
from backoffice.cli.people import Account, sign_in
from backoffice.composition import open_office
from backoffice.db.lookup import one_or_not_there
from backoffice.errors import NotPermitted
from backoffice.form_designs.shelf import definition_of
from backoffice.identity import Actor, Permission
from backoffice.intake import queries
from backoffice.intake.events import SheetSeen
from backoffice.intake.models import Sheet
from backoffice.intake.workflow import NAMES, SheetState
from backoffice.settings import Settings
from backoffice.web.answers_in import shown
from backoffice.work import Work
from forms.definition import FormDefinition

sheets = typer.Typer(help="用紙 / sheets of paper", no_args_is_help=True)


def add_to(program: typer.Typer) -> None:
    program.add_typer(sheets, name="sheets", rich_help_panel="仕事 / work")


@sheets.command("list")
def list_sheets(*, account: Account, state: str = "", json: Json = False) -> None:
    """用紙の状態を数える / count the sheets a person may see, by state (no personal data)."""
    with open_office(Settings()) as office:
        actor = _reader(sign_in(office, account))
        with office.look(actor) as work:
            counts = queries.count_by_state(work.session, actor)
    wanted = {each: counts.get(each, 0) for each in SheetState if state in ("", each)}
    answer(
        {str(each): count for each, count in wanted.items()},
        as_json=json,
        say=lambda: "\n".join(f"{NAMES[each]}\t{count}" for each, count in wanted.items()),
    )


@sheets.command("show")
def show(number: Annotated[str, typer.Argument(help="受付番号")], *, account: Account, json: Json = False) -> None:
    """1枚の内容を見る(監査記録に残る) / show one sheet; the look is on the audit trail."""
    with open_office(Settings()) as office:
        actor = _reader(sign_in(office, account))
        with office.look(actor) as work:
            content, asked = _content(work, number)
    answer(content, as_json=json, say=lambda: _sentences(content, asked))


def _reader(actor: Actor) -> Actor:
    if not actor.may(Permission.SHEET_READ):
        raise NotPermitted("用紙を見る権限がありません。")
    return actor


def _content(work: Work, number: str) -> tuple[dict[str, Any], FormDefinition | None]:
    found = one_or_not_there(work.session, queries.visible_sheets(work.actor).where(Sheet.number == number))
    work.seen(SheetSeen(found.id))
    sheet = queries.find_sheet(work.session, work.actor, found.id)
    content = {
        "number": sheet.number,
        "form": sheet.form_code,
        "state": sheet.state,
        "fields": {field.key: field.value for field in sheet.fields},
    }
    return content, definition_of(work.session, sheet.form_code, sheet.form_version) if sheet.form_code else None


def _sentences(content: dict[str, Any], asked: FormDefinition | None) -> str:
    lines = [f"{content['number']}  {NAMES[SheetState(content['state'])]}"]
    lines += [
        f"  {field.label}: {shown(field.type, content['fields'][field.key])}"
        for field in (asked.questions if asked else ())
        if content["fields"].get(field.key) is not None
    ]
    return "\n".join(lines)
