"""What do the pages of machine clients show?"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from backoffice.clients.models import ClientKey, ClientSwitch, MachineClient
from backoffice.clients.scopes import SCOPE_NAMES, scopes_in
from backoffice.web import Crumb, Page
from backoffice.web.chips import Chip
from backoffice.web.translations import _

CLIENTS = Crumb(_("外部システム"), "/clients")
ON = Chip("good", "●", _("利用中"))
OFF = Chip("plain", "■", _("停止中"))
TRYING = Chip("plain", "✎", _("試行用(架空の人だけ)"))
NO_KEY = Chip("doubt", "▲", _("使える鍵がない"))


@dataclass(frozen=True)
class ClientRow:
    """One client of the list."""

    client: MachineClient
    owner: str
    scopes: Sequence[str]
    """Msgids."""
    chip: Chip
    keys: Sequence[ClientKey]
    """Those that were not taken away."""

    @classmethod
    def of(cls, client: MachineClient) -> "ClientRow":
        keys = [key for key in client.keys if key.removed_at is None]
        chip = OFF if client.switched_off else ON if any(key.is_live for key in keys) else NO_KEY
        scopes = [SCOPE_NAMES[scope] for scope in sorted(scopes_in(client.scopes))]
        return cls(client, client.department.name if client.department else client.outside_body, scopes, chip, keys)


@dataclass(frozen=True, kw_only=True)
class ClientsPage(Page):
    rows: Sequence[ClientRow]
    may_edit: bool
    trying: Chip = TRYING


@dataclass(frozen=True)
class Switched:
    who: str
    on: bool
    reason: str
    at: datetime

    @classmethod
    def of(cls, switch: ClientSwitch) -> "Switched":
        return cls(switch.staff.name if switch.staff else "", switch.switched_on, switch.reason, switch.at)


@dataclass(frozen=True, kw_only=True)
class ClientPage(Page):
    row: ClientRow
    issuer: str
    removed: Sequence[ClientKey]
    switches: Sequence[Switched]
    may_edit: bool
    may_add_key: bool
    may_confirm: Collection[int]
    """Which keys this person may confirm."""
    typed: Mapping[str, str]
    wrong: Mapping[str, str]
    trying: Chip = TRYING


@dataclass(frozen=True, kw_only=True)
class ClientFormPage(Page):
    """Entering a client, or changing what is kept of one (`client_id`)."""

    client_id: int | None
    departments: Sequence[tuple[object, str]]
    scopes: Sequence[tuple[str, str, bool]]
    """Which, what it is called, whether it is held."""
    typed: Mapping[str, str]
    wrong: Mapping[str, str]


@dataclass(frozen=True, kw_only=True)
class KeyPage(Page):
    client_id: int
    name: str
    wrong: Mapping[str, str]


@dataclass(frozen=True, kw_only=True)
class ConfirmPage(Page):
    client: MachineClient
    key_id: int
    thumbprint: str


@dataclass(frozen=True, kw_only=True)
class SwitchOnPage(Page):
    client_id: int
    name: str
    typed: Mapping[str, str]
    wrong: Mapping[str, str]
