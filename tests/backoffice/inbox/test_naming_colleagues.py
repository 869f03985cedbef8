"""A comment may name many colleagues; each finds the case in their inbox, and the office asks once for all."""

from __future__ import annotations

from sqlalchemy import select

from backoffice.inbox import talking
from backoffice.inbox.models import Case, Involvement
from tests.backoffice.furniture import statements
from tests.backoffice.inbox.cases import Bureau


def write(bureau: Bureau, case_id: int, words: str) -> tuple[list[str], int]:
    """Give the accounts that nobody has, and how many SELECTs the comment took."""
    with bureau.city.unit(bureau.city.actor(bureau.drafter)) as work, statements() as asked:
        case = work.session.get(Case, case_id)
        unknown = talking.comment(work, case, words)
        work.session.flush()
    return unknown, sum(each.startswith("SELECT") for each in asked)


def test_however_many_are_named_the_office_looks_them_up_at_once(bureau):
    case_id = bureau.begin()
    many = [bureau.city.person(account=f"nakama{number}") for number in range(12)]
    _, for_one = write(bureau, case_id, "@kacho 見てください")

    unknown, for_many = write(bureau, case_id, " ".join(f"@{each.account}" for each in many) + " @kacho @dare")

    assert (unknown, for_many) == (["dare"], for_one)
    with bureau.city.look() as work:
        mentioned = select(Involvement.staff_id).where(Involvement.case_id == case_id, Involvement.cause == "mention")
        assert sorted(work.session.scalars(mentioned)) == sorted([bureau.head.id, *(each.id for each in many)])
