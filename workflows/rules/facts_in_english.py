"""What facts mean, where they come from and on what ground they are used, for whoever reads English."""

from workflows.rules.vocabulary import Fact

MEANINGS = {
    "birth_date": "The date of birth in the resident register. Ages and grades are counted from it.",
    "sex": "The sex in the resident register.",
    "ward": "The ward of the registered address.",
    "resident_since": "The first day of an unbroken time with an address in the city.",
    "relation": "The place in the household as seen from its head, in five groups.",
    "household_size": "How many people the household has, oneself included.",
    "household_income": "The household's income last year, negative after losses. Seen only with everybody's consent.",
    "municipal_tax": "How the household is taxed by the city. Seen only with everybody's consent.",
    "insurance": "The kind of public health insurance.",
    "public_assistance": "Lives in a household that receives public assistance.",
    "child_rearing_allowance": "Lives in a household that receives the child-rearing allowance.",
    "single_parent": "Lives in a household notified as one of a single parent.",
    "care_grade": "The grade of long-term care insurance; “no grade” for people without one.",
    "disability_physical": "The grade of the certificate of physical disability.",
    "disability_intellectual": "The grade of the certificate of intellectual disability.",
    "disability_mental": "The grade of the certificate of mental disability.",
    "school_kind": "Who runs the elementary or junior high school; “none” for people who attend none.",
    "pregnancy_notified_on": "The last day on which a pregnancy was notified.",
    "checkup_result": "What this year's health check-up leads to.",
    "granted": "The last day on which the program was granted; “none” for people to whom it never was.",
}
SOURCES = {
    "住民基本台帳": "Resident register",
    "市民税課税台帳": "Register of municipal tax",
    "国民健康保険・後期高齢者医療の資格台帳": "Register of the insured",
    "生活保護台帳": "Register of public assistance",
    "児童扶養手当台帳": "Register of child-rearing allowances",
    "ひとり親家庭等医療費助成台帳": "Register of medical aid for single-parent families",
    "介護保険受給者台帳": "Register of long-term care",
    "障がい者手帳台帳": "Register of disability certificates",
    "学齢簿": "Register of children of school age",
    "母子保健台帳": "Register of maternal and child health",
    "特定健診・保健指導台帳": "Register of health check-ups",
    "各制度の支給の記録": "Each program's records of grants",
}
GROUNDS = {
    "本人の同意(個人情報保護法69条2項1号)": "Consent (Act on the Protection of Personal Information, 69(2)(i))",
    "本人の同意(個人情報保護法69条2項1号・地方税法22条の守秘を解く別の同意)": (
        "Consent, apart from others, that lifts tax secrecy (the same Act, 69(2)(i); Local Tax Act, 22)"
    ),
}


def meaning_of(fact: Fact) -> str:
    return MEANINGS.get(fact.code, fact.meaning)


def source_of(fact: Fact) -> str:
    return SOURCES.get(fact.source, fact.source)


def ground_of(fact: Fact) -> str:
    return GROUNDS.get(fact.legal_basis, fact.legal_basis)
