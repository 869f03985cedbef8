"""What does the DX office do with machine clients? Enter, change, renew keys, switch off and on."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from joserfc.jwk import ECKey

from backoffice.accounts.fresh_proof import must_be_fresh
from backoffice.clients import queries
from backoffice.clients.events import (
    ClientChanged,
    ClientContactChanged,
    ClientEntered,
    ClientKeyAdded,
    ClientKeyConfirmed,
    ClientKeyRemoved,
    ClientScopesChanged,
    ClientSwitchedOff,
    ClientSwitchedOn,
)
from backoffice.clients.keys import FIELD, WRONG, read_public_keys
from backoffice.clients.models import ClientKey, ClientSwitch, MachineClient
from backoffice.clients.scopes import Scope, scopes_in, written
from backoffice.clients.tokens import end_tokens_of
from backoffice.errors import Invalid, NotPermitted, NotThere, Overtaken
from backoffice.identity import Actor, Permission
from backoffice.web.free_text import reason_given
from backoffice.web.translations import _
from backoffice.work import Work

SANDBOX_SCOPES = frozenset({Scope.LINKS})
MOST_KEYS = 2
"""The old one and the new one, while the other side changes over."""


@dataclass(frozen=True)
class Particulars:
    """Who a client is, whom to call, and what it may ask for."""

    name: str
    department_id: int | None
    outside_body: str
    contact: str
    scopes: frozenset[Scope]


def enter(work: Work, particulars: Particulars, keys: str) -> MachineClient:
    """Enter a client with its first keys, which a second person is to confirm. Raises Invalid, FreshProofNeeded."""
    must_be_fresh(work)
    read = read_public_keys(keys)
    client = MachineClient(
        handle="gijo-" + work.office.services.random_bytes(8).hex(), created_at=work.now, scopes="", keys=[]
    )
    _put(client, particulars)
    work.session.add(client)
    work.session.flush()
    work.record(ClientEntered(client.id))
    _add_keys(work, client, read)
    return client


def enter_sandbox(work: Work, particulars: Particulars, keys: str) -> MachineClient:
    """Enter a client that only ever meets invented people: its keys open at once. Raises Invalid.

    Neither a second person nor a fresh proof is asked for: there is nothing behind it that anybody could take.
    """
    read = read_public_keys(keys)
    client = MachineClient(
        handle="gijo-" + work.office.services.random_bytes(8).hex(),
        created_at=work.now,
        scopes="",
        is_sandbox=True,
        keys=[],
    )
    _put(client, particulars)
    work.session.add(client)
    work.session.flush()
    work.record(ClientEntered(client.id))
    _add_keys(work, client, read)
    work.session.refresh(client, ["keys"])
    for key in client.keys:
        _confirm(work, key)
    return client


def change(work: Work, client_id: int, particulars: Particulars, seen: int) -> None:
    """Change what is kept of a client; what it may no longer ask for, its tokens do not open from now on.

    Where another is to be called, keys that wait are taken away: they are confirmed by a call to whom it was when they
    were entered. Where it may ask for more, its keys wait for a second person as new ones do: whoever could widen alone
    what a partner's key opens would make a portal of it, and read anybody's record.

    Raises NotThere, Overtaken, FreshProofNeeded.
    """
    must_be_fresh(work)
    client = queries.lock_client(work.session, client_id)
    if client.version != seen:
        raise Overtaken("ほかの職員が先に変更しました。最新の内容を確認してください。")
    before, contact = client.scopes, client.contact
    _put(client, particulars)
    work.record(ClientChanged(client.id))
    if client.contact != contact:
        _contact_changed(work, client)
    if client.scopes == before:
        return
    work.record(ClientScopesChanged(client.id))
    if scopes_in(client.scopes) - scopes_in(before):
        _let_keys_wait(work, client)


def add_keys(work: Work, client_id: int, keys: str) -> None:
    """Give a client another key beside the one it has. Raises NotThere, Invalid, FreshProofNeeded."""
    must_be_fresh(work)
    read = read_public_keys(keys)
    _add_keys(work, queries.lock_client(work.session, client_id), read)


def confirm_key(work: Work, client_id: int, key_id: int) -> None:
    """Let a key open the door, after its thumbprint was compared with the other side. Never by who added it.

    Raises NotThere, Overtaken, NotPermitted, FreshProofNeeded.
    """
    must_be_fresh(work)
    client = queries.lock_client(work.session, client_id)
    key = _key_there(client, key_id)
    if key.confirmed_at is not None:
        raise Overtaken("この鍵はもう確かめられています。最新の内容を確認してください。")
    if not may_confirm(work.actor, client, key):
        raise NotPermitted("鍵は、加えた人とは別の職員が確かめます。")
    _confirm(work, key)


def may_confirm(actor: Actor, client: MachineClient, key: ClientKey) -> bool:
    """Say whether somebody is the second pair of eyes for a key: the button asks the same.

    Of a client that tries links out there need be no second: it meets invented people alone.
    """
    if not actor.may(Permission.CLIENT_EDIT) or actor.staff_id is None:
        return False
    return client.is_sandbox or actor.staff_id != key.added_by_id


def remove_key(work: Work, client_id: int, key_id: int) -> None:
    """Take a key away; its tokens end with it. Raises NotThere, Overtaken where it is gone already."""
    client = queries.lock_client(work.session, client_id)
    key = _key_there(client, key_id)
    key.removed_at = work.now
    work.session.flush()
    end_tokens_of(work.session, client.id, key.id)
    work.record(ClientKeyRemoved(client.id, key.id))


def switch_off(work: Work, client_id: int, reason: str) -> None:
    """Shut a client out, at once. Nobody has to prove anything anew for that. Raises NotThere, Invalid, Overtaken."""
    _switch(work, client_id, reason, on=False)


def switch_on(work: Work, client_id: int, reason: str) -> None:
    """Let a client in again. Raises NotThere, Invalid, Overtaken, FreshProofNeeded."""
    must_be_fresh(work)
    _switch(work, client_id, reason, on=True)


def _switch(work: Work, client_id: int, reason: str, *, on: bool) -> None:
    reason = reason_given(reason, "reason")
    client = queries.lock_client(work.session, client_id)
    if client.switched_off is not on:
        raise Overtaken("ほかの職員が先に切り替えました。最新の内容を確認してください。")
    client.switched_off = not on
    switch = ClientSwitch(client_id=client.id, switched_on=on, reason=reason, at=work.now, staff_id=work.actor.staff_id)
    work.session.add(switch)
    work.session.flush()
    end_tokens_of(work.session, client.id)
    work.record((ClientSwitchedOn if on else ClientSwitchedOff)(client.id, switch.id))


def _confirm(work: Work, key: ClientKey) -> None:
    key.confirmed_at, key.confirmed_by_id = work.now, work.actor.staff_id
    work.record(ClientKeyConfirmed(key.client_id, key.id))


def _key_there(client: MachineClient, key_id: int) -> ClientKey:
    key = next((each for each in client.keys if each.id == key_id), None)
    if key is None:
        raise NotThere("お探しの記録は見つかりませんでした。")
    if key.removed_at is not None:
        raise Overtaken("この鍵はもう外されています。最新の内容を確認してください。")
    return key


def _add_keys(work: Work, client: MachineClient, keys: Sequence[ECKey]) -> None:
    live = [key for key in client.keys if key.removed_at is None]
    if len(live) + len(keys) > MOST_KEYS:
        raise Invalid(WRONG, {FIELD: _("鍵は2つまでです。古い鍵を外してから加えてください。")})
    known = {key.thumbprint for key in client.keys}
    for key in keys:
        thumbprint = key.thumbprint()
        if thumbprint in known:
            raise Invalid(
                WRONG, {FIELD: _("この鍵は、もう登録されているか、前に外した鍵です。新しく作った鍵にしてください。")}
            )
        known.add(thumbprint)
        added = ClientKey(
            client_id=client.id,
            thumbprint=thumbprint,
            public_jwk={name: str(key.as_dict(private=False)[name]) for name in ("kty", "crv", "x", "y")},
            added_at=work.now,
            added_by_id=work.actor.staff_id,
        )
        work.session.add(added)
        work.session.flush()
        work.record(ClientKeyAdded(client.id, added.id))


def _contact_changed(work: Work, client: MachineClient) -> None:
    client.contact_changed_at, client.contact_changed_by_id = work.now, work.actor.staff_id
    for key in client.keys:
        if key.removed_at is None and key.confirmed_at is None:
            key.removed_at = work.now
            work.record(ClientKeyRemoved(client.id, key.id))
    work.record(ClientContactChanged(client.id))


def _let_keys_wait(work: Work, client: MachineClient) -> None:
    for key in client.keys:
        if key.removed_at is None:
            key.confirmed_at = key.confirmed_by_id = None
            key.added_by_id = work.actor.staff_id
    work.session.flush()
    end_tokens_of(work.session, client.id)


def _put(client: MachineClient, particulars: Particulars) -> None:
    if client.is_sandbox:  # whatever the form says: it never becomes a machine that meets real people
        particulars = replace(particulars, scopes=SANDBOX_SCOPES)
    client.name, client.contact = particulars.name, particulars.contact
    client.department_id, client.outside_body = particulars.department_id, particulars.outside_body
    client.scopes = written(particulars.scopes)
