"""How is a password kept and checked? argon2id, slow on purpose, outside every transaction."""

from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerifyMismatchError
from argon2.profiles import RFC_9106_LOW_MEMORY

from backoffice.web.translations import _

MIN_LENGTH = 8
MAX_LENGTH = 128
COMMON = frozenset(
    {
        "password",
        "password1",
        "12345678",
        "123456789",
        "1234567890",
        "qwertyui",
        "qwerty123",
        "11111111",
        "00000000",
        "iloveyou",
        "fukuoka1",
    }
)

_hasher = PasswordHasher.from_parameters(RFC_9106_LOW_MEMORY)


def hash_password(password: str) -> str:
    return _hasher.hash(password)


@cache
def _nobody() -> str:
    """Give a hash for unknown accounts: checking one takes as long as checking a known one."""
    return _hasher.hash("no account has this password")


def is_right(password_hash: str | None, password: str) -> bool:
    """Check `password` in the same time whether there is an account (a hash) or none."""
    try:
        _hasher.verify(password_hash or _nobody(), password)
    except (VerifyMismatchError, InvalidHashError):
        return False
    return password_hash is not None


def trouble_with(password: str, account: str) -> str | None:
    """Say (a msgid) why a new password cannot be taken, or None (OWASP ASVS 5.0, 6.2)."""
    if len(password) < MIN_LENGTH:
        return _("パスワードは8文字以上にしてください。")
    if len(password) > MAX_LENGTH:
        return _("パスワードは128文字までです。")
    if password.lower() in COMMON or password.lower() == account.lower():
        return _("推測されやすいパスワードは使えません。")
    return None
