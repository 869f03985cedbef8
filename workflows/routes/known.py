"""What does the office have that a route may name? Roles, places, people, forms, facts: handed in by who checks one."""

from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field

from forms.definition import FormDefinition
from forms.field_types import FieldType


@dataclass(frozen=True)
class Known:
    """`accounts` None: not asked about. `facts` are what cases of this kind are started with, all of them, always."""

    roles: AbstractSet[str]
    places: AbstractSet[str]
    forms: Mapping[str, FormDefinition]
    facts: Mapping[str, FieldType] = field(default_factory=dict)
    accounts: AbstractSet[str] | None = None
