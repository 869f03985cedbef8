"""What is done with accounts: a person's own settings, adding staff, giving and ending roles, shutting out."""

from datetime import date, timedelta

from sqlalchemy import or_, select
from sqlalchemy.orm import joinedload

from backoffice.accounts import devices, passwords
from backoffice.accounts.events import (
    BreakGlassSet,
    DepartmentAdded,
    LanguageChosen,
    MailChanged,
    MorningMailChosen,
    PasswordChanged,
    RoleEnded,
    RoleGranted,
    StaffAdded,
    StaffSwitched,
    TextSizeChosen,
)
from backoffice.accounts.inputs import ACCOUNT_SHAPE, BAD_ACCOUNT, TEXT_SIZES, read_mail
from backoffice.accounts.tries import Place, counters_of, give_back, take
from backoffice.db.lookup import one_or_not_there
from backoffice.errors import Invalid, Overtaken
from backoffice.identity import Actor, Department, Permission, Role, RoleGrant, Staff, within
from backoffice.identity.sessions import end_all_sessions
from backoffice.web.translations import LANGUAGES, _
from backoffice.work import Office, Work


def choose_language(work: Work, language: str) -> None:
    """Keep the person's language. Raises Invalid for one that the house does not speak."""
    if language not in LANGUAGES:
        raise Invalid(_("選べない言語です。"), {"language": _("選べない言語です。")})
    staff = _staff_with_id(work, work.actor.staff_id)
    staff.language = language
    work.record(LanguageChosen(staff.id, language))


def choose_text_size(work: Work, size: str) -> None:
    """Keep the person's size of text. Raises Invalid for one that the pages do not have."""
    if size not in TEXT_SIZES:
        raise Invalid(_("選べない大きさです。"), {"size": _("選べない大きさです。")})
    staff = _staff_with_id(work, work.actor.staff_id)
    staff.text_size = size
    work.record(TextSizeChosen(staff.id, size))


def choose_morning_mail(work: Work, *, wanted: bool) -> None:
    """Keep whether the person wants a mail in the morning that counts what waits for them."""
    staff = _staff_with_id(work, work.actor.staff_id)
    if staff.morning_mail != wanted:
        staff.morning_mail = wanted
        work.record(MorningMailChosen(staff.id, wanted))


def change_mail(work: Work, staff_id: int | None, typed: str) -> None:
    """Keep where a person's mail goes; nothing typed: nowhere. Raises Invalid for what is no address."""
    mail = read_mail(typed)
    staff = _staff_with_id(work, staff_id)
    if staff.mail != mail:
        staff.mail = mail
        work.record(MailChanged(staff.id))


def set_password(office: Office, actor: Actor, staff_id: int, new: str) -> None:
    """Give a colleague a password to begin with, which they change at once, and end their sign-ins. Raises Invalid."""
    with office.look(actor) as work:
        account = _staff_with_id(work, staff_id).account
    if trouble := passwords.trouble_with(new, account):
        raise Invalid(_("入力を確認してください"), {"password": trouble})
    new_hash = passwords.hash_password(new)
    with office.unit(actor) as work:
        _keep_password(work, _staff_with_id(work, staff_id), new_hash, must_change=True)


def set_break_glass(work: Work, staff_id: int, *, on: bool) -> None:
    """Let an account use its password also where the city's identity provider is asked otherwise, or not any more."""
    staff = _staff_with_id(work, staff_id)
    staff.break_glass = on
    work.record(BreakGlassSet(staff.id, on))


def own_account(work: Work) -> Staff:
    return _staff_with_id(work, work.actor.staff_id)


def change_password(office: Office, actor: Actor, current: str, new: str, device: str) -> None:
    """Change the person's own password and end their other sessions. Raises Invalid, and TooSoon like a sign-in.

    A screen that was left alone must be no place to guess at leisure.
    """
    with office.unit(actor) as work:
        staff = _staff_with_id(work, actor.staff_id)
        known = devices.known_as(work.session, device, staff.id, work.now)
        counters = counters_of(office.cipher, "password", staff.account, Place(actor.address, known))
        take(work, counters)
    if not passwords.is_right(staff.password_hash, current):
        raise Invalid(_("入力を確認してください"), {"current": _("今のパスワードが違います。")})
    trouble = passwords.trouble_with(new, staff.account)
    new_hash = "" if trouble else passwords.hash_password(new)
    with office.unit(actor) as work:
        give_back(work, counters)
        if not trouble:
            _keep_password(work, _staff_with_id(work, actor.staff_id), new_hash)
    if trouble:
        raise Invalid(_("入力を確認してください"), {"new": trouble})


def choose_first_password(office: Office, actor: Actor, new: str) -> None:
    """Put the person's own password in the place of the one they were given. Raises Invalid, Overtaken.

    They sign in with it: their sign-ins end, this one too.
    """
    if not actor.must_change_password:
        raise Overtaken(_("パスワードは「自分の設定」で変えてください。"))
    with office.look(actor) as work:
        staff = _staff_with_id(work, actor.staff_id)
    trouble = passwords.trouble_with(new, staff.account)
    if not trouble and passwords.is_right(staff.password_hash, new):
        trouble = _("渡されたものとは別のパスワードにしてください。")
    if trouble:
        raise Invalid(_("入力を確認してください"), {"new": trouble})
    new_hash = passwords.hash_password(new)
    with office.unit(actor) as work:
        _keep_password(work, _staff_with_id(work, actor.staff_id), new_hash)


