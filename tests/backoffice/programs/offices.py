"""A department that registers a program: one who writes, one who reads along, and those who approve."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from backoffice.audit.models import AuditEvent
from backoffice.identity import Role, Staff
from backoffice.inbox.models import Case
from backoffice.programs import queries, ruling, service
from backoffice.programs.checking import names_for
from backoffice.programs.exampling import keep_suggested, key_of, suggested
from backoffice.programs.models import ProgramVersion
from backoffice.programs.sheets import rule_kept
from tests.backoffice.founding import founded
from tests.backoffice.inbox.cases import Bureau
from tests.backoffice.office import City
from tests.backoffice.staff_client import StaffClient
from workflows.rules.tree import Age, All, Counted, Node, OneOf

WOMEN = OneOf("sex", ("female",))
FORTY_AND_OVER = Age("birth_date", Counted.FISCAL_YEAR_END, 40, None)
BREAST_CANCER: Node = All((WOMEN, FORTY_AND_OVER))
SHEET = {
    "name_ja": "乳がん検診",
    "summary_ja": "40歳以上の女性は、2年に1度、乳がん検診を受けられます。",
    "legal_basis": "健康増進法 第17条の2",
    "purpose": "乳がんを早く見つけるため。",
    "category": "health",
    "starts": "2026-12-01",
    "amount": "自己負担1,300円",
    "counter": "各区保健福祉センター",
    "by_counter": True,
    "body_class": "open",
    "expected_applications": 8000,
    "expected_calls": 1200,
    "staff_hours": 300,
}
TYPED = {
    **{key: str(value) for key, value in SHEET.items() if value is not True},
    "by_counter": "on",
    "starts": "R8.12.1",
}


@dataclass
class Office:
    bureau: Bureau
    colleague: Staff

    @property
    def city(self) -> City:
        return self.bureau.city

    @property
    def drafter(self) -> Staff:
        return self.bureau.drafter

    def visit(self, person: Staff | None = None) -> StaffClient:
        return StaffClient(self.city).sign_in(person or self.drafter)

    def begin(
        self, rule: Node | None = BREAST_CANCER, sheet: Mapping[str, Any] = SHEET, *, examples: bool = True
    ) -> int:
        """Begin a program and write its sheet, its rule and the examples that the rule suggests."""
        with self.city.unit(self.city.actor(self.drafter)) as work:
            draft_id = service.begin_program(work, str(sheet["name_ja"])).id
        with self.city.unit(self.city.actor(self.drafter)) as work:
            version = queries.find_version(work.session, draft_id)
            service.write_sheet(work, version, version.version, sheet)
        if rule is not None:
            self.write_rule(draft_id, rule)
        if rule is not None and examples:
            self.keep_examples(draft_id)
        return draft_id

    def write_rule(self, version_id: int, rule: Node, person: Staff | None = None) -> None:
        with self.city.unit(self.city.actor(person or self.drafter)) as work:
            version = queries.find_version(work.session, version_id)
            ruling.change_rule(work, version, version.version, lambda _before: rule)

    def keep_examples(self, version_id: int) -> None:
        with self.city.unit(self.city.actor(self.drafter)) as work:
            version = queries.find_version(work.session, version_id)
            names = names_for(work, rule_kept(version))
            found = {key_of(each): str(each.verdict) for each in suggested(version, names, work.today)}
            keep_suggested(work, version, version.version, found)

    def submit(self, version_id: int, person: Staff | None = None) -> int:
        with self.city.unit(self.city.actor(person or self.drafter)) as work:
            version = queries.find_version(work.session, version_id)
            return service.submit(work, version, version.version).id

    def version(self, version_id: int) -> ProgramVersion:
        with self.city.look() as work:
            return queries.find_version(work.session, version_id)

    def case(self, case_id: int) -> Case:
        return self.bureau.case(case_id)

    def events(self) -> list[str]:
        with self.city.look() as work:
            return list(
                work.session.scalars(select(AuditEvent.kind).order_by(AuditEvent.fiscal_year, AuditEvent.position))
            )


def found_office(bureau: Bureau) -> Office:
    return founded(bureau.city, _office, bureau)


def _office(bureau: Bureau) -> Office:
    colleague = bureau.city.person(Role.CLERK, account="colleague", department=bureau.department)
    return Office(bureau, colleague)
