"""How is the city's identity provider asked who somebody is? The one door to it: discovery, code, token, signature.

Authorization code with PKCE, `state` and `nonce`, by Authlib; certificates are always checked. What the provider says
of itself is fetched anew for each sign-in: a key that it changed is known at once.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlencode, urlsplit

from authlib.common.errors import AuthlibBaseError
from authlib.integrations.requests_client import OAuth2Session
from authlib.oidc.core import CodeIDToken
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet
from requests import RequestException

from backoffice.errors import Unavailable
from backoffice.settings import Settings, is_loopback
from backoffice.web.translations import _

PATIENCE_SECONDS = 10
LEEWAY_SECONDS = 60
"""Clocks of two machines differ."""
ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "ES256", "ES384")
"""Signatures by a key that only the provider holds: never `none`, never a shared secret."""
SCOPE = "openid profile"
BACK = "/sign-in/city/back"
UNREACHABLE = _("市の認証サービスにつながりません。しばらくしてからもう一度お試しください。")


class NotBelievedError(Exception):
    """What came back is no id token of this provider for this sign-in."""


@dataclass(frozen=True)
class Journey:
    """What ties one journey to the provider and back together."""

    state: str
    nonce: str
    verifier: str


class IdentityProvider:
    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._issuer = settings.oidc_issuer.rstrip("/")
        # To some providers a slash at the end is part of their name; whoever fills in the settings need not know.
        self._names = [self._issuer, f"{self._issuer}/"]
        self._secret = (
            settings.oidc_client_secret_file.read_text("utf-8").strip() if settings.oidc_client_secret_file else None
        )

    def sign_in_address(self, journey: Journey) -> str:
        """Give where the browser goes to sign in. Raises Unavailable."""
        more = {"acr_values": self._settings.oidc_required_acr} if self._settings.oidc_required_acr else {}
        with self._session() as session:
            about = self._about(session)
            address, _state = session.create_authorization_url(
                about["authorization_endpoint"],
                state=journey.state,
                nonce=journey.nonce,
                code_verifier=journey.verifier,
                **more,
            )
        return str(address)

    def claims_for(self, code: str, journey: Journey, now: datetime) -> Mapping[str, Any]:
        """Exchange `code` and give what the provider asserts. Raises NotBelievedError and Unavailable."""
        try:
            with self._session() as session:
                about = self._about(session)
                token = session.fetch_token(
                    about["token_endpoint"], code=code, code_verifier=journey.verifier, timeout=PATIENCE_SECONDS
                )
                keys = KeySet.import_key_set(self._get(session, about["jwks_uri"]))
            return self._believed(token, keys, journey, now)
        except RequestException as trouble:
            raise Unavailable(UNREACHABLE) from trouble
        except (AuthlibBaseError, JoseError, KeyError, ValueError, TypeError) as trouble:
            raise NotBelievedError(type(trouble).__name__) from trouble

    def sign_out_address(self) -> str | None:
        """Give where the browser goes to end its sign-in at the provider too. Raises Unavailable."""
        with self._session() as session:
            end = self._about(session).get("end_session_endpoint")
        home = f"{self._settings.public_address.rstrip('/')}/sign-in"
        words = urlencode({"client_id": self._settings.oidc_client_id, "post_logout_redirect_uri": home})
        return f"{end}?{words}" if end else None

    def _believed(self, token: Mapping[str, Any], keys: KeySet, journey: Journey, now: datetime) -> Mapping[str, Any]:
        decoded = jwt.decode(token["id_token"], keys, algorithms=ALGORITHMS)
        client = self._settings.oidc_client_id
        claims = CodeIDToken(
            decoded.claims,
            decoded.header,
            {"iss": {"essential": True, "values": self._names}, "aud": {"essential": True, "value": client}},
            {"nonce": journey.nonce, "client_id": client, "access_token": token.get("access_token")},
        )
        claims.validate(now=int(now.timestamp()), leeway=LEEWAY_SECONDS)
        return dict(claims)

    def _session(self) -> OAuth2Session:
        session = OAuth2Session(
            self._settings.oidc_client_id,
            self._secret,
            scope=SCOPE,
            redirect_uri=f"{self._settings.public_address.rstrip('/')}{BACK}",
            code_challenge_method="S256",
        )
        session.verify = str(self._settings.oidc_ca_file) if self._settings.oidc_ca_file else True
        return session

    def _about(self, session: OAuth2Session) -> Mapping[str, Any]:
        """Give what the provider says of itself. Raises Unavailable, also where it says to be another."""
        try:
            about = self._get(session, f"{self._issuer}/.well-known/openid-configuration")
        except (RequestException, ValueError) as trouble:
            raise Unavailable(UNREACHABLE) from trouble
        if not isinstance(about, dict):
            raise Unavailable(UNREACHABLE)
        told = [about.get(name, "") for name in ("authorization_endpoint", "token_endpoint", "jwks_uri")]
        if about.get("issuer") not in self._names or not all(self._is_safe(address) for address in told):
            raise Unavailable(UNREACHABLE)
        return dict(about)

    def _get(self, session: OAuth2Session, address: str) -> Any:  # noqa: ANN401 -- another machine's JSON may be anything
        answer = session.request("GET", address, withhold_token=True, timeout=PATIENCE_SECONDS)
        answer.raise_for_status()
        return answer.json()

    def _is_safe(self, address: str) -> bool:
        """Plain http is for a provider on this very machine only, as in tests."""
        return urlsplit(address).scheme == "https" or (is_loopback(address) and is_loopback(self._issuer))


def provider_of(settings: Settings) -> IdentityProvider | None:
    """Give the door to the provider that the settings name, if they name one."""
    return IdentityProvider(settings) if settings.oidc_issuer else None
