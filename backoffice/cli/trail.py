"""Commands on the audit trail: is the chain whole, and its head published?"""

from typing import Annotated

import typer

from backoffice.audit import verify as verify_chain
from backoffice.audit.publishing import publish_heads, published_heads
from backoffice.cli.answers import Exit, Json, answer, stop
from backoffice.composition import open_office
from backoffice.identity import Actor, Origin
from backoffice.operations.retirement import retire_year
from backoffice.settings import Settings

Year = Annotated[int, typer.Argument(help="年度(西暦) / the fiscal year")]

audit = typer.Typer(help="監査記録 / the audit trail", no_args_is_help=True)


def add_to(program: typer.Typer) -> None:
    program.add_typer(audit, name="audit", rich_help_panel="保守 / upkeep")


@audit.command("verify")
def verify(*, json: Json = False) -> None:
    """鎖が切れていないか確かめる / check the chain; names the first broken link (exit 1)."""
    with open_office(Settings()) as office, office.look(Actor.house(Origin.COMMAND_LINE)) as work:
        broken = verify_chain(work.session, published_heads(office.settings.audit_heads_path))
    if broken is None:
        answer({"whole": True}, as_json=json, say=lambda: "✓ 監査記録の鎖はつながっています。")
        return
    place = {"whole": False, "fiscal_year": broken.fiscal_year, "position": broken.position, "reason": broken.reason}
    answer(
        place,
        as_json=json,
        say=lambda: f"✕ {broken.fiscal_year}年度の{broken.position}番目で切れています({broken.reason})。",
    )
    raise typer.Exit(int(Exit.FINDING))


@audit.command("publish")
def publish(*, json: Json = False) -> None:
    """今日の末尾を外へ書き出す / write today's head out of the database."""
    with open_office(Settings()) as office, office.look(Actor.house(Origin.COMMAND_LINE)) as work:
        path = publish_heads(work.session, office.settings.audit_heads_path, work.now)
    answer({"path": str(path)}, as_json=json, say=lambda: f"監査記録の末尾を書き出しました: {path}")


@audit.command("retire")
def retire(
    year: Year,
    *,
    yes: Annotated[bool, typer.Option("--yes", help="尋ねずに廃棄する / do not ask")] = False,
    json: Json = False,
) -> None:
    """保存期間の過ぎた最も古い年度を廃棄する / drop the oldest year, once its retention is over; its end stays."""
    asked = f"{year}年度の監査記録を廃棄します。元に戻せません。よろしいですか / This cannot be undone. Go on?"
    if not yes and not typer.confirm(asked, err=True):
        raise stop(Exit.REFUSED, "廃棄しませんでした / nothing was dropped")
    with open_office(Settings()) as office:
        dropped = retire_year(office, year)
    answer(
        {"fiscal_year": year, "events": dropped},
        as_json=json,
        say=lambda: f"{year}年度の監査記録{dropped}件を廃棄しました。鎖の末尾は残っています。",
    )
