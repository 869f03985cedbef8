"""Is this answer really a security key's, made here and now? WebAuthn, by py_webauthn: nothing is checked by hand."""

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from webauthn import (
    generate_authentication_options,
    generate_registration_options,
    options_to_json,
    verify_authentication_response,
    verify_registration_response,
)
from webauthn.helpers import base64url_to_bytes, parse_authentication_credential_json
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from backoffice.settings import is_origin

NAME = "技助"
CHALLENGE_BYTES = 32
USUAL_PORTS = {"https": 443, "http": 80}


@dataclass(frozen=True)
class Site:
    """Where keys are asked for: the one origin of the office's public address."""

    origin: str

    @property
    def host(self) -> str:
        return urlsplit(self.origin).hostname or ""


@dataclass(frozen=True)
class NewKey:
    credential_id: bytes
    public_key: bytes
    sign_count: int


def site_of(public_address: str) -> Site | None:
    """Give the site, or None where keys cannot be used: no right public address, or a bare number for a name."""
    if not is_origin(public_address):
        return None
    parts = urlsplit(public_address)
    host = parts.hostname or ""
    if host.replace(".", "").isdecimal() or ":" in host:
        return None
    # As browsers write an origin: in small letters, without the port that goes without saying.
    port = "" if parts.port in (None, USUAL_PORTS.get(parts.scheme)) else f":{parts.port}"
    return Site(f"{parts.scheme}://{host}{port}")


def ask_for_new(site: Site, challenge: bytes, person: tuple[int, str, str], known: Sequence[bytes]) -> str:
    """Give, as JSON, what the browser asks a new key; `person` is id, account and name."""
    staff_id, account, name = person
    return options_to_json(
        generate_registration_options(
            rp_id=site.host,
            rp_name=NAME,
            user_id=str(staff_id).encode(),
            user_name=account,
            user_display_name=name,
            challenge=challenge,
            exclude_credentials=[PublicKeyCredentialDescriptor(id=each) for each in known],
            authenticator_selection=AuthenticatorSelectionCriteria(
                resident_key=ResidentKeyRequirement.DISCOURAGED,
                user_verification=UserVerificationRequirement.DISCOURAGED,
            ),
        )
    )


def ask_known(site: Site, challenge: bytes, known: Sequence[bytes]) -> str:
    """Give, as JSON, what the browser asks the person's keys."""
    return options_to_json(
        generate_authentication_options(
            rp_id=site.host,
            challenge=challenge,
            allow_credentials=[PublicKeyCredentialDescriptor(id=each) for each in known],
            user_verification=UserVerificationRequirement.DISCOURAGED,
        )
    )


def read_new(site: Site, challenge: bytes, answer: str) -> NewKey | None:
    """Give the key that signed `challenge` on our own page; None for any other answer."""
    try:
        found = verify_registration_response(
            credential=answer, expected_challenge=challenge, expected_rp_id=site.host, expected_origin=site.origin
        )
    except (WebAuthnException, ValueError, KeyError, TypeError):
        # Malformed parts fail in the decoders, each with its own class: all of them are no key's answer.
        return None
    return NewKey(found.credential_id, found.credential_public_key, found.sign_count)


def credential_in(answer: str) -> bytes | None:
    """Give which key claims to answer; None where nothing can be read."""
    try:
        return base64url_to_bytes(parse_authentication_credential_json(answer).id)
    except (WebAuthnException, ValueError, KeyError, TypeError):
        return None


def count_in(site: Site, challenge: bytes, answer: str, public_key: bytes, sign_count: int) -> int | None:
    """Give the key's new count when it signed `challenge` on our own page; None for any other answer."""
    try:
        found = verify_authentication_response(
            credential=answer,
            expected_challenge=challenge,
            expected_rp_id=site.host,
            expected_origin=site.origin,
            credential_public_key=public_key,
            credential_current_sign_count=sign_count,
        )
    except (WebAuthnException, ValueError, KeyError, TypeError):
        return None
    return found.new_sign_count
