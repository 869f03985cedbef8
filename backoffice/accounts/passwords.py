"""How is a password kept and checked? argon2id, slow on purpose, outside every transaction."""

from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerifyMismatchError
from argon2.profiles import RFC_9106_LOW_MEMORY
from zxcvbn.frequency_lists import FREQUENCY_LISTS

from backoffice.web.translations import _

MIN_LENGTH = 8
MAX_LENGTH = 128
FEW = 2
"""Different characters: aaaaaaaa, 12121212."""
COMMON = frozenset(word for word in FREQUENCY_LISTS["passwords"] if len(word) >= MIN_LENGTH)
"""Some eleven thousand, from leaked lists: what is tried first everywhere."""
OWN_WORDS = ("gijo", "fukuoka", "password", "ふくおか", "福岡", "技助")
"""With figures around them they are the first that a stranger would try here."""

_hasher = PasswordHasher.from_parameters(RFC_9106_LOW_MEMORY)


def hash_password(password: str) -> str:
    return _hasher.hash(password)


@cache
def _nobody() -> str:
    """Give a hash for unknown accounts: checking one takes as long as checking a known one."""
    return _hasher.hash("no account has this password")


def is_right(password_hash: str | None, password: str) -> bool:
    """Check `password` in the same time whether there is an account with a password (a hash) or none."""
    try:
        _hasher.verify(password_hash or _nobody(), password)
    except (VerifyMismatchError, InvalidHashError):
        return False
    return bool(password_hash)


def trouble_with(password: str, account: str) -> str | None:
    """Say (a msgid) why a new password cannot be taken, or None (OWASP ASVS 5.0, 6.2)."""
    if len(password) < MIN_LENGTH:
        return _("パスワードは8文字以上にしてください。")
    if len(password) > MAX_LENGTH:
        return _("パスワードは128文字までです。")
    if _is_guessed_first(password.lower(), account.lower()):
        return _("推測されやすいパスワードは使えません。")
    return None


def _is_guessed_first(password: str, account: str) -> bool:
    plain = password.strip("0123456789!@#$%&*-_.+? ")
    if len(set(password)) <= FEW or account in {password, plain}:
        return True
    return password in COMMON or plain in COMMON or plain in OWN_WORDS
