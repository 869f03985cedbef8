"""What stands beside a run on its page: its screen, for whoever watches, and what a person may do about it?"""

from backoffice.automation import pages
from backoffice.automation.by_day import choices
from backoffice.automation.models import Night
from backoffice.automation.workflow import NightState
from backoffice.work import Work


def beside(work: Work, night: Night, at_hand: int | None) -> pages.Watched:
    """Give what a person sees of a run, and what they may do about the record `at_hand`."""
    if night.state == NightState.ENDED:
        return pages.Watched(night, moving=False)
    found = choices.beside(work.session, work.actor, night.id, at_hand)
    sees = found.watches_until is not None and found.watches_until > work.now
    shown = sees and found.screen and found.item and found.screen.item_id == found.item.id
    return pages.Watched(
        night,
        moving=True,
        steers=found.steers,
        sees=sees,
        screen=found.screen if shown else None,
        item=found.item,
    )
