"""How does a department say how sure is sure enough? Upwards as it likes, downwards as far as the ledger allows."""

from sqlalchemy import select

from backoffice.errors import Invalid, Overtaken
from backoffice.identity import Department
from backoffice.intake.models import ReadingThreshold
from backoffice.intake.thresholds import ERRORS_OF, Key, history_of, steps_of
from backoffice.verification.events import ThresholdPutBack, ThresholdSet
from backoffice.web.forms_in import number_typed
from backoffice.web.translations import _
from backoffice.work import Work
from ocr.strata import GATE, lowest_kept

SUREST = 100
MOST_ERRORS = 500
"""Of 10,000 fields that pass: who wants more wrong than 5 % has no use for a reader."""
WRONG = _("入力を確認してください")


def set_threshold(work: Work, key: Key, typed: str, errors: int, seen: int) -> ReadingThreshold:
    """Set from which confidence on one type of field passes, `errors` in 10,000 allowed. Raises Invalid, Overtaken.

    `seen` is the number of the setting that the person had before them, 0 for none.
    """
    threshold = number_typed(typed)
    if threshold is None or threshold > SUREST:
        raise Invalid(WRONG, {"threshold": _("確度を、0から100までの数で入れてください。")})
    _must_be_last(work, key, seen)
    if threshold < GATE:
        _must_be_proven(work, key, threshold, errors)
    kept = _keep(work, key, threshold, errors, seen)
    work.record(ThresholdSet(kept.id, kept.form_code, threshold))
    return kept


def put_back(work: Work, key: Key, seen: int) -> None:
    """Let the reader's own gate count again. Raises Overtaken where nothing is set, or another setting since."""
    last = _must_be_last(work, key, seen)
    if last is None or last.threshold is None:
        raise Overtaken(_("この欄の種類には、決めた基準がありません。"))
    kept = _keep(work, key, None, last.errors, seen)
    work.record(ThresholdPutBack(kept.id, kept.form_code))


def allowed(errors: int) -> float:
    """Give the error rate that so many wrong ones in 10,000 are."""
    return errors / ERRORS_OF


def _must_be_proven(work: Work, key: Key, threshold: int, errors: int) -> None:
    lowest = lowest_kept(steps_of(work.session, key), allowed(errors))
    if lowest is not None and lowest <= threshold:
        return
    if lowest is None or lowest >= GATE:
        said = _("台帳が足りないか、誤りが多いため、機械の基準より低くはできません。")
    else:
        said = _("この誤りの割合に収まることが台帳で分かるのは、もっと高い確度までです。")
    raise Invalid(WRONG, {"threshold": said})


def _must_be_last(work: Work, key: Key, seen: int) -> ReadingThreshold | None:
    """Give the setting that counts; of two people who set at once, the second waits here and is told."""
    work.session.execute(select(Department.id).where(Department.id == key[0]).with_for_update(key_share=True))
    last = next(iter(history_of(work.session, key)), None)
    if (last.number if last else 0) != seen:
        raise Overtaken(_("ほかの職員が先に基準を変えました。最新の内容を確認してください。"))
    return last


def _keep(work: Work, key: Key, threshold: int | None, errors: int, seen: int) -> ReadingThreshold:
    kept = ReadingThreshold(
        department_id=key[0],
        form_code=key[1],
        type=key[2],
        number=seen + 1,
        threshold=threshold,
        errors=errors,
        set_by_id=work.actor.staff_id,
        set_at=work.now,
    )
    work.session.add(kept)
    work.session.flush()
    return kept
