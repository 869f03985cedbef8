"""What does the office have that a route may name? Roles, places, people, forms, facts: handed in by who checks one."""

from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field

from forms.definition import FormDefinition, FormField


@dataclass(frozen=True)
class Known:
    """`facts` are the questions of the form that a case of this kind begins with. `accounts` None: not asked about."""

    roles: AbstractSet[str]
    places: AbstractSet[str]
    forms: Mapping[str, FormDefinition]
    facts: Mapping[str, FormField] = field(default_factory=dict)
    accounts: AbstractSet[str] | None = None
