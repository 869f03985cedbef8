"""What do the pages of snapshots and of the 支援措置 desk show?"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from backoffice.consents.names import CONSENTS
from backoffice.residents import protecting, words
from backoffice.residents.models import Protection, Snapshot
from backoffice.vault import Cipher
from backoffice.web import Crumb, Page
from backoffice.web.lists import Paging
from backoffice.web.showing import number
from backoffice.web.translations import _, translate
from workflows.rules.facts import CITY_FACTS
from workflows.rules.manifest import FEW, Drift, Known, Manifest
from workflows.rules.vocabulary import ConsentClass, Fact

BY_COMMAND = _("運用担当(コマンド)")


@dataclass(frozen=True)
class SnapshotRow:
    """A snapshot in the list."""

    snapshot: Snapshot
    known: str
    """How much of all that could be known is known."""
    least_known: str
    who: str

    @classmethod
    def of(cls, snapshot: Snapshot) -> "SnapshotRow":
        return cls(snapshot, f"{snapshot.known / 10:.1f}%", words.column_name(snapshot.least_known), who_took(snapshot))


@dataclass(frozen=True, kw_only=True)
class SnapshotsPage(Page):
    rows: Sequence[SnapshotRow]
    paging: Paging


@dataclass(frozen=True)
class FactRow:
    """How far one fact is known."""

    name: str
    source: str
    known: str
    unknown: int
    change: str
    """Against the snapshot before, in points; nothing where there is none."""
    shares: Sequence[tuple[str, str, str]]
    """Value, share, change of it."""


@dataclass(frozen=True)
class ReasonRow:
    """What was set aside for one reason."""

    column: str
    reason: str
    rows: int


@dataclass(frozen=True, kw_only=True)
class SnapshotPage(Page):
    snapshot: Snapshot
    manifest: Manifest
    who: str
    facts: Sequence[FactRow]
    granted: Sequence[tuple[str, str]]
    consents: Sequence[tuple[str, str]]
    channels: Sequence[tuple[str, str]]
    languages: Sequence[tuple[str, str]]
    drift: Drift | None
    before: Snapshot | None
    reasons: Sequence[ReasonRow]
    rows_set_aside: Sequence[tuple[int, str, str]]

    @classmethod
    def of(cls, snapshot: Snapshot, title: str, crumbs: tuple[Crumb, ...]) -> "SnapshotPage":
        manifest = Manifest.from_json(snapshot.manifest)
        before = Manifest.from_json(snapshot.before.manifest) if snapshot.before else None
        return cls(
            title=title,
            crumbs=crumbs,
            snapshot=snapshot,
            manifest=manifest,
            who=who_took(snapshot),
            facts=[fact_row(fact, manifest, before) for fact in CITY_FACTS if fact.code in manifest.facts],
            granted=[(program, percent(each.known, manifest.rows)) for program, each in manifest.granted.items()],
            consents=[(translate(CONSENTS[each]), of_people(manifest.consents[each])) for each in ConsentClass],
            channels=_named(manifest.channels, words.CHANNELS),
            languages=_named(manifest.languages, words.LANGUAGES),
            drift=manifest.drift,
            before=snapshot.before,
            reasons=[
                ReasonRow(words.column_name(e.column), words.REASONS[e.reason], e.rows) for e in manifest.set_aside
            ],
            rows_set_aside=[
                (row, words.column_name(column), words.REASONS[reason])
                for row, column, reason in manifest.rows_set_aside
            ],
        )


@dataclass(frozen=True)
class ProtectionRow:
    """A resident whom only people handle, as the desk sees them."""

    id: int
    pseudonym: str
    reason: str
    added_at: datetime
    added_by: str
    proposed_at: datetime | None
    proposed_by: str
    lifting_reason: str
    may_confirm: bool

    @classmethod
    def of(cls, protection: Protection, cipher: Cipher, me: int | None) -> "ProtectionRow":
        reason = protection.sealed_lifting_reason
        return cls(
            id=protection.id,
            pseudonym=cipher.open(protection.sealed_pseudonym, protecting.PSEUDONYM).decode(),
            reason=cipher.open(protection.sealed_reason, protecting.REASON).decode(),
            added_at=protection.added_at,
            added_by=protection.added_by.name if protection.added_by else translate(BY_COMMAND),
            proposed_at=protection.proposed_at,
            proposed_by=protection.proposed_by.name if protection.proposed_by else "",
            lifting_reason=cipher.open(reason, protecting.REASON).decode() if reason else "",
            may_confirm=protecting.may_confirm(protection, me),
        )


@dataclass(frozen=True, kw_only=True)
class ProtectedPage(Page):
    rows: Sequence[ProtectionRow]
    paging: Paging
    sought: str = ""
    """The pseudonym that was asked for; then the list holds at most that one."""
    asked_row: int = 0
    """The row whose form is shown again with what was typed."""
    typed: Mapping[str, str] = field(default_factory=dict)
    wrong: Mapping[str, str] = field(default_factory=dict)


def fact_row(fact: Fact, manifest: Manifest, before: Manifest | None) -> FactRow:
    known = manifest.facts[fact.code]
    earlier = before.facts.get(fact.code) if before else None
    return FactRow(
        name=words.name_of(fact),
        source=words.register_of(fact),
        known=percent(known.known, manifest.rows),
        unknown=known.unknown,
        change=points(_permille(known), _permille(earlier)) if earlier else "",
        shares=[
            (
                words.value_name(fact, code),
                translate(_("%(few)s人未満"), few=FEW) if share is None else f"{share / 10:.1f}%",
                points(share, earlier.shares.get(code)) if earlier else "",
            )
            for code, share in words.in_order(fact, known.shares)
        ],
    )


def percent(part: int, whole: int) -> str:
    """Write a share with one decimal; what is not all never reads as all."""
    share = min(1000 * part // whole, 999) if 0 < part < whole else 1000 * (part == whole)
    return f"{share / 10:.1f}%"


def points(now: int | None, before: int | None) -> str:
    """Write by how many points of a per cent something changed; nothing where it did not, or is not told."""
    if now is None or before is None or now == before:
        return ""
    return f"{'+' if now > before else '−'}{abs(now - before) / 10:.1f}"


def of_people(count: int) -> str:
    """Write how many people; few are not told apart."""
    return translate(_("%(few)s人未満"), few=FEW) if 0 < count < FEW else translate(_("%(n)s人"), n=number(count))


def who_took(snapshot: Snapshot) -> str:
    return snapshot.imported_by.name if snapshot.imported_by else translate(BY_COMMAND)


def _permille(known: Known) -> int:
    return round(1000 * known.known / (known.known + known.unknown or 1))


def _named(counts: Mapping[str, int], names: Mapping[str, str]) -> list[tuple[str, str]]:
    return [(translate(name), of_people(counts.get(code, 0))) for code, name in names.items()]
