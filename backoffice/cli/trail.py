"""Commands on the audit trail: is the chain whole, and its head published?"""

import typer

from backoffice.audit import verify as verify_chain
from backoffice.audit.publishing import publish_heads, published_heads
from backoffice.cli.answers import Exit, Json, answer
from backoffice.composition import open_office
from backoffice.identity import Actor, Origin
from backoffice.settings import Settings

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
