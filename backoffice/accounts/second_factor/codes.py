"""Which six digits are right now, and were they used before (RFC 6238)?"""

import hmac
import unicodedata
from datetime import datetime

import pyotp

PERIOD = 30
DIGITS = 6
STEPS_OFF = 1
"""A clock may be half a minute off, and a person takes time to type."""
ISSUER = "Gijo"
SECRET_BYTES = 20


def step_at(now: datetime) -> int:
    """Give the number of the half minute that `now` lies in."""
    return int(now.timestamp()) // PERIOD


def code_of(secret: str, step: int) -> str:
    return pyotp.TOTP(secret, digits=DIGITS, interval=PERIOD).generate_otp(step)


def step_of(secret: str, typed: str, now: datetime, last_step: int | None) -> int | None:
    """Give the step whose code was typed; None for a wrong code and for one as old as the last that was taken."""
    code = "".join(unicodedata.normalize("NFKC", typed).split())
    if len(code) != DIGITS or not code.isascii():
        return None
    present = step_at(now)
    right = [
        step
        for step in range(present - STEPS_OFF, present + STEPS_OFF + 1)
        if hmac.compare_digest(code_of(secret, step), code)
    ]
    return next((step for step in right if last_step is None or step > last_step), None)


def next_code(secret: str, now: datetime, last_step: int | None) -> str | None:
    """Give a code that would be taken now; None where the person must wait for the next half minute."""
    step = max(step_at(now), -1 if last_step is None else last_step + 1)
    return code_of(secret, step) if step <= step_at(now) + STEPS_OFF else None


def enrolment_address(secret: str, account: str) -> str:
    """Give what an authenticator reads from the picture."""
    return pyotp.TOTP(secret, digits=DIGITS, interval=PERIOD).provisioning_uri(name=account, issuer_name=ISSUER)
