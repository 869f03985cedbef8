"""What may a person write in their own words? A reason, not too long, and never a 個人番号."""

from backoffice.errors import Invalid
from backoffice.web.translations import _
from forms.my_number import holds_my_number

LIMIT = 500

NO_MY_NUMBER = _("個人番号(12桁)はこの仕組みに入れられません。消してからやり直してください。")


def reason_given(text: str, field: str) -> str:
    """Give the reason without blanks around it. Raises Invalid, naming `field`, for none, a long one or a 個人番号."""
    text = text.strip()
    if not text:
        trouble = _("理由を入れてください。")
    elif len(text) > LIMIT:
        trouble = _("理由は500文字までです。")
    elif holds_my_number(text):
        trouble = NO_MY_NUMBER
    else:
        return text
    raise Invalid(trouble, {field: trouble})
