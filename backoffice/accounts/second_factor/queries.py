"""Which second factors does a person hold, and what waits to be set up?"""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from backoffice.accounts.second_factor.models import SecurityKey, TotpFactor


@dataclass(frozen=True)
class Held:
    totp: TotpFactor | None
    keys: Sequence[SecurityKey]

    @property
    def has_code(self) -> bool:
        return self.totp is not None and self.totp.sealed_secret is not None

    @property
    def any(self) -> bool:
        return self.has_code or bool(self.keys)

    @property
    def only_one(self) -> bool:
        return self.has_code + len(self.keys) == 1


def held_by(session: Session, staff_id: int | None) -> Held:
    return Held(
        session.scalars(select(TotpFactor).where(TotpFactor.staff_id == staff_id)).one_or_none(),
        session.scalars(select(SecurityKey).where(SecurityKey.staff_id == staff_id).order_by(SecurityKey.id)).all(),
    )
