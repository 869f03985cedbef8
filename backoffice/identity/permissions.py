"""Which role may do what?

An administrator of the system sees no residents' data; an auditor changes nothing. Both are tested over the whole
table.
"""

from enum import StrEnum


class Permission(StrEnum):
    HOME_VIEW = "home.view"
    """Also what every member of staff does for themselves: language, sign-out."""
    SHEET_UPLOAD = "sheet.upload"
    SHEET_READ = "sheet.read"
    SHEET_VERIFY = "sheet.verify"
    ARCHIVE_READ = "archive.read"
    """Settled paper as it is kept: what residents wrote."""
    ARCHIVE_KEEP = "archive.keep"
    """How long a form is kept, what is not thrown away for now; also proposing to throw away what is due."""
    ARCHIVE_DISPOSE = "archive.dispose"
    """To let what another proposed be thrown away."""
    MAIL_READ = "mail.read"
    """Letters that came to the departments where it is held: residents' data."""
    MAIL_SORT = "mail.sort"
    """To say what is done with letters, by hand and by rules."""
    RECORD_READ = "record.read"
    """The lists of forms that departments build: what residents and offices wrote there."""
    RECORD_WRITE = "record.write"
    NIGHT_VIEW = "night.view"
    NIGHT_RUN = "night.run"
    ITEM_READ = "item.read"
    """What stands in a record to be keyed: residents' data."""
    ITEM_SETTLE = "item.settle"
    DAY_RUN = "day.run"
    """To have a released bot key chosen records at once, into a system that may be used by day."""
    EVIDENCE_EXPORT = "evidence.export"
    """To take the proof of what bots keyed out of the house, with its reason: residents' data."""
    TARGET_EDIT = "target.edit"
    BOT_VIEW = "bot.view"
    """Recorded bots and their steps: no resident stands in them."""
    BOT_TEACH = "bot.teach"
    """To bring in what was recorded for the forms of one's department, mend it, and send it on its route."""
    JOB_VIEW = "job.view"
    JOB_OPERATE = "job.operate"
    STAFF_VIEW = "staff.view"
    STAFF_EDIT = "staff.edit"
    AUDIT_READ = "audit.read"
    INDICATOR_VIEW = "indicator.view"
    INDICATOR_CONFIRM = "indicator.confirm"
    CASE_READ = "case.read"
    """Cases of the departments where it is held; who is drawn into a case reads it wherever they sit."""
    CASE_DRAFT = "case.draft"
    CASE_DECIDE = "case.decide"
    """To have an in-tray at all; what lies in it, the route says."""
    WORK_HAND_OVER = "work.hand_over"
    ROUTE_VIEW = "route.view"
    ROUTE_DRAW = "route.draw"
    ROUTE_ACTIVATE = "route.activate"
    PROGRAM_VIEW = "program.view"
    PROGRAM_WORDING = "program.wording"
    """The sheet of a program: what it is and what residents read; also sending it on its route."""
    PROGRAM_RULE = "program.rule"
    """The rule and its examples: whom it reaches."""
    PROGRAM_PREVIEW = "program.preview"
    """Counts over residents, never a person."""
    PROGRAM_WHY = "program.why"
    """What a rule says of one pseudonym: residents' data."""
    NOTICE_APPROVE = "notice.approve"
    """To let the wording of a notice be sent; whoever wrote on it does not."""
    THRESHOLD_EDIT = "threshold.edit"
    RESIDENT_SNAPSHOT_VIEW = "resident.snapshot.view"
    """How many residents there are and how far they are known; nobody is shown."""
    RESIDENT_IMPORT = "resident.import"
    """To be named as who took a snapshot in; the command asks."""
    PROTECTED_HANDLE = "protected.handle"
    """The 支援措置 desk: who is never handled by machine."""
    CONSENT_TAKE = "consent.take"
    """The consent counter: who is registered for notices, and what they consented to."""
    DIGITAL_ID_CHECK = "digital_id.check"
    """The counter of a facility: one yes or no about whoever stands there, by what they themselves show."""
    DIGITAL_ID_MANAGE = "digital_id.manage"
    """To revoke by number and to renew the key that signs."""
    LINK_VIEW = "link.view"
    """What flows to which other system: no secret among staff."""
    LINK_WRITE = "link.write"
    """The terms of a data link; also sending them on their route, and narrowing a link at once."""
    LINK_SHUT = "link.shut"
    """The kill switch, and its drill."""
    CROWDING_VIEW = "crowding.view"
    """How many wait at the ward offices: the portal shows it to everybody."""
    PAPER_VIEW = "paper.view"
    """Which papers linkage makes needless: no secret among staff."""
    PAPER_EDIT = "paper.edit"
    AUDIENCE_VIEW = "audience.view"
    """Whom notices went to, in counts, and how they fare: no secret among staff."""
    AUDIENCE_PREPARE = "audience.prepare"
    """To freeze whom a notice is for and to send that on its route: nobody is written to by it."""
    AUDIENCE_STOP = "audience.stop"
    """To pause and cancel what is being sent."""
    CLIENT_VIEW = "client.view"
    """Which machines of other systems may call the gateway, and what for."""
    CLIENT_EDIT = "client.edit"
    HELP_DESK = "help_desk"
    """What is held of a resident who reads out a reference code; nothing of it can be changed here."""
    FORM_VIEW = "form.view"
    """Which forms departments have built, and what they ask; nobody's answers."""
    FORM_BUILD = "form.build"
    """To build forms of the departments where it is held, put them into use, say how sure reading must be."""
    PATTERNS_VIEW = "patterns.view"


