"""What does a version do otherwise than the one before it? Sentences for whoever decides on its release."""

from collections.abc import Mapping

from backoffice.recordings.models import BotVersion
from backoffice.recordings.words import said_of
from backoffice.web.translations import _, translate
from rpa_bots.recording.tape.differing import About, Difference, differences
from rpa_bots.recording.tape.marks import only_looks
from rpa_bots.recording.tape.mending import dialogs_of, ours, proof_in
from rpa_bots.recording.tape.steps import Change, Navigate, Recording, Step

BY_THE_STEP = {
    About.ADDED: _("手順%(n)s %(step)s: 加わりました"),
    About.WAYS: _("手順%(n)s %(step)s: 見つけ方が変わりました"),
    About.MARKS: _("手順%(n)s %(step)s: 読み取り・ファイル・くり返し・条件が変わりました"),
    About.OTHER: _("手順%(n)s %(step)s: 待ち方などの細かい設定が変わりました"),
}


def sentences(before: Recording, after: Recording, names: Mapping[str, str]) -> list[str]:
    """Tell the differences, steps numbered as each version's page numbers them. `names`: labels by what goes in."""
    told = _Told(before, after, names)
    return [told.sentence(each) for each in differences(before, after)]


def of_next_work(before: BotVersion, after: BotVersion) -> list[str]:
    """Tell what follows a version's work otherwise than the work of the one before (both with the next bots' forms)."""
    if before.next_bot_id != after.next_bot_id:
        if after.next_bot is None:
            return [translate(_("次の仕事がなくなりました"))]
        return [translate(_("次の仕事: 登録できた案件を「%(title)s」に渡します"), title=after.next_bot.design.title)]
    if (before.next_mapping or {}) != (after.next_mapping or {}):
        return [translate(_("次の仕事に渡す欄の対応が変わりました"))]
    return []


class _Told:
    def __init__(self, before: Recording, after: Recording, names: Mapping[str, str]) -> None:
        self._before, self._after, self._names = before, after, names

    def sentence(self, each: Difference) -> str:  # noqa: PLR0911 -- one line a kind of difference
        old, new = _step(self._before, each.before), _step(self._after, each.after)
        number, step = number_of(self._after, each.after), said_of(new).text if new else ""
        match each.about:
            case About.REMOVED if old is not None:
                gone = number_of(self._before, each.before)
                return translate(_("前の手順%(n)s %(step)s: なくなりました"), n=gone, step=said_of(old).text)
            case About.VALUE if isinstance(old, Change) and isinstance(new, Change):
                values = {"old": self._value(old), "new": self._value(new)}
                return translate(
                    _("手順%(n)s %(step)s: 「%(old)s」でなく「%(new)s」を入れます"), n=number, step=step, **values
                )
            case About.ADDRESS if isinstance(old, Navigate) and isinstance(new, Navigate):
                return translate(_("手順%(n)s: %(old)s でなく %(new)s を開きます"), n=number, old=old.url, new=new.url)
            case About.REGISTERS if new is None:
                return translate(_("登録の手順がなくなりました"))
            case About.REGISTERS:
                return translate(_("手順%(n)s %(step)s: ここで登録します"), n=number, step=step)
            case About.DIALOGS:
                texts = "、".join(f"「{text}」" for text in dialogs_of(self._after)) or "—"
                return translate(_("「OK」で答えてよいダイアログ: %(texts)s"), texts=texts)
            case About.LOOKS if only_looks(self._after):
                return translate(_("照会だけを行い、登録はしません"))
            case About.LOOKS:
                return translate(_("照会だけでなく、登録します"))
            case About.PROOF:
                return translate(_("登録できたことを示す文字: %(text)s"), text=proof_in(self._after) or "—")
        return translate(BY_THE_STEP[each.about], n=number, step=step)

    def _value(self, step: Change) -> str:
        return self._names.get(step.value, step.value)


def _step(recording: Recording, place: int | None) -> Step | None:
    return None if place is None else recording.steps[place]


def number_of(recording: Recording, place: int | None) -> int:
    """Number a step (from 1) as a clerk counts: the marks that we write are none."""
    marks = ours(recording)
    return sum(each not in marks for each in range((place or 0) + 1))
