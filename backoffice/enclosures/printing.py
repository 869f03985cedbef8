"""How does a packet get into its printer's folder? As what bots print: once, and that it is about to go comes first."""

from datetime import timedelta

import structlog
from sqlalchemy import select, update
from sqlalchemy.orm import joinedload

from backoffice.automation.taken.printing import name_of, put_into_queue
from backoffice.enclosures.events import PacketPrinted, PacketsErased
from backoffice.enclosures.models import TO_PRINT, Packet
from backoffice.identity import Actor, Origin
from backoffice.recordings.marks_in import QUEUE_NAME
from backoffice.work import Office, Work

HOUSE = Actor.house(Origin.WORKER)
AT_ONCE = 500

log = structlog.get_logger("gijo.packets")


def queues_of(office: Office) -> list[str]:
    """Give the printers' queues that there are; none without GIJO_PRINT_DIR."""
    folder = office.settings.print_dir
    if folder is None or not folder.is_dir():
        return []
    return sorted(each.name for each in folder.iterdir() if each.is_dir() and QUEUE_NAME.fullmatch(each.name))


def print_packets(office: Office) -> int:
    """Put every packet that waits into its printer's folder, and give how many; none without GIJO_PRINT_DIR."""
    there = set(queues_of(office))
    if not there:
        return 0
    with office.look(HOUSE) as work:
        found = work.session.execute(select(Packet.id, Packet.printer).where(TO_PRINT).order_by(Packet.id)).all()
    return sum(_print(office, packet_id) for packet_id, printer in found if printer in there)


def doubt_all(work: Work) -> None:
    """Print nothing of a restored database that waits there: since the backup it may have been printed."""
    work.session.execute(update(Packet).where(TO_PRINT).values(printing_at=work.now))


def forget_old(office: Office) -> int:
    """Erase what was printed so many days ago as pictures of nights are kept; that it was printed stays."""
    erased = 0
    while (some := _forget_some(office)) > 0:
        erased += some
    return erased


def _print(office: Office, packet_id: int) -> bool:
    with office.unit(HOUSE) as work:
        wanted = select(Packet).where(Packet.id == packet_id)
        packet = work.session.scalars(wanted.with_for_update()).one()
        if packet.printing_at is not None:
            return False
        packet.printing_at = work.now
    with office.look(HOUSE) as work:
        loaded = joinedload(Packet.file, innerjoin=True), joinedload(Packet.record, innerjoin=True)
        packet = work.session.scalars(wanted.options(*loaded)).one()
    folder = office.settings.print_dir
    if packet.file is None or folder is None:
        return False
    try:
        name = name_of(packet.record.number, packet.sha256)
        put_into_queue(folder, packet.printer, name, office.files.read(packet.file))
    except OSError as trouble:
        log.warning("not printed", packet_id=packet_id, trouble=type(trouble).__name__)
        return False
    with office.unit(HOUSE) as work:
        work.session.get_one(Packet, packet_id).printed_at = work.now
        work.record(PacketPrinted(packet_id))
    return True


def _forget_some(office: Office) -> int:
    with office.unit(HOUSE) as work:
        over = Packet.asked_at < work.now - timedelta(days=office.settings.evidence_days)
        wanted = select(Packet).where(over, Packet.file_id.is_not(None)).options(joinedload(Packet.file))
        old = work.session.scalars(wanted.order_by(Packet.id).limit(AT_ONCE)).all()
        for each in old:
            if each.file is not None:
                office.files.erase(each.file, work.now)
            each.file_id = None
            each.printing_at = each.printing_at or work.now
        if old:
            work.record(PacketsErased(len(old)))
        return len(old)
