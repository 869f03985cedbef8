"""How do records become paper to be posted? Each a packet: a cover to whom it goes, then the form with its answers."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import chain

from forms.definition import FormDefinition, FormField
from forms.field_types import FieldType, Value
from forms.paper.drawn import Leaf, PaperPage
from forms.paper.envelope import Addressee, Letter, cover
from forms.paper.filling import filled

MOST_RECORDS = 500
MOST_PAGES = 1_200
"""That anything stands on: each takes nearly a megabyte of memory while it is set (bench/packets.py)."""
_PLACES = frozenset({FieldType.ADDRESS, FieldType.TEXT, FieldType.LINES})
_NAMES = frozenset({FieldType.PERSON_NAME, FieldType.TEXT})
_OF_BODIES = ("団体", "愛護会", "組織", "法人", "会社", "事業者", "施設", "会の名")
"""What the label of a question for the name of a body has in it."""


@dataclass(frozen=True)
class AddressKeys:
    """Which questions say to whom: keys, "" for none."""

    postal_code: str = ""
    address: str = ""
    name: str = ""


@dataclass(frozen=True)
class Order:
    """What is printed of each record. `letter`: what its cover says, None for no covers."""

    letter: Letter | None
    keys: AddressKeys
    answers: bool
    duplex: bool


def guessed_keys(definition: FormDefinition) -> AddressKeys:
    """Guess which questions say to whom: a postal code, the address behind it, and a body's name before a person's."""
    asked = single_questions(definition)
    code = next((one for one in asked if one.type is FieldType.POSTAL_CODE), None)
    behind = asked[asked.index(code) :] if code else asked
    address = next((one for one in (*behind, *asked) if one.type is FieldType.ADDRESS), None)
    bodies = (one for one in asked if one.type is FieldType.TEXT and any(word in one.label for word in _OF_BODIES))
    people = (one for one in asked if one.type is FieldType.PERSON_NAME)
    name = next(chain(bodies, people), None)
    return AddressKeys(*(one.key if one else "" for one in (code, address, name)))


def honorific_for(definition: FormDefinition, name_key: str) -> str:
    """Say how whoever is named by an answer is addressed: a person 様, a body 御中."""
    people = {one.key for one in definition.fields if one.type is FieldType.PERSON_NAME}
    return "様" if name_key in people else "御中"


def single_questions(definition: FormDefinition) -> list[FormField]:
    """Give the questions with one answer: no cell of a table."""
    return [one for one in definition.fields if not one.columns]


def keys_to_pick(definition: FormDefinition) -> tuple[list[FormField], list[FormField], list[FormField]]:
    """Give the questions that may be a postal code, an address, a name."""
    asked = single_questions(definition)
    codes = [one for one in asked if one.type is FieldType.POSTAL_CODE]
    return codes, [one for one in asked if one.type in _PLACES], [one for one in asked if one.type in _NAMES]


def addressee(keys: AddressKeys, values: Mapping[str, Value]) -> Addressee | None:
    """Give to whom a record's packet goes; None where its address or its name was not answered."""
    code, address, name = (str(values.get(key) or "") for key in (keys.postal_code, keys.address, keys.name))
    return Addressee(code.replace("-", ""), " ".join(address.split()), name) if address and name else None


def packet(
    order: Order, copy: Sequence[PaperPage], title: str, number: str, values: Mapping[str, Value]
) -> Sequence[Leaf]:
    """Give the leaves of one record. `copy`: the form's pages under a serial of their own; `title`: the form's.

    Printed on both sides, cover and form each begin on a new sheet: the form is sent back without its cover.
    """
    form: list[Leaf] = [filled(page, values) if order.answers else page for page in copy]
    to = addressee(order.keys, values)
    if order.letter is None or to is None:
        return _sides(form, order)
    on_top = cover(order.letter, to, number, [f"{title} {len(copy)}ページ"])
    return [*_sides([on_top], order), *_sides(form, order)]


def _sides(leaves: list[Leaf], order: Order) -> list[Leaf]:
    return [*leaves, Leaf(())] if order.duplex and len(leaves) % 2 else leaves
