"""Who works in the demonstration city? Departments after the city's own structure, one person for each role."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from backoffice.accounts import service as accounts
from backoffice.accounts.passwords import hash_password
from backoffice.accounts.second_factor import service as factors
from backoffice.audit import AuditEvent
from backoffice.drawing import service as drawing
from backoffice.identity import Actor, Department, Origin, Role, Staff
from backoffice.identity.sessions import actor_for
from backoffice.indicators import service as indicators
from backoffice.work import Office, Work

HOUSE = Actor.house(Origin.DEMONSTRATION)
PASSWORD = "fukuoka-no-asa"  # noqa: S105 -- the demonstration's, printed on its sign-in page
SINCE = date(2026, 4, 1)


@dataclass(frozen=True)
class Person:
    account: str
    name: str
    department: str
    roles: tuple[Role, ...]
    what_for: str
    whole_city: bool = False
    """Their roles reach every department."""


TREE: dict[str, tuple[str, str | None]] = {
    "福岡市": ("市", None),
    "教育委員会": ("教委", "福岡市"),
    "学校教育部": ("学教", "教育委員会"),
    "学事課": ("就援", "学校教育部"),
    "総務企画局": ("総企", "福岡市"),
    "DX戦略部": ("DX", "総務企画局"),
    "DX推進課": ("DX推", "DX戦略部"),
    "監査事務局": ("監査", "福岡市"),
    "総合図書館": ("図書", "教育委員会"),
    "水道局": ("水道", "福岡市"),
    "福祉局": ("福祉", "福岡市"),
    "介護保険課": ("介護", "福祉局"),
    "保険年金課": ("保年", "福祉局"),
    "市民プール": ("プール", "福岡市"),
    "経済観光文化局": ("経観", "福岡市"),
    "企業誘致課": ("企業", "経済観光文化局"),
    "南区役所": ("南区", "福岡市"),
    "維持管理課": ("南維", "南区役所"),
}
"""Name: short name, parent."""

PEOPLE = (
    Person("tanaka", "田中 美咲", "学事課", (Role.CLERK,), "用紙を取り込む 担当者"),
    Person("sato", "佐藤 花子", "学事課", (Role.VERIFIER,), "読取を確かめる 読取確認担当"),
    Person("suzuki", "鈴木 健一", "学事課", (Role.VERIFIER,), "読取を確かめる 読取確認担当"),
    Person("yamada", "山田 一郎", "学事課", (Role.HEAD,), "削減時間を見る 所属長"),
    Person("kimura", "木村 直樹", "DX推進課", (Role.BOT_OPERATOR,), "夜間の入力を見守る RPA運用担当", whole_city=True),
    Person("inoue", "井上 由美", "DX推進課", (Role.DX_OFFICE,), "全体を見る DX戦略部", whole_city=True),
    Person(
        "nakano", "中野 修", "DX推進課", (Role.DX_OFFICE,), "もう1人の DX戦略部(承認は別の人が行う)", whole_city=True
    ),
    Person("ito", "伊藤 恵", "水道局", (Role.HEAD,), "協議に答える 別の局の所属長"),
    Person("ono", "小野 拓也", "水道局", (Role.CLERK,), "陳情の回答を作る 別の局の担当者"),
    Person("nishi", "西 陽子", "総合図書館", (Role.CLERK,), "利用カードの申込みを受ける 図書館の担当者"),
    Person("oka", "岡 誠司", "総合図書館", (Role.HEAD,), "ロボットを認める 図書館の所属長"),
    Person("harada", "原田 健", "介護保険課", (Role.CLERK,), "認定の申請を受ける 福祉局の担当者"),
    Person("kuroki", "黒木 学", "保険年金課", (Role.CLERK,), "寡婦の調査と催告を受け持つ 福祉局の担当者"),
    Person("inaba", "稲葉 里美", "保険年金課", (Role.HEAD,), "ロボットを認める 保険年金課の所属長"),
    Person("kai", "甲斐 望", "企業誘致課", (Role.CLERK, Role.VERIFIER), "立地交付金を審査する 経済観光文化局の担当者"),
    Person("sakai", "坂井 徹", "企業誘致課", (Role.HEAD,), "ロボットを認める 企業誘致課の所属長"),
    Person("mizuno", "水野 葵", "維持管理課", (Role.CLERK,), "公園愛護会に書類を送る 南区の担当者"),
    Person("noda", "野田 幸", "介護保険課", (Role.HEAD,), "ロボットを認める 福祉局の所属長"),
    Person(
        "mori", "森 啓子", "総務企画局", (Role.PRIVACY_OFFICER,), "監査記録を読む 個人情報保護担当", whole_city=True
    ),
    Person(
        "okada",
        "岡田 真理",
        "総務企画局",
        (Role.PRIVACY_OFFICER,),
        "もう1人の 個人情報保護担当(支援措置の解除は2人で)",
        whole_city=True,
    ),
    Person("ueda", "上田 正", "市民プール", (Role.FACILITY,), "デジタルIDを確かめる 施設窓口"),
    Person("baba", "馬場 京子", "総務企画局", (Role.HELP_DESK,), "電話の問い合わせに答える 問い合わせ担当"),
    Person("hayashi", "林 誠", "監査事務局", (Role.AUDITOR,), "監査記録を読む 監査担当", whole_city=True),
    Person(
        "admin", "管理 太郎", "DX推進課", (Role.ADMINISTRATOR,), "職員と役割を整える システム管理者", whole_city=True
    ),
)


def exists(office: Office) -> bool:
    with office.look(HOUSE) as work:
        return work.session.scalars(select(Department.id).limit(1)).first() is not None


def is_demonstration(office: Office) -> bool:
    """Say whether this office's first act was a demonstration's."""
    with office.look(HOUSE) as work:
        first = work.session.scalars(select(AuditEvent.origin).order_by(AuditEvent.id).limit(1)).first()
    return first == Origin.DEMONSTRATION


def build(office: Office) -> None:
    """Found the city: departments, people, roles since April."""
    password_hash = hash_password(PASSWORD)
    with office.unit(HOUSE) as work:
        departments: dict[str, Department] = {}
        for name, (short_name, parent) in TREE.items():
            departments[name] = accounts.add_department(work, name, short_name, departments[parent] if parent else None)
        for person in PEOPLE:
            _welcome(work, person, departments, password_hash)
        drawing.take_in_shipped(work)


def confirm_minutes(office: Office) -> None:
    """Let the head of 学事課 confirm how long one application takes by hand: else no hours count as saved."""
    with office.unit(actor_of(office, "yamada")) as work:
        section = work.session.scalars(select(Department).where(Department.name == "学事課")).one()
        indicators.confirm_minutes(
            work, section.id, "shugaku-enjo", Decimal(12), SINCE, "4月に20件を計って平均した(演習用の値)"
        )


def actor_of(office: Office, account: str) -> Actor:
    """Give someone of the city as they act in the demonstration. Raises LookupError for a stranger."""
    with office.look(HOUSE) as work:
        staff = work.session.scalars(
            select(Staff).where(Staff.account == account).options(joinedload(Staff.department))
        ).one_or_none()
        if staff is None:
            raise LookupError(account)
        return actor_for(work.session, staff, work.now, "", Origin.DEMONSTRATION)


def _welcome(work: Work, person: Person, departments: dict[str, Department], password_hash: str) -> None:
    home = departments[person.department]
    staff = accounts.add_staff(work, person.account, person.name, home, password_hash)
    if person.roles:
        factors.hand_out(work, staff.id)
    for role in person.roles:
        where = departments["福岡市"] if person.whole_city else home
        accounts.grant_role(work, staff.id, role, where.id, SINCE, None)
