"""How does a journey to the identity provider begin, and what must be true when it comes back?"""

import base64
import binascii
import hmac
import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from cryptography.exceptions import InvalidTag
from sqlalchemy import delete, select
from sqlalchemy.orm import Session, joinedload

from backoffice.accounts.events import SignInRefused
from backoffice.accounts.signing_in import NewSignIn, open_session
from backoffice.accounts.single_sign_on.models import SpentState
from backoffice.accounts.single_sign_on.provider import IdentityProvider, Journey, NotBelievedError
from backoffice.errors import Overtaken, SignInNeeded
from backoffice.identity import Actor, Origin, Staff
from backoffice.settings import Settings
from backoffice.web.translations import _
from backoffice.work import Office

TIME_FOR_A_JOURNEY = timedelta(minutes=10)
PURPOSE = "single sign-on"
NOT_BELIEVED = _("市の認証サービスの答えを確かめられませんでした。もう一度サインインしてください。")
CANCELLED = _("市の認証サービスでのサインインは行われませんでした。")
NO_SECOND_FACTOR = _("市の認証サービスで2つめの確認が行われていません。情報システム担当に知らせてください。")
UNKNOWN = _("この職員IDは技助に登録されていないか、停止されています。システム管理者に知らせてください。")


@dataclass(frozen=True)
class Return:
    """What the browser brings back: the provider's words, and our own sealed ones."""

    state: str
    code: str
    sealed: str
    address: str
    device: str
    cancelled: bool = False
    """The provider sent the browser back without a sign-in."""


def begin(office: Office, provider: IdentityProvider, following: str) -> tuple[str, str]:
    """Give where the browser goes, and what it must bring back in a cookie; nothing is kept here meanwhile."""
    token = office.services.token
    journey = Journey(token(), token(), token() + token())
    until = (office.services.now() + TIME_FOR_A_JOURNEY).timestamp()
    words = [journey.state, journey.nonce, journey.verifier, following, until]
    sealed = office.cipher.seal(json.dumps(words).encode(), PURPOSE)
    return provider.sign_in_address(journey), base64.urlsafe_b64encode(sealed).decode()


def finish(office: Office, provider: IdentityProvider, back: Return) -> tuple[NewSignIn, str]:
    """Start a session for the person whom the provider names, and give where they wanted to go.

    Raises SignInNeeded with the reason; Unavailable.
    """
    if back.cancelled:
        raise SignInNeeded(CANCELLED)
    journey, following = _journey_of(office, back)
    _spend(office, journey.state)
    try:
        claims = provider.claims_for(back.code, journey, office.services.now())
    except NotBelievedError as trouble:
        raise SignInNeeded(NOT_BELIEVED) from trouble
    proved = _second_factor_asserted(claims, office.settings)
    house = replace(Actor.house(Origin.PAGE), address=back.address)
    with office.unit(house) as work:
        staff = work.session.scalars(
            select(Staff)
            .where(Staff.account == str(claims.get(office.settings.oidc_account_claim, "")), Staff.active)
            .options(joinedload(Staff.department))
        ).one_or_none()
        signed = open_session(work, staff, back.device, factor_proved=proved) if staff else None
        if signed is None:
            work.record(SignInRefused(None))
    if signed is None:
        raise SignInNeeded(UNKNOWN)
    return signed, following


def forget_old(session: Session, now: datetime) -> None:
    """Delete states whose journeys are too old to come back anyway."""
    session.execute(delete(SpentState).where(SpentState.at < now - 2 * TIME_FOR_A_JOURNEY))


def _journey_of(office: Office, back: Return) -> tuple[Journey, str]:
    try:
        opened = office.cipher.open(base64.urlsafe_b64decode(back.sealed), PURPOSE)
    except (InvalidTag, binascii.Error, ValueError) as trouble:
        raise SignInNeeded(NOT_BELIEVED) from trouble
    state, nonce, verifier, following, until = json.loads(opened)
    same = hmac.compare_digest(state.encode(), back.state.encode())
    if not same or office.services.now().timestamp() > until:
        raise SignInNeeded(NOT_BELIEVED)
    return Journey(state, nonce, verifier), following


def _spend(office: Office, state: str) -> None:
    """Let a state come back once, also under two requests at the same time. Raises SignInNeeded."""
    try:
        with office.unit(Actor.house(Origin.PAGE)) as work:
            work.session.add(SpentState(mark=office.cipher.mark(state, PURPOSE), at=work.now))
    except Overtaken as spent:
        raise SignInNeeded(NOT_BELIEVED) from spent


def _second_factor_asserted(claims: Mapping[str, Any], settings: Settings) -> bool:
    """Say whether the provider asserts what the settings ask for; where they ask nothing, our own factor is asked.

    Raises SignInNeeded where they ask and the provider does not assert it.
    """
    wanted_acr, wanted_amr = settings.oidc_required_acr, settings.oidc_required_amr
    if not wanted_acr and not wanted_amr:
        return False
    acr_holds = not wanted_acr or claims.get("acr") == wanted_acr
    amr_holds = not wanted_amr or wanted_amr in (claims.get("amr") or [])
    if not (acr_holds and amr_holds):
        raise SignInNeeded(NO_SECOND_FACTOR)
    return True
