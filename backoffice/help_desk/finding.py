"""Whose is this reference code? The only way to a resident at the help desk: nobody is found by name or by browsing.

Somebody under 支援措置 is found no more than nobody: who calls may be whom they hide from, and whoever answers the
telephone cannot give away what they were not told.
"""

import re
from collections.abc import Callable, Sequence

from sqlalchemy.orm import Session

from backoffice.audiences import of_person as notices
from backoffice.consents import queries as consents
from backoffice.consents import service
from backoffice.consents.models import Registrant, RegistrantLook
from backoffice.data_links import live
from backoffice.errors import Invalid, NotThere
from backoffice.residents import protecting
from backoffice.web.free_text import reason_given
from backoffice.web.translations import _
from backoffice.work import Work
from forms.widths import plain

Finder = Callable[[Session, str], Registrant | None]
FINDERS: Sequence[Finder] = (
    consents.registrant_with_consent,
    live.registrant_with_consent,
    notices.registrant_with_reference,
)
"""Whatever a resident holds in their hands with a code on it has a finder here."""
CODE = re.compile(r"[0-9a-f]{16}")
_GAPS = re.compile(r"[\s-]")


def open_by_code(work: Work, code: str, reason: str) -> RegistrantLook | None:
    """Find whose a reference code is and open a look at them; None, recorded too, for a code that nobody has.

    Raises Invalid for what cannot be a code or no reason, TooSoon after too many codes in vain.
    """
    reason = reason_given(reason, "reason")
    code = _GAPS.sub("", plain(code)).lower()
    if not CODE.fullmatch(code):
        raise Invalid(
            service.WRONG,
            {"code": _("受付番号は、0から9とaからfの16文字です。控えかメールを見て読み直してもらってください。")},
        )
    # Every finder is asked, and after nobody's protection too: how long an answer takes tells nothing either.
    found = next(filter(None, [finder(work.session, code) for finder in FINDERS]), None)
    return service.open_look_at(work, None if _is_hidden(work, found) else found, reason)


def look_of(work: Work, look_id: int) -> RegistrantLook:
    """Give a look that the actor opened in the last half hour. Raises NotThere, also once the person is protected."""
    look = service.look_of(work, look_id)
    if _is_hidden(work, look.registrant):
        raise NotThere("お探しの記録は見つかりませんでした。")
    return look


def _is_hidden(work: Work, registrant: Registrant | None) -> bool:
    cipher, pseudonym = work.office.cipher, ""
    if registrant is not None:
        pseudonym = cipher.open(registrant.sealed_pseudonym, service.PSEUDONYM).decode()
    return protecting.is_protected(work, pseudonym)
