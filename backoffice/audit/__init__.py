"""What was done, by whom, from where: typed events in an unbroken chain."""

from backoffice.audit.chain import append, verify
from backoffice.audit.events import Event, event_named
from backoffice.audit.models import AuditEvent, AuditSegment

__all__ = ["AuditEvent", "AuditSegment", "Event", "append", "event_named", "verify"]
