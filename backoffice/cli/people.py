"""Commands on staff: the first administrator, before anyone can sign in to a page; and signing in to a command."""

import os
from dataclasses import replace
from typing import Annotated

import typer
from sqlalchemy import select

from backoffice.accounts import passwords, signing_in
from backoffice.accounts import service as accounts
from backoffice.accounts.second_factor import service as factors
from backoffice.accounts.second_factor.queries import held_by
from backoffice.cli.answers import Exit, Json, answer, stop
from backoffice.composition import open_office
from backoffice.errors import SignInNeeded
from backoffice.identity import Actor, Department, Origin, Role, Staff
from backoffice.identity.sessions import end_session, enter, must_be_inside
from backoffice.settings import Settings
from backoffice.work import Office, Work

PASSWORD_VARIABLE = "GIJO_PASSWORD"  # noqa: S105 -- the name of a variable, not a password
CODE_VARIABLE = "GIJO_CODE"

Account = Annotated[
    str, typer.Option("--as", metavar="ACCOUNT", help="サインインする職員ID / the member of staff who asks")
]

staff = typer.Typer(help="職員 / staff", no_args_is_help=True)


def add_to(program: typer.Typer) -> None:
    program.add_typer(staff, name="staff", rich_help_panel="保守 / upkeep")


@staff.command("add")
def add(
    account: Annotated[str, typer.Argument(help="職員ID")],
    *,
    name: Annotated[str, typer.Option(help="氏名")],
    role: Annotated[Role, typer.Option(help="役割")] = Role.ADMINISTRATOR,
    department: Annotated[str, typer.Option(help="部署の名前。なければ最上位に作ります")] = "市",
    break_glass: Annotated[
        bool, typer.Option("--break-glass", help="市の認証サービスが使えない日もパスワードで入る")
    ] = False,
    json: Json = False,
) -> None:
    """職員を加える(最初のシステム管理者など)。パスワードは GIJO_PASSWORD か入力から / add a member of staff."""
    password = _new_password()
    if trouble := passwords.trouble_with(password, account):
        raise stop(Exit.REFUSED, f"✕ {trouble}")
    password_hash = passwords.hash_password(password)
    with open_office(Settings()) as office, office.unit(Actor.house(Origin.COMMAND_LINE)) as work:
        where = _department(work, department)
        person = accounts.add_staff(work, account, name, where, password_hash)
        accounts.grant_role(work, person.id, role, where.id, office.services.today(), None)
        if break_glass:
            accounts.set_break_glass(work, person.id, on=True)
    answer({"staff_id": person.id}, as_json=json, say=lambda: f"{name}({account})を加えました。")


@staff.command("reset-factor")
def reset_factor(account: Annotated[str, typer.Argument(help="職員ID")], *, json: Json = False) -> None:
    """2つめの確認を取り消す(システム管理者が誰も入れないとき) / take away a person's second factors."""
    with open_office(Settings()) as office, office.unit(Actor.house(Origin.COMMAND_LINE)) as work:
        person = work.session.scalars(select(Staff).where(Staff.account == account)).one_or_none()
        if person is None:
            raise stop(Exit.REFUSED, f"✕ {account} という職員はいません。")
        factors.reset(work, person.id)
    answer({"staff_id": person.id}, as_json=json, say=lambda: f"{account} の2つめの確認を取り消しました。")


def sign_in(office: Office, account: str) -> Actor:
    """Give the member of staff behind `account`, checked like on the sign-in page. Raises SignInNeeded, TooSoon.

    Commands that show residents' data ask for this; what they show is on the trail like a page.
    """
    password = os.environ.get(PASSWORD_VARIABLE) or typer.prompt("パスワード", hide_input=True, err=True)
    token = signing_in.sign_in(office, signing_in.Knock(account, password, "", origin=Origin.COMMAND_LINE)).token
    actor = _who_holds(office, token)
    if actor.on_threshold and not actor.must_change_password:
        token = _prove(office, actor)
        actor = _who_holds(office, token)
    with office.unit(actor) as work:
        # A command acts once: its session ends where it began.
        end_session(work.session, token)
    return replace(must_be_inside(actor), session_id=None)


def _who_holds(office: Office, token: str) -> Actor:
    with office.look(Actor.house(Origin.COMMAND_LINE)) as work:
        return enter(work.session, token, office.settings, work.now, "", Origin.COMMAND_LINE)[1]


def _prove(office: Office, actor: Actor) -> str:
    """Ask for the code of the person's authenticator and give the new token. Raises SignInNeeded for a wrong one."""
    with office.look(actor) as work:
        if not held_by(work.session, actor.staff_id).has_code:
            raise SignInNeeded("認証アプリを、先に画面で登録してください(コマンドはセキュリティキーを使えません)。")
        ready = factors.ready_code(work)
    asked = f"6桁のコード(演習用: {ready})" if ready else "6桁のコード"
    code = os.environ.get(CODE_VARIABLE) or typer.prompt(asked, err=True)
    with office.unit(actor) as work:
        let_in = factors.prove_code(work, code, "")
    if let_in is None:
        raise SignInNeeded("コードが違うか、もう使われています。次に表示されるコードを入れてください。")
    return let_in.token


def _new_password() -> str:
    given = os.environ.get(PASSWORD_VARIABLE)
    return given or typer.prompt("新しいパスワード(8文字以上)", hide_input=True, confirmation_prompt=True, err=True)


def _department(work: Work, name: str) -> Department:
    found = work.session.scalars(select(Department).where(Department.name == name).limit(1)).first()
    return found or accounts.add_department(work, name, name)
