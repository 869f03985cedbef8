"""How is an office put together from its settings? One a process: the web application, a worker, a command."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import partial

from sqlalchemy import MetaData

from backoffice.accounts.colleagues import tell_holders
from backoffice.accounts.events import RoleEnded, StaffSwitched
from backoffice.accounts.history import OWNER_SEES, tell_owner
from backoffice.accounts.hr_import.events import HrFileApplied
from backoffice.accounts.hr_import.models import HrPlan
from backoffice.accounts.models import SignInTally
from backoffice.accounts.second_factor.models import TotpFactor
from backoffice.accounts.single_sign_on.models import SpentState
from backoffice.archive import making as archiving
from backoffice.archive.models import ArchivedSheet, Disposal, RetentionRule
from backoffice.audiences import following
from backoffice.audiences.call_models import CallRecord
from backoffice.audiences.guest_models import TrialGuest
from backoffice.audiences.models import NoticeRun
from backoffice.audiences.service import settle as settle_audience
from backoffice.audit import Event
from backoffice.automation.alarms import troubles
from backoffice.automation.alarms.models import NightAlarm
from backoffice.automation.by_day.models import ChosenItem
from backoffice.automation.events import (
    CredentialLocked,
    CredentialSet,
    DayRunStarted,
    NightEnded,
    NightLeftAlone,
    NightStarted,
    PasswordTurnedOver,
    TrialStarted,
)
from backoffice.automation.models import TargetSystem
from backoffice.automation.proof.models import ProofExport
from backoffice.automation.queue.change_models import QueueChange
from backoffice.automation.queue.feeding import queue_settled_record, withdraw_reopened_record
from backoffice.automation.queue.list_models import ListTarget
from backoffice.automation.queue.next_models import HandOn
from backoffice.automation.queue.next_work import follow_mending, follow_release
from backoffice.automation.queue.queueing import queue_application, withdraw_application
from backoffice.automation.systems.stop_models import ServiceStop
from backoffice.automation.taken.models import ItemReading
from backoffice.breaches.models import Breach
from backoffice.clients.events import ClientContactChanged
from backoffice.clients.models import MachineClient
from backoffice.collation.following import must_be_decided
from backoffice.collation.models import AttachedPaper
from backoffice.consents.events import ChannelRemoved, ChannelSet, ConsentExpired, ConsentWithdrawn
from backoffice.consents.models import Registrant
from backoffice.crowding.models import CrowdReading
from backoffice.data_links.endings import follow_closing
from backoffice.data_links.holdings import withhold
from backoffice.data_links.models import Link
from backoffice.data_links.reviewing import settle as settle_review
from backoffice.data_links.sandbox.models import Sandbox
from backoffice.data_links.service import settle as settle_link
from backoffice.data_links.signing import sign as sign_link
from backoffice.db import Base
from backoffice.db.engine import open_engine, open_jobs_engine
from backoffice.db.migrate import upgrade
from backoffice.db.numbering import NumberMark, NumberSeries
from backoffice.db.tallies import Tally
from backoffice.digital_id.events import SigningStopped
from backoffice.digital_id.models import DigitalId
from backoffice.digital_id.service import follow_expiry, follow_withdrawal
from backoffice.drawing.models import RouteVersion
from backoffice.enclosures.models import Packet
from backoffice.form_designs.models import FormDesign
from backoffice.identity import Permission
from backoffice.inbox.events import CaseEnded, DecisionTakenBack, TaskDecided, TaskOpened
from backoffice.inbox.leaving import follow_end_of_role, follow_switch, settle_open_work
from backoffice.inbox.models import Case
from backoffice.indicators.models import ConfirmedMinutes
from backoffice.intake.becoming import become_record, leave_the_list
from backoffice.intake.cover_models import CoverSheet
from backoffice.intake.events import SheetReopened, SheetSettled
from backoffice.intake.models import PaperBatch, Sheet
from backoffice.jobs import JobsClient
from backoffice.jobs.worker import migrate as migrate_jobs
from backoffice.mail import server_of
from backoffice.mail_in.models import MailLetter
from backoffice.night_reports.models import NightReport
from backoffice.notices.models import NoticeTemplate
from backoffice.paperless.models import NeedlessPaper
from backoffice.programs.models import Program
from backoffice.programs.service import settle as settle_program
from backoffice.reachability.events import ChannelDied, MailCameBack, NoticesStopped
from backoffice.reachability.models import NoticeStop
from backoffice.reachability.service import begin_anew
from backoffice.receipts.models import ReceiptKey
from backoffice.recordings.events import BotReleased
from backoffice.recordings.models import RecordedBot
from backoffice.recordings.proposal_models import BotProposal
from backoffice.recordings.service import settle as settle_bot
from backoffice.records import approving
from backoffice.records.events import QuarantineMended, RecordChanged, RecordReopened, RecordSettled
from backoffice.records.import_models import RecordImport
from backoffice.records.models import Record
from backoffice.records.sender_models import FormSender
from backoffice.rehearsals.models import Rehearsal
from backoffice.residents.events import ProtectionAdded, ResidentStopped
from backoffice.residents.models import Snapshot
from backoffice.rights.models import RightsRequest
from backoffice.rights.service import settle as settle_rights
from backoffice.services import Services
from backoffice.settings import Settings
from backoffice.take_up.models import GrantedList
from backoffice.vault import Cipher, FileVault
from backoffice.verification.models import FieldSample
from backoffice.verification.samples import follow_settling
from backoffice.work import FollowUp, Office

FOLLOW_UPS: Mapping[type[Event], tuple[FollowUp, ...]] = {
    SheetSettled: (queue_application, become_record, follow_settling, archiving.follow_settling),
    SheetReopened: (archiving.follow_reopening, withdraw_application, leave_the_list),
    RecordChanged: (must_be_decided,),
    RecordSettled: (must_be_decided, queue_settled_record),
    RecordReopened: (withdraw_reopened_record,),
    BotReleased: (follow_release,),
    QuarantineMended: (follow_mending,),
    NightStarted: (troubles.follow_start,),
    DayRunStarted: (troubles.follow_start,),
    TrialStarted: (troubles.follow_start,),
    CredentialLocked: (troubles.follow_lock,),
    CredentialSet: (troubles.follow_password,),
    PasswordTurnedOver: (troubles.follow_password,),
    NightEnded: (troubles.follow_ending,),
    NightLeftAlone: (troubles.follow_left_alone,),
    HrFileApplied: (settle_open_work,),
    ConsentWithdrawn: (follow_withdrawal, follow_closing, following.follow_consent),
    ConsentExpired: (follow_expiry, follow_closing, following.follow_consent),
    CaseEnded: (
        settle_program,
        settle_link,
        settle_review,
        settle_rights,
        settle_audience,
        approving.settle,
        settle_bot,
    ),
    TaskOpened: (approving.follow,),
    DecisionTakenBack: (approving.follow,),
    TaskDecided: (sign_link,),
    ProtectionAdded: (withhold, following.follow_protection),
    ChannelSet: (begin_anew,),
    ChannelRemoved: (following.follow_channel,),
    ChannelDied: (following.follow_channel,),
    NoticesStopped: (following.follow_stop,),
    MailCameBack: (following.follow_return,),
    ResidentStopped: (following.follow_move,),
    SigningStopped: (partial(tell_holders, Permission.DIGITAL_ID_MANAGE),),
    ClientContactChanged: (partial(tell_holders, Permission.CLIENT_EDIT),),
    **dict.fromkeys(OWNER_SEES, (tell_owner,)),
    StaffSwitched: (tell_owner, follow_switch),
    RoleEnded: (tell_owner, follow_end_of_role),
}

FEATURES = (
    *("accounts", "clients", "form_designs", "consents", "digital_id", "crowding", "reachability", "residents"),
    *("drawing", "inbox", "programs", "data_links"),
    *("help_desk", "take_up", "audiences", "notices", "receipts", "breaches", "rights", "paperless"),
    *("records", "intake", "collation", "statements", "verification", "mail_in", "archive", "recordings", "automation"),
    *("enclosures", "rehearsals", "operations", "indicators", "activity", "night_reports"),
)


@contextmanager
def open_office(settings: Settings, services: Services | None = None) -> Iterator[Office]:
    """Give an office and close its database connections afterwards. Raises MasterKeyMissingError."""
    services = services or Services()
    cipher = Cipher.from_file(settings.master_key_path, services.random_bytes)
    engine = open_engine(settings.database)
    jobs = JobsClient(open_jobs_engine(settings.database))
    try:
        files = FileVault(settings.blobs_path, cipher, services.random_bytes)
        yield Office(settings, services, engine, jobs, cipher, files, follow_ups=FOLLOW_UPS, mail=server_of(settings))
    finally:
        jobs.close()
        engine.dispose()


TABLES_ABOVE_THE_FRAME = (
    *(NumberSeries, NumberMark, Tally),
    *(SignInTally, TotpFactor, SpentState, HrPlan),
    *(MachineClient, Snapshot, Registrant, DigitalId, RouteVersion, Case, Program, Link, Sandbox, ReceiptKey),
    *(PaperBatch, CoverSheet, Sheet, FieldSample, MailLetter, RetentionRule, Disposal, ArchivedSheet),
    *(TargetSystem, ConfirmedMinutes, Breach, RightsRequest, NeedlessPaper, CrowdReading, NoticeStop),
    *(NoticeTemplate, NoticeRun, CallRecord, TrialGuest, GrantedList, FormDesign, Record, RecordImport),
    *(FormSender, ListTarget, RecordedBot, QueueChange, ServiceStop, NightAlarm, NightReport),
    *(BotProposal, Rehearsal, ItemReading, ChosenItem, ProofExport, AttachedPaper, Packet, HandOn),
)
"""Named so that their modules are imported: a table that nobody imported would be missing from the migrations."""


def all_models() -> MetaData:
    """Give the tables of the frame and of all features."""
    return Base.metadata


def make_tables(url: str) -> str:
    """Migrate our tables and the durable engine's, and give our revision."""
    revision = upgrade(url)
    engine = open_jobs_engine(url)
    migrate_jobs(engine)
    engine.dispose()
    return revision
