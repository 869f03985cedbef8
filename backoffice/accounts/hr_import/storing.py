"""How does a file wait for its day? As JSON with its schema's number: a reader of a later version lifts it."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from backoffice.accounts.hr_import.roster import Person, Roster, Unit
from backoffice.identity import Role

SCHEMA = 1


def to_json(roster: Roster) -> dict[str, Any]:
    return {
        "schema": SCHEMA,
        "has_roles": roster.has_roles,
        "has_mail": roster.has_mail,
        "units": [[unit.code, unit.name, unit.short_name, unit.parent] for unit in roster.units.values()],
        "people": [
            {
                "line": person.line,
                "account": person.account,
                "name": person.name,
                "unit": person.unit,
                "roles": [str(role) for role in person.roles],
                "starts": person.starts.isoformat() if person.starts else None,
                "ends": person.ends.isoformat() if person.ends else None,
                "mail": person.mail,
            }
            for person in roster.people.values()
        ],
    }


def from_json(stored: Mapping[str, Any]) -> Roster:
    units = [Unit(*parts) for parts in stored["units"]]
    people = [
        Person(
            line=each["line"],
            account=each["account"],
            name=each["name"],
            unit=each["unit"],
            roles=tuple(Role(role) for role in each["roles"]),
            starts=date.fromisoformat(each["starts"]) if each["starts"] else None,
            ends=date.fromisoformat(each["ends"]) if each["ends"] else None,
            mail=each["mail"],
        )
        for each in stored["people"]
    ]
    return Roster(
        {unit.code: unit for unit in units},
        {person.account: person for person in people},
        stored["has_roles"],
        stored["has_mail"],
    )
