"""What does a clerk say about the work that follows a bot's, and who lets their bot take work from others?"""

from backoffice.errors import Invalid
from backoffice.form_designs.shelf import newest_definitions
from backoffice.recordings import linking, service
from backoffice.recordings.events import NextWorkChosen, TakingOverSet
from backoffice.recordings.linking import NextWork
from backoffice.recordings.models import BotVersion, RecordedBot
from backoffice.web.translations import _
from backoffice.work import Work


def choose(work: Work, version: BotVersion, seen: int, following: NextWork | None) -> None:
    """Let what a version has done go on to another bot; None: to none.

    Raises Invalid, with the keys of the next form that are not told well; NotPermitted, Overtaken.
    """
    service.must_be_mendable(work, version, seen)
    if following is None:
        version.next_bot_id = version.next_mapping = None
    else:
        bot = next((each for each in linking.candidates(work.session, version) if each.id == following.bot_id), None)
        if bot is None:
            message = _("次の仕事のロボットを選び直してください。")
            raise Invalid(message, {"bot": message})
        _must_be_told(work, version, following, bot)
        version.next_bot_id, version.next_mapping = bot.id, {key: one for key, one in following.mapping.items() if one}
    service.tell_case(work, version)
    work.record(NextWorkChosen(version.id, version.next_bot_id or 0))


def let_take_over(work: Work, bot: RecordedBot, *, takes_over: bool) -> None:
    """Let other departments' bots bring work to this one, or no longer. Raises NotPermitted."""
    service.must_teach(work.actor, bot.department)
    bot.takes_over = takes_over
    work.record(TakingOverSet(bot.id, int(takes_over)))


def _must_be_told(work: Work, version: BotVersion, following: NextWork, bot: RecordedBot) -> None:
    after = newest_definitions(work.session, [bot.design.code])[bot.design.code]
    before, recording = service.definition_of(work, version), service.recording_of(version)
    wrong = linking.wrong_in(following.mapping, before, recording, after)
    if wrong:
        raise Invalid(_("次の仕事の欄の対応を確かめてください。"), wrong)
