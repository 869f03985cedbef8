"""Which digital IDs hold no more at this moment? The signed list that anyone may fetch, and the keys behind it."""

from backoffice.digital_id import queries
from backoffice.digital_id.addresses import status_list_of
from backoffice.digital_id.keys import believed_keys, newest_key, signing_key
from backoffice.digital_id.models import IssuingKey
from backoffice.errors import NotThere
from backoffice.work import Work
from workflows.credentials.status_list import MOST_PLACES, bits_of, compressed, status_statement


def status_list_now(work: Work) -> str:
    """Sign the list as it is at this moment. Raises NotThere where nothing was ever issued."""
    key = newest_key(work)
    if key is None:
        raise NotThere("お探しのものはありません。")
    revoked = queries.revoked_places(work.session, work.today)
    lst = compressed(bits_of(MOST_PLACES, revoked))
    address = status_list_of(work.office.settings)
    return status_statement(address, lst, int(work.now.timestamp()), signing_key(work, key), key.name)


def listed_keys(work: Work) -> list[IssuingKey]:
    """Give the keys by which digital IDs and the list are believed today."""
    return believed_keys(work, work.today)
