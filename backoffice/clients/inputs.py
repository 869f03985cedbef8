"""What do people type about machine clients, and when is it refused?"""

from collections.abc import Collection, Mapping

from backoffice.clients.scopes import Scope
from backoffice.clients.service import Particulars
from backoffice.errors import Invalid
from backoffice.web.forms_in import whole_number
from backoffice.web.free_text import NO_MY_NUMBER
from backoffice.web.translations import _
from forms.my_number import holds_my_number

WRONG = _("入力を確認してください")
NAME_LIMIT, CONTACT_LIMIT = 100, 200


def read_particulars(form: Mapping[str, list[str]], departments: Collection[int]) -> Particulars:
    """Read who a client is. Raises Invalid with a message a field."""
    wrong: dict[str, str] = {}
    name, body, contact = (_one(form, field) for field in ("name", "outside_body", "contact"))
    department = whole_number(_one(form, "department"))
    if not 0 < len(name) <= NAME_LIMIT:
        wrong["name"] = _("名称を入れてください(100文字まで)。")
    if not 0 < len(contact) <= CONTACT_LIMIT:
        wrong["contact"] = _("連絡先を入れてください(200文字まで)。担当の部署と電話番号など。")
    if department and department not in departments:
        wrong["department"] = _("部署を選んでください。")
    if bool(department) == bool(body) or len(body) > NAME_LIMIT:
        wrong["outside_body"] = _("所管の部署か、外部の事業者の名前(100文字まで)の、どちらか1つを入れてください。")
    wrong |= {key: NO_MY_NUMBER for key in ("name", "outside_body", "contact") if holds_my_number(_one(form, key))}
    if wrong:
        raise Invalid(WRONG, wrong)
    scopes = frozenset(Scope(each) for each in form.get("scope", []) if each in set(Scope))
    return Particulars(name, department or None, body, contact, scopes)


def as_typed(form: Mapping[str, list[str]]) -> dict[str, str]:
    """Give what was typed, for the form once more, without keys: a private one may be among them."""
    typed = {field: _one(form, field) for field in ("name", "outside_body", "contact", "department", "version")}
    return typed | {"scopes": " ".join(form.get("scope", []))}


def _one(form: Mapping[str, list[str]], field: str) -> str:
    return (form.get(field) or [""])[-1].strip()