RESIDENTS_DATA = frozenset(
    {
        Permission.SHEET_UPLOAD,
        Permission.SHEET_READ,
        Permission.SHEET_VERIFY,
        Permission.ARCHIVE_READ,
        Permission.ARCHIVE_KEEP,
        Permission.ARCHIVE_DISPOSE,
        Permission.MAIL_READ,
        Permission.MAIL_SORT,
        Permission.RECORD_READ,
        Permission.RECORD_WRITE,
        Permission.ITEM_READ,
        Permission.ITEM_SETTLE,
        Permission.DAY_RUN,
        Permission.EVIDENCE_EXPORT,
        Permission.CASE_READ,
        Permission.CASE_DRAFT,
        Permission.CASE_DECIDE,
        Permission.PROGRAM_WHY,
        Permission.PROTECTED_HANDLE,
        Permission.CONSENT_TAKE,
        Permission.HELP_DESK,
    }
)
NEEDS_SECOND_FACTOR = RESIDENTS_DATA | {
    Permission.STAFF_EDIT,
    Permission.CLIENT_EDIT,
    Permission.DIGITAL_ID_MANAGE,
}
"""Whoever may give roles, or let a machine in, could make themselves a second way to residents' data: the same door.
So does whoever may take everybody's digital ID away.
"""
CHANGES_SOMETHING = frozenset(
    {
        Permission.SHEET_UPLOAD,
        Permission.SHEET_VERIFY,
        Permission.ARCHIVE_KEEP,
        Permission.ARCHIVE_DISPOSE,
        Permission.MAIL_SORT,
        Permission.RECORD_WRITE,
        Permission.NIGHT_RUN,
        Permission.ITEM_SETTLE,
        Permission.DAY_RUN,
        Permission.EVIDENCE_EXPORT,
        Permission.TARGET_EDIT,
        Permission.JOB_OPERATE,
        Permission.STAFF_EDIT,
        Permission.INDICATOR_CONFIRM,
        Permission.CASE_DRAFT,
        Permission.CASE_DECIDE,
        Permission.WORK_HAND_OVER,
        Permission.ROUTE_DRAW,
        Permission.ROUTE_ACTIVATE,
        Permission.PROGRAM_WORDING,
        Permission.PROGRAM_RULE,
        Permission.PROGRAM_PREVIEW,
        Permission.PROGRAM_WHY,
        Permission.NOTICE_APPROVE,
        Permission.THRESHOLD_EDIT,
        Permission.RESIDENT_IMPORT,
        Permission.PROTECTED_HANDLE,
        Permission.CONSENT_TAKE,
        Permission.HELP_DESK,
        Permission.DIGITAL_ID_CHECK,
        Permission.DIGITAL_ID_MANAGE,
        Permission.LINK_WRITE,
        Permission.LINK_SHUT,
        Permission.PAPER_EDIT,
        Permission.AUDIENCE_PREPARE,
        Permission.AUDIENCE_STOP,
        Permission.CLIENT_EDIT,
        Permission.FORM_BUILD,
        Permission.BOT_TEACH,
    }
)


class Role(StrEnum):
    CLERK = "clerk"
    HEAD = "head"
    PRIVACY_OFFICER = "privacy_officer"
    DX_OFFICE = "dx_office"
    VERIFIER = "verifier"
    BOT_OPERATOR = "bot_operator"
    AUDITOR = "auditor"
    ADMINISTRATOR = "administrator"
    FACILITY = "facility"
    """At a pool, a museum, a car park, often of a firm that runs it for the city: no case, no count, no resident."""
    HELP_DESK = "help_desk"
    """On the telephone: a resident who reads out a reference code, and nothing else."""


ROLE_NAMES = {
    Role.CLERK: "担当者",
    Role.HEAD: "所属長",
    Role.PRIVACY_OFFICER: "個人情報保護担当",
    Role.DX_OFFICE: "DX戦略部",
    Role.VERIFIER: "読取確認担当",
    Role.BOT_OPERATOR: "RPA運用担当",
    Role.AUDITOR: "監査担当",
    Role.ADMINISTRATOR: "システム管理者",
    Role.FACILITY: "施設窓口",
    Role.HELP_DESK: "問い合わせ担当",
}

ANYONE_SIGNED_IN = frozenset({Permission.HOME_VIEW})
_EVERYONE = frozenset(
    {
        Permission.INDICATOR_VIEW,
        Permission.ROUTE_VIEW,
        Permission.PROGRAM_VIEW,
        Permission.LINK_VIEW,
        Permission.PAPER_VIEW,
        Permission.CROWDING_VIEW,
        Permission.AUDIENCE_VIEW,
        Permission.FORM_VIEW,
        Permission.BOT_VIEW,
    }
)
_DECIDES = frozenset({Permission.CASE_READ, Permission.CASE_DRAFT, Permission.CASE_DECIDE})

