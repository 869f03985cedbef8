"""Which machine clients does the DX office look at?"""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload, selectinload

from backoffice.clients.models import ClientSwitch, MachineClient
from backoffice.db.lookup import one_or_not_there
from backoffice.identity import Department

MOST_LISTED = 500
"""Systems, not people: a city has dozens."""
MOST_SWITCHES = 20


def list_clients(session: Session) -> Sequence[MachineClient]:
    return session.scalars(
        select(MachineClient)
        .options(joinedload(MachineClient.department), selectinload(MachineClient.keys))
        .order_by(MachineClient.switched_off, MachineClient.name, MachineClient.id)
        .limit(MOST_LISTED)
    ).all()


def find_client(session: Session, client_id: int) -> MachineClient:
    """Give a client with its keys and whose it is. Raises NotThere."""
    return one_or_not_there(
        session,
        select(MachineClient)
        .where(MachineClient.id == client_id)
        .options(
            joinedload(MachineClient.department),
            joinedload(MachineClient.contact_changed_by),
            selectinload(MachineClient.keys),
        ),
    )


def lock_client(session: Session, client_id: int) -> MachineClient:
    """Give a client with its keys, and let whoever else changes its keys wait. Raises NotThere."""
    return one_or_not_there(
        session,
        select(MachineClient)
        .where(MachineClient.id == client_id)
        .options(selectinload(MachineClient.keys))
        .with_for_update(),
    )


def switches_of(session: Session, client_id: int) -> Sequence[ClientSwitch]:
    return session.scalars(
        select(ClientSwitch)
        .where(ClientSwitch.client_id == client_id)
        .options(joinedload(ClientSwitch.staff))
        .order_by(ClientSwitch.id.desc())
        .limit(MOST_SWITCHES)
    ).all()


def list_departments(session: Session) -> Sequence[Department]:
    """Give the open departments as a tree in reading order."""
    found = session.scalars(select(Department).where(~Department.closed)).all()
    return sorted(found, key=lambda department: [int(part) for part in department.path.strip("/").split("/")])
