"""How does the office refuse, in words that the person can act on?

A refusal carries a msgid (Japanese) and its parameters, so that it is read in the person's language, and its true
HTTP status.
"""

from http import HTTPStatus


class Refusal(Exception):  # noqa: N818 -- a refusal is an answer of the office, not a fault of the program
    status: HTTPStatus = HTTPStatus.BAD_REQUEST

    def __init__(self, message: str, **params: object) -> None:
        super().__init__(message)
        self.message = message
        self.params = params


class SignInNeeded(Refusal):
    status = HTTPStatus.UNAUTHORIZED


class SecondFactorNeeded(Refusal):
    """The password was right; the second factor is still to be proved, or to be set up."""

    status = HTTPStatus.UNAUTHORIZED


class NewPasswordNeeded(Refusal):
    """The password was right, and an administrator knows it: the person is to choose their own."""

    status = HTTPStatus.UNAUTHORIZED


class FreshProofNeeded(Refusal):
    """The person is inside, and is to show once more who they are."""

    status = HTTPStatus.UNAUTHORIZED


class TooSoon(Refusal):
    """Tried again too early after wrong tries; `seconds` in the parameters says when."""

    status = HTTPStatus.TOO_MANY_REQUESTS


class NotPermitted(Refusal):
    status = HTTPStatus.FORBIDDEN


class CardNeeded(NotPermitted):
    """Open to whoever was proven with their My Number card."""


class NotThere(Refusal):
    """Also for what the person may not see: its existence is not told."""

    status = HTTPStatus.NOT_FOUND


class Overtaken(Refusal):
    """Someone else changed the record in the meantime."""

    status = HTTPStatus.CONFLICT


class StillOnItsWay(Overtaken):
    """The same call, with the same idempotency key, is being worked on."""


class Invalid(Refusal):
    """Input that the office cannot take; `fields` maps each field's name to its message."""

    status = HTTPStatus.UNPROCESSABLE_ENTITY

    def __init__(self, message: str, fields: dict[str, str] | None = None, **params: object) -> None:
        super().__init__(message, **params)
        self.fields = fields or {}


class KeyUsedOtherwise(Invalid):
    """An idempotency key came a second time with another call."""


class Unavailable(Refusal):
    status = HTTPStatus.SERVICE_UNAVAILABLE
