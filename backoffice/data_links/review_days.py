"""When is a link to be looked at again? As its version says, or a year after a review that let it go on since."""

from collections.abc import Collection, Mapping
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from backoffice.data_links.models import LinkReview, LinkVersion
from backoffice.data_links.weighing import terms_of


def review_days(session: Session, versions: Collection[LinkVersion]) -> Mapping[int, date]:
    """Give the day by link, of the versions in force: never before the one that was agreed."""
    days = {version.link_id: terms_of(version).review_on for version in versions}
    since = {version.link_id: version.in_force_at for version in versions}
    kept = select(LinkReview.link_id, LinkReview.settled_at, LinkReview.next_on).where(
        LinkReview.link_id.in_(days), LinkReview.next_on.is_not(None)
    )
    for link_id, settled_at, next_on in session.execute(kept):
        begun = since[link_id]
        if next_on is not None and settled_at is not None and begun is not None and settled_at >= begun:
            days[link_id] = max(days[link_id], next_on)
    return days