ROLE_PERMISSIONS: dict[Role, frozenset[Permission]] = {
    Role.CLERK: _EVERYONE
    | _DECIDES
    | {Permission.SHEET_UPLOAD, Permission.SHEET_READ, Permission.NIGHT_VIEW, Permission.ITEM_READ}
    | {Permission.DAY_RUN}
    | {Permission.RECORD_READ, Permission.RECORD_WRITE, Permission.ARCHIVE_READ, Permission.ARCHIVE_KEEP}
    | {Permission.MAIL_READ, Permission.MAIL_SORT}
    | {Permission.PROGRAM_WORDING, Permission.PROGRAM_RULE, Permission.PROGRAM_PREVIEW, Permission.PROGRAM_WHY}
    | {Permission.THRESHOLD_EDIT, Permission.LINK_WRITE, Permission.PAPER_EDIT}
    | {Permission.AUDIENCE_PREPARE, Permission.AUDIENCE_STOP, Permission.FORM_BUILD, Permission.BOT_TEACH},
    Role.HEAD: _EVERYONE
    | _DECIDES
    | {
        Permission.WORK_HAND_OVER,
        Permission.SHEET_READ,
        Permission.ARCHIVE_READ,
        Permission.ARCHIVE_KEEP,
        Permission.ARCHIVE_DISPOSE,
        Permission.MAIL_READ,
        Permission.RECORD_READ,
        Permission.NIGHT_VIEW,
        Permission.ITEM_READ,
        Permission.EVIDENCE_EXPORT,
        Permission.INDICATOR_CONFIRM,
        Permission.PROGRAM_WORDING,
        Permission.PROGRAM_PREVIEW,
        Permission.PROGRAM_WHY,
        Permission.NOTICE_APPROVE,
        Permission.THRESHOLD_EDIT,
        Permission.LINK_WRITE,
        Permission.PAPER_EDIT,
        Permission.AUDIENCE_PREPARE,
        Permission.AUDIENCE_STOP,
        Permission.FORM_BUILD,
    },
    Role.PRIVACY_OFFICER: _EVERYONE
    | _DECIDES
    | {
        Permission.AUDIT_READ,
        Permission.NIGHT_VIEW,
        Permission.RESIDENT_SNAPSHOT_VIEW,
        Permission.PROTECTED_HANDLE,
        Permission.PROGRAM_PREVIEW,
        Permission.PROGRAM_WHY,
        Permission.CONSENT_TAKE,
        Permission.HELP_DESK,
        Permission.LINK_SHUT,
        Permission.CLIENT_VIEW,
    },
    Role.DX_OFFICE: _EVERYONE
    | _DECIDES
    | {
        Permission.NIGHT_VIEW,
        Permission.JOB_VIEW,
        Permission.ROUTE_DRAW,
        Permission.ROUTE_ACTIVATE,
        Permission.RESIDENT_SNAPSHOT_VIEW,
        Permission.PROGRAM_WORDING,
        Permission.PROGRAM_RULE,
        Permission.PROGRAM_PREVIEW,
        Permission.THRESHOLD_EDIT,
        Permission.RESIDENT_IMPORT,
        Permission.DIGITAL_ID_MANAGE,
        Permission.LINK_WRITE,
        Permission.LINK_SHUT,
        Permission.PAPER_EDIT,
        Permission.AUDIENCE_STOP,
        Permission.CLIENT_VIEW,
        Permission.CLIENT_EDIT,
        Permission.FORM_BUILD,
    },
    Role.VERIFIER: _EVERYONE
    | _DECIDES
    | {Permission.SHEET_UPLOAD, Permission.SHEET_READ, Permission.SHEET_VERIFY, Permission.ARCHIVE_READ},
    Role.BOT_OPERATOR: _EVERYONE
    | _DECIDES
    | {
        Permission.NIGHT_VIEW,
        Permission.NIGHT_RUN,
        Permission.ITEM_READ,
        Permission.ITEM_SETTLE,
        Permission.DAY_RUN,
        Permission.EVIDENCE_EXPORT,
        Permission.TARGET_EDIT,
        Permission.BOT_TEACH,
        Permission.JOB_VIEW,
        Permission.JOB_OPERATE,
    },
    Role.AUDITOR: _EVERYONE
    | {
        Permission.CASE_READ,
        Permission.AUDIT_READ,
        Permission.JOB_VIEW,
        Permission.STAFF_VIEW,
        Permission.RESIDENT_SNAPSHOT_VIEW,
        Permission.CLIENT_VIEW,
    },
    Role.ADMINISTRATOR: _EVERYONE
    | {
        Permission.STAFF_VIEW,
        Permission.STAFF_EDIT,
        Permission.JOB_VIEW,
        Permission.JOB_OPERATE,
        Permission.PATTERNS_VIEW,
    },
    Role.FACILITY: frozenset({Permission.DIGITAL_ID_CHECK}),
    Role.HELP_DESK: frozenset({Permission.HELP_DESK}),
}
