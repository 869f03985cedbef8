"""Commands on data links: which there are, how each stands; and the other way to the kill switch, without a browser."""

from typing import Annotated

import typer

from backoffice.cli.answers import Json, answer
from backoffice.composition import open_office
from backoffice.data_links import queries, service
from backoffice.data_links.link_pages import state_of
from backoffice.data_links.models import Link
from backoffice.errors import NotThere
from backoffice.identity import Actor, Origin
from backoffice.settings import Settings
from backoffice.work import Work

links = typer.Typer(help="データ連携 / data links", no_args_is_help=True)

Code = Annotated[str, typer.Argument(metavar="CODE", help="連携の記号 / the link's code")]
Reason = Annotated[str, typer.Option("--reason", help="理由(記録に残る) / why; it is kept")]
Drill = Annotated[bool, typer.Option("--drill", help="訓練だけで、止めない / practise, shut nothing")]


def add_to(program: typer.Typer) -> None:
    program.add_typer(links, name="links", rich_help_panel="仕事 / work")


@links.command("list")
def list_links(*, json: Json = False) -> None:
    """連携とその状態を並べる / list the links and how each stands."""
    with open_office(Settings()) as office, office.look(Actor.house(Origin.COMMAND_LINE)) as work:
        found = [(link.code, str(state_of(work, link)), link.name) for link in queries.every_link(work.session)]
    told = [{"code": code, "state": state, "name": name} for code, state, name in found]
    answer({"links": told}, as_json=json, say=lambda: "\n".join("\t".join(line) for line in found))


@links.command("shut")
def shut(code: Code, *, reason: Reason, drill: Drill = False, json: Json = False) -> None:
    """連携を今すぐ止める(つなぎ直すには承認が要る) / shut a link at once; only an approval opens it again."""
    with open_office(Settings()) as office, office.unit(Actor.house(Origin.COMMAND_LINE)) as work:
        link = _called(work, code)
        stop = service.drill(work, link.id, reason) if drill else service.shut(work, link.id, reason)
        done = {"code": code, "drill": stop.is_drill, "people": stop.people, "at": stop.at}
    what = "訓練を記録しました。止めていません" if drill else "止めました"
    answer(done, as_json=json, say=lambda: f"{what}: {code}(同意していた人 {done['people']}人)")


def _called(work: Work, code: str) -> Link:
    link = queries.link_by_code(work.session, code)
    if link is None:
        raise NotThere("お探しの記録は見つかりませんでした。")
    return link
