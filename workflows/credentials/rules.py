"""May this person have this price, this drink, this room? One named rule, a few claims, yes or no and nothing else.

A rule never tells why not: who is too young, who disclosed nothing and who has no certificate are all a plain no.
Works on claims, however they arrived.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from workflows.credentials.claims import ClaimName, Claims, ClaimValue


@dataclass(frozen=True)
class CheckRule:
    """Holds if the claim says one of `accepted`."""

    code: str
    ja: str
    en: str
    claim: ClaimName
    accepted: tuple[ClaimValue, ...] = (True,)

    def allows(self, claims: Claims) -> bool:
        found = claims.get(self.claim)
        # By kind too: to Python the number 1 is True, and "true" is what someone might write by hand.
        return any(type(found) is type(each) and found == each for each in self.accepted)


_WITH_HELPER, _ALONE = "A", "B"
_EVERY_RULE = (
    CheckRule("senior_65", "65歳以上の割引", "Discount for 65 and over", ClaimName.AGE_OVER_65),
    CheckRule("senior_70", "70歳以上の割引", "Discount for 70 and over", ClaimName.AGE_OVER_70),
    CheckRule("resident", "市民料金", "Price for residents of the city", ClaimName.CITY_RESIDENT),
    CheckRule(
        "disability",
        "障がい者割引",
        "Disability discount",
        ClaimName.DISABILITY_DISCOUNT_CLASS,
        accepted=(_WITH_HELPER, _ALONE),
    ),
    CheckRule(
        "with_helper",
        "障がい者割引(介助する人も)",
        "Disability discount, helper too",
        ClaimName.DISABILITY_DISCOUNT_CLASS,
        accepted=(_WITH_HELPER,),
    ),
    CheckRule("adult_18", "18歳以上", "18 and over", ClaimName.AGE_OVER_18),
    CheckRule("adult_20", "20歳以上(酒類など)", "20 and over (alcohol)", ClaimName.AGE_OVER_20),
)
RULES: Mapping[str, CheckRule] = {rule.code: rule for rule in _EVERY_RULE}
