"""Which papers does a department send, and what was printed of them?"""

from collections.abc import Sequence

from sqlalchemy import ColumnElement, false, func, select
from sqlalchemy.orm import Session, joinedload

from backoffice.db.among import among
from backoffice.db.lookup import one_or_not_there
from backoffice.enclosures.choosing import Paper
from backoffice.enclosures.models import EnclosureRule, Packet
from backoffice.form_designs.models import FormDesign
from backoffice.form_designs.paper import pages_to_print
from backoffice.form_designs.queries import newest_of
from backoffice.form_designs.shelf import newest_definitions
from backoffice.identity import Actor, Permission, within
from backoffice.records.models import Record
from backoffice.records.workflow import RecordState
from backoffice.web.lists import PAGE_SIZE

MOST_PAPERS = 20


def has_rules(actor: Actor, design_id: int) -> ColumnElement[bool]:
    """Say whether the person's department sends anything to a list, and the person may send it."""
    mine = EnclosureRule.department_id == actor.department_id
    there = select(EnclosureRule.id).where(EnclosureRule.design_id == design_id, mine).exists()
    return there if actor.may(Permission.RECORD_WRITE) else false()


def rules_of(session: Session, design_id: int, department_id: int | None) -> Sequence[EnclosureRule]:
    mine = select(EnclosureRule).where(
        EnclosureRule.design_id == design_id, EnclosureRule.department_id == department_id
    )
    return session.scalars(mine.order_by(EnclosureRule.id)).all()


def papers_of(session: Session, codes: Sequence[str]) -> dict[str, Paper]:
    """Give the forms that the house draws itself, by code; of one on foreign paper there is none to print."""
    designs = session.scalars(select(FormDesign).where(FormDesign.code.in_(codes))).all()
    versions = newest_of(session, [design.id for design in designs])
    definitions = newest_definitions(session, codes)
    found = {
        design.code: Paper(
            design.code, design.title, definitions[design.code], pages_to_print(session, versions[design.id])
        )
        for design in designs
        if design.id in versions
    }
    return {code: paper for code, paper in found.items() if paper.pages}


def last_packets(session: Session, record_ids: Sequence[int]) -> dict[int, Packet]:
    """Give the last packet of each of these records that has one."""
    newest = select(func.max(Packet.id)).where(among(Packet.record_id, record_ids)).group_by(Packet.record_id)
    rows = session.scalars(select(Packet).where(Packet.id.in_(newest)).options(joinedload(Packet.asked_by)))
    return {row.record_id: row for row in rows}


def wait_for_records(session: Session, record_ids: Sequence[int]) -> Sequence[int]:
    """Let whoever sends to these records first finish, and give those that still stand in their list."""
    mine = select(Record.id).where(among(Record.id, record_ids), Record.state != RecordState.REMOVED)
    return session.scalars(mine.order_by(Record.id).with_for_update(key_share=True)).all()


def newest_packets(session: Session, actor: Actor, design_id: int) -> Sequence[Packet]:
    mine = select(Packet).where(
        Packet.design_id == design_id, within(actor, Permission.RECORD_READ, Packet.department_id)
    )
    shown = mine.options(joinedload(Packet.record), joinedload(Packet.asked_by))
    return session.scalars(shown.order_by(Packet.id.desc()).limit(PAGE_SIZE)).all()


def find_packet(session: Session, actor: Actor, packet_id: int) -> Packet:
    """Give a packet with its file. Raises NotThere."""
    mine = within(actor, Permission.RECORD_READ, Packet.department_id)
    return one_or_not_there(
        session, select(Packet).where(Packet.id == packet_id, mine).options(joinedload(Packet.file))
    )