def add_department(work: Work, name: str, short_name: str, parent: Department | None = None) -> Department:
    """Add a 局, 部 or 課 below `parent`."""
    department = Department(
        name=name,
        short_name=short_name,
        parent_id=parent.id if parent else None,
        path="",
        depth=parent.depth + 1 if parent else 0,
    )
    work.session.add(department)
    work.session.flush()
    department.path = f"{parent.path if parent else '/'}{department.id}/"
    work.record(DepartmentAdded(department.id))
    return department


def add_staff(
    work: Work, account: str, name: str, department: Department, password_hash: str, *, must_change: bool = False
) -> Staff:
    """Add a member of staff, without any role. Raises Invalid for an account that is taken or cannot be one.

    `must_change`: somebody else chose the password, so that the person changes it when they first sign in.
    """
    if not ACCOUNT_SHAPE.fullmatch(account):
        raise Invalid(_("入力を確認してください"), {"account": BAD_ACCOUNT})
    if _staff_of(work, account) is not None:
        raise Invalid(_("入力を確認してください"), {"account": _("この職員IDは使われています。")})
    staff = Staff(
        account=account,
        name=name,
        department_id=department.id,
        password_hash=password_hash,
        must_change=must_change,
        created_at=work.now,
    )
    work.session.add(staff)
    work.session.flush()
    work.record(StaffAdded(staff.id, department.id))
    return staff


def switch_staff(work: Work, staff_id: int, *, active: bool) -> Staff:
    """Let a person in or shut them out at once, on every device. Nobody shuts out themselves."""
    if staff_id == work.actor.staff_id:
        raise Invalid(_("自分の利用は止められません。"))
    staff = _staff_with_id(work, staff_id)
    staff.active = active
    end_all_sessions(work.session, staff.id)
    work.record(StaffSwitched(staff.id, active))
    return staff


def grant_role(work: Work, staff_id: int, role: Role, department_id: int, starts: date, ends: date | None) -> RoleGrant:
    """Give a role in a department for a period. Raises Invalid for a period that ends before it starts.

    Raises NotThere for a department where the actor gives no roles.
    """
    if ends is not None and ends < starts:
        raise Invalid(_("入力を確認してください"), {"ends": _("終わりの日が始まりの日より前です。")})
    if staff_id == work.actor.staff_id:
        raise Invalid(_("自分に役割を与えることはできません。"), {"role": _("自分に役割を与えることはできません。")})
    staff = _staff_with_id(work, staff_id)
    department = one_or_not_there(
        work.session,
        select(Department).where(
            Department.id == department_id, within(work.actor, Permission.STAFF_EDIT, Department.id)
        ),
    )
    if _holds_already(work, staff.id, role, department.id, starts, ends):
        trouble = _("この部署のこの役割は、その期間に重なって、もう与えてあります。")
        raise Invalid(_("入力を確認してください"), {"role": trouble})
    grant = RoleGrant(
        staff_id=staff.id,
        role=str(role),
        department_id=department.id,
        starts=starts,
        ends=ends,
        granted_by_id=work.actor.staff_id,
    )
    work.session.add(grant)
    work.record(RoleGranted(staff.id, department.id, str(role)))
    return grant


def end_role(work: Work, staff_id: int, grant_id: int) -> RoleGrant:
    """End a role with yesterday as its last day, so that it is gone at once; one that is over stays as it was."""
    grant = one_or_not_there(
        work.session, select(RoleGrant).where(RoleGrant.id == grant_id, RoleGrant.staff_id == staff_id)
    )
    yesterday = work.today - timedelta(days=1)
    if grant.ends is not None and grant.ends <= yesterday:
        return grant
    grant.ends = yesterday
    work.record(RoleEnded(grant.staff_id, grant.department_id, grant.role))
    return grant


def _holds_already(work: Work, staff_id: int, role: Role, department_id: int, starts: date, ends: date | None) -> bool:
    """Say whether the same role stands there, not over yet, in the same days: ending one of two would end nothing."""
    from_now = max(starts, work.today)
    same = select(RoleGrant.id).where(
        RoleGrant.staff_id == staff_id,
        RoleGrant.role == str(role),
        RoleGrant.department_id == department_id,
        or_(RoleGrant.ends.is_(None), RoleGrant.ends >= from_now),
    )
    before_it_ends = same if ends is None else same.where(RoleGrant.starts <= ends)
    return work.session.scalars(before_it_ends.limit(1)).first() is not None


def _keep_password(work: Work, staff: Staff, new_hash: str, *, must_change: bool = False) -> None:
    staff.password_hash, staff.must_change = new_hash, must_change
    end_all_sessions(work.session, staff.id)
    work.record(PasswordChanged(staff.id))


def _staff_of(work: Work, account: str) -> Staff | None:
    return work.session.scalars(select(Staff).where(Staff.account == account)).one_or_none()


def _staff_with_id(work: Work, staff_id: int | None) -> Staff:
    return one_or_not_there(
        work.session, select(Staff).where(Staff.id == staff_id).options(joinedload(Staff.department))
    )
