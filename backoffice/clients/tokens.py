"""How does a machine get a token, and whose is a token? OAuth 2 client credentials with private_key_jwt (RFC 7523)."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from http import HTTPStatus

from sqlalchemy import bindparam, delete, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session, selectinload

from backoffice.clients.assertions import NOT_PROVEN, Assertion, NotProvenError, claimed_client, prove
from backoffice.clients.events import TokenGiven
from backoffice.clients.keys import public_half
from backoffice.clients.models import ClientKey, ClientToken, MachineClient, SpentAssertion
from backoffice.clients.pace import Pace
from backoffice.clients.scopes import Scope, scopes_in, written
from backoffice.identity import Actor, Origin
from backoffice.work import Office, Work

TOKEN_LASTS = timedelta(minutes=10)
TOKEN_PATH = "/oauth/token"  # noqa: S105 -- an address, no secret
GRANT = "client_credentials"
ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"


class TokenRefusedError(Exception):
    """A refusal as RFC 6749 writes it: `error` is one of its words, `said` tells the engineer what to mend."""

    def __init__(self, error: str, said: str, status: HTTPStatus = HTTPStatus.BAD_REQUEST) -> None:
        super().__init__(error)
        self.error = error
        self.said = said
        self.status = status


@dataclass(frozen=True)
class Place:
    """From where a call came, and with which certificate; None where the city's proxy asks for none, or none came."""

    address: str
    certificate: str | None = None


@dataclass(frozen=True)
class Given:
    token: str
    scopes: frozenset[Scope]


@dataclass(frozen=True)
class Caller:
    """A machine that calls with a live token. `scopes`: what the token names and the client still holds."""

    actor: Actor
    client_id: int
    scopes: frozenset[Scope]
    is_sandbox: bool = False


def give_token(office: Office, pace: Pace, form: Mapping[str, str], place: Place) -> Given:
    """Give an access token for a client assertion. Raises TokenRefusedError, and TooSoon like any other call.

    The assertion is checked outside the writing unit: only a proven client makes others wait.
    """
    assertion = _asked_rightly(form)
    if office.settings.gateway_certificates and place.certificate is None:
        raise _not_proven("A client certificate is needed (mutual TLS).")
    try:
        client, proven = _proven(office, assertion)
    except NotProvenError as refused:
        raise _not_proven(str(refused)) from refused
    pace.take(client.id, office.services.now())
    scopes = _scopes_for(client, form.get("scope", ""))
    token = office.services.token()
    actor = Actor.machine(client.id, client.name, place.address)
    with office.unit(actor) as work:
        _spend(work, client.id, proven)
        _must_still_be_let_in(work, client.id, proven.key)
        work.session.add(
            ClientToken(
                token_hash=_hash_of(token),
                client_id=client.id,
                key_id=proven.key,
                scopes=written(scopes),
                certificate=place.certificate,
                expires_at=work.now + TOKEN_LASTS,
            )
        )
        # Not through the row: its version is that of what people change.
        work.session.execute(update(MachineClient).where(MachineClient.id == client.id).values(last_used_at=work.now))
        work.record(TokenGiven(client.id, proven.key))
    return Given(token, scopes)


def caller_with(office: Office, token: str, place: Place) -> Caller | None:
    """Give who calls with a token; None where it has ended, with its time, its key or its client, or is another's.

    Where the proxy asks for certificates, a token is that of the certificate with which it was fetched.
    """
    with office.glance(Actor.house(Origin.GATEWAY)) as work:
        found = (
            work.session.connection().execute(_CALLER, {"token_hash": _hash_of(token), "now": work.now}).one_or_none()
        )
    if found is None or found.certificate != place.certificate:
        return None
    if office.settings.gateway_certificates and place.certificate is None:
        return None
    actor = Actor.machine(found.id, found.name, place.address)
    return Caller(actor, found.id, scopes_in(found.of_token) & scopes_in(found.of_client), found.is_sandbox)


