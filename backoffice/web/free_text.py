"""What may a person write in their own words? A reason, not too long, and never a 個人番号; and whom may they name?"""

from backoffice.errors import Invalid
from backoffice.web.translations import _
from forms.my_number import holds_my_number
from forms.widths import plain
from workflows.rules.cells import is_pseudonym

LIMIT = 500

NO_MY_NUMBER = _("個人番号(12桁)はこの仕組みに入れられません。消してからやり直してください。")


def reason_given(text: str, field: str) -> str:
    """Give the reason without blanks around it. Raises Invalid, naming `field`, for none, a long one or a 個人番号."""
    return _given(text, field, _("理由を入れてください。"), _("理由は500文字までです。"), LIMIT)


def words_given(text: str, field: str, limit: int = 2000) -> str:
    """Give what was written, blanks around it removed. Raises Invalid for nothing, too much or a 個人番号."""
    return _given(text, field, _("文を入れてください。"), _("文が長すぎます。"), limit)


def note_given(text: str, field: str) -> str:
    """Give a note that may be left out. Raises Invalid for a long one or a 個人番号."""
    return reason_given(text, field) if text.strip() else ""


def pseudonym_given(text: str) -> str:
    """Give a pseudonym as typed, in half width and without blanks around it. Raises Invalid."""
    text = plain(text)
    if holds_my_number(text):
        raise Invalid(NO_MY_NUMBER, {"pseudonym": NO_MY_NUMBER})
    if not is_pseudonym(text):
        raise Invalid(_("入力を確認してください"), {"pseudonym": _("仮名を、英数字6文字以上で入れてください。")})
    return text


def _given(text: str, field: str, missing: str, too_long: str, limit: int) -> str:
    text = text.strip()
    if not text:
        trouble = missing
    elif len(text) > limit:
        trouble = too_long
    elif holds_my_number(text):
        trouble = NO_MY_NUMBER
    else:
        return text
    raise Invalid(trouble, {field: trouble})
