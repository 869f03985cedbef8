"""What does a resident's telephone do? A simulator for tests and demonstrations; its format is the real one."""

from collections.abc import Collection
from dataclasses import dataclass

from workflows.credentials.encoding import unpacked_json
from workflows.credentials.possession import TYPE
from workflows.credentials.sd_jwt import Presentation, digest, split
from workflows.credentials.signing import Key, public_part, signed
from workflows.credentials.verifying import PROOF_TYPE


@dataclass(frozen=True)
class WalletSimulator:
    """Holds one credential and the key that it is bound to."""

    key: Key
    credential: str

    def present(self, disclose: Collection[str], audience: str, nonce: str, now: int) -> str:
        """Show the claims named in `disclose`, and no other, to the one checker who gave `nonce`."""
        held = split(self.credential)
        chosen = tuple(each for each in held.disclosures if unpacked_json(each)[1] in disclose)
        shown = Presentation(held.statement, chosen)
        proof = {"iat": now, "aud": audience, "nonce": nonce, "sd_hash": digest(shown.bound)}
        return shown.bound + signed({"typ": PROOF_TYPE}, proof, self.key)


def proof_of(key: Key, audience: str, nonce: str, now: int) -> str:
    """Prove to an issuer that one has the key to which a credential is to be bound."""
    return signed({"typ": TYPE, "jwk": public_part(key)}, {"aud": audience, "iat": now, "nonce": nonce}, key)
