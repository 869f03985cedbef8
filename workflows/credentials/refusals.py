"""Why is a credential not believed? One exact reason each, for whoever runs the checking, never for its holder."""

from enum import StrEnum


class Reason(StrEnum):
    TOO_LARGE = "too_large"
    MALFORMED = "malformed"
    """Not of the form that it says it has; also encoded in another way than the one that there is."""
    WRONG_TYPE = "wrong_type"
    """A signed statement, but another kind of one."""
    ALGORITHM = "algorithm"
    """Signed in a way that is not taken: `none`, a shared secret, or anything but ES256."""
    CRITICAL_HEADER = "critical_header"
    """It says that whoever does not understand a header must refuse it (`crit`)."""
    UNKNOWN_KEY = "unknown_key"
    SIGNATURE = "signature"
    HASH_ALGORITHM = "hash_algorithm"
    DISCLOSURE_MALFORMED = "disclosure_malformed"
    DISCLOSURE_TWICE = "disclosure_twice"
    DISCLOSURE_UNUSED = "disclosure_unused"
    """What was handed over along with it is not what the issuer signed."""
    DIGEST_TWICE = "digest_twice"
    NAME_FORBIDDEN = "name_forbidden"
    NAME_TAKEN = "name_taken"
    """A disclosed claim would take the place of one that stands there in plain."""
    ISSUER = "issuer"
    CREDENTIAL_TYPE = "credential_type"
    NOT_YET = "not_yet"
    EXPIRED = "expired"
    NO_HOLDER_KEY = "no_holder_key"
    NO_KEY_BINDING = "no_key_binding"
    """Handed on without proof that its holder is the one who shows it."""
    HOLDER_SIGNATURE = "holder_signature"
    AUDIENCE = "audience"
    NONCE = "nonce"
    KEY_BINDING_TIME = "key_binding_time"
    BOUND_TO_OTHERS = "bound_to_others"
    """The holder signed for other disclosures than those that are shown (`sd_hash`)."""
    NO_STATUS = "no_status"
    REVOKED = "revoked"
    STATUS_UNKNOWN = "status_unknown"
    """The list does not reach so far, or is not the one that was asked for: what cannot be known is not believed."""


class RefusedError(Exception):
    def __init__(self, reason: Reason) -> None:
        super().__init__(reason.value)
        self.reason = reason