_CALLER = (
    select(
        MachineClient.id,
        MachineClient.name,
        MachineClient.is_sandbox,
        MachineClient.scopes.label("of_client"),
        ClientToken.scopes.label("of_token"),
        ClientToken.certificate,
    )
    .select_from(ClientToken)
    .join(ClientToken.client)
    .join(ClientToken.key)
    .where(
        ClientToken.token_hash == bindparam("token_hash"),
        ClientToken.expires_at > bindparam("now"),
        ClientKey.is_live,
        ~MachineClient.switched_off,
    )
)
"""Built once: it is asked before every call."""


def audiences(office: Office) -> tuple[str, str]:
    """Give what an assertion may name as its audience: the gateway, or the address of its tokens."""
    issuer = office.settings.gateway_issuer
    return issuer, issuer + TOKEN_PATH


def end_tokens_of(session: Session, client_id: int, key_id: int | None = None) -> None:
    """Delete the tokens of a client, or those that one of its keys brought. They had ended already."""
    ended = delete(ClientToken).where(ClientToken.client_id == client_id)
    session.execute(ended if key_id is None else ended.where(ClientToken.key_id == key_id))


def _asked_rightly(form: Mapping[str, str]) -> str:
    if not form.get("grant_type"):
        raise TokenRefusedError("invalid_request", "grant_type is missing.")
    if form["grant_type"] != GRANT:
        raise TokenRefusedError("unsupported_grant_type", f"grant_type must be {GRANT}.")
    if "client_secret" in form or form.get("client_assertion_type") != ASSERTION_TYPE:
        raise TokenRefusedError("invalid_request", f"client_assertion_type must be {ASSERTION_TYPE}.")
    if not form.get("client_assertion"):
        raise TokenRefusedError("invalid_request", "client_assertion is missing.")
    return form["client_assertion"]


def _proven(office: Office, assertion: str) -> tuple[MachineClient, Assertion]:
    handle = claimed_client(assertion)
    with office.look(Actor.house(Origin.GATEWAY)) as work:
        client = work.session.scalars(
            select(MachineClient)
            .where(MachineClient.handle == handle, ~MachineClient.switched_off)
            .options(selectinload(MachineClient.keys))
        ).one_or_none()
    if client is None:
        raise NotProvenError(NOT_PROVEN)
    keys = [(key.id, public_half(key.public_jwk)) for key in client.keys if key.is_live]
    return client, prove(assertion, client.handle, keys, audiences(office), work.now)


def _scopes_for(client: MachineClient, asked: str) -> frozenset[Scope]:
    held, wanted = scopes_in(client.scopes), set(asked.split())
    if wanted - held or not held:
        raise TokenRefusedError("invalid_scope", f"This client may ask for: {written(held) or 'nothing yet'}.")
    return frozenset(each for each in held if each in wanted) if wanted else held


def _spend(work: Work, client_id: int, proven: Assertion) -> None:
    """Let an assertion be used once, also under two requests at the same time."""
    dialect = postgresql if work.session.get_bind().dialect.name == "postgresql" else sqlite
    row = {"client_id": client_id, "jti_hash": _hash_of(proven.jti), "until": proven.until}
    made = work.session.execute(
        dialect.insert(SpentAssertion).values(row).on_conflict_do_nothing().returning(SpentAssertion.id)
    ).first()
    if made is None:
        raise _not_proven("This assertion was used before: make a new one, with a new jti, for every request.")


def _must_still_be_let_in(work: Work, client_id: int, key_id: int) -> None:
    """Ask once more inside the unit: between the check and the token, somebody may have shut the client out."""
    open_still = (
        select(ClientKey.id)
        .join(ClientKey.client)
        .where(ClientKey.id == key_id, ClientKey.is_live, ~MachineClient.switched_off)
        .where(MachineClient.id == client_id)
    )
    if work.session.scalars(open_still).one_or_none() is None:
        raise _not_proven(NOT_PROVEN)


def _not_proven(said: str) -> TokenRefusedError:
    return TokenRefusedError("invalid_client", said, HTTPStatus.UNAUTHORIZED)


def _hash_of(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def forget_old(session: Session, now: datetime) -> None:
    """Delete tokens and assertions that are over anyway."""
    session.execute(delete(ClientToken).where(ClientToken.expires_at <= now))
    session.execute(delete(SpentAssertion).where(SpentAssertion.until <= now))
