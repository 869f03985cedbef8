"""Do others understand our credentials, and we theirs? The reference implementation of SD-JWT is the other side.

Its case specifications are other people's data, beside the checkout; without them those tests are skipped.
"""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from jwcrypto.jwk import JWK
from sd_jwt.common import SDObj
from sd_jwt.holder import SDJWTHolder
from sd_jwt.issuer import SDJWTIssuer
from sd_jwt.utils.yaml_specification import load_yaml_specification, remove_sdobj_wrappers
from sd_jwt.verifier import SDJWTVerifier

from tests.architecture.sources import ROOT
from tests.workflows.credentials.cards import (
    CITY_KEY,
    CLAIMS,
    HERE,
    HOLDER_KEY,
    NONCE,
    NOW,
    TERMS,
    TRUST,
    chance,
    wallet,
)
from workflows.credentials.issuing import issue
from workflows.credentials.refusals import Reason, RefusedError
from workflows.credentials.sd_jwt import Presentation, concealed, disclosed, split
from workflows.credentials.signing import must_be_signed_by_one_of, public_part, signed, taken_apart
from workflows.credentials.verifying import Asked, verify
from workflows.credentials.wallet_simulator import WalletSimulator

CASES = ROOT.parent / "shared" / "data" / "standards" / "sd-jwt"
with_the_cases = pytest.mark.skipif(
    not CASES.is_dir(), reason="the cases of SD-JWT are not in ../shared/data/standards beside the checkout"
)
EVERY_CASE = sorted(path.parent.name for path in CASES.glob("*/specification.yml")) or ["none"]
OF_ANOTHER_SHAPE = {"json_serialization_flattened", "json_serialization_general"}
"""JSON instead of a line of text: a QR code brings the line, and nothing else is taken."""
NUMBERED_KEY = "header_mod"
"""Its `kid` is the number 42; RFC 7515 (4.1.4) asks for text, and so do we."""
TYPE_OF_CASES = "example+sd-jwt"


def jwk(key) -> JWK:
    return JWK.from_json(json.dumps(key.as_dict(private=True)))


def specification(case: str) -> dict:
    return load_yaml_specification(str(CASES / case / "specification.yml"))


def issued_by_them(case: str, *, decoys: bool = False) -> tuple[str, dict]:
    found = specification(case)
    issuer = SDJWTIssuer(
        found["user_claims"],
        jwk(CITY_KEY),
        jwk(HOLDER_KEY) if found.get("key_binding") else None,
        add_decoy_claims=decoys,
        serialization_format=found.get("serialization_format", "compact"),
        extra_header_parameters={"kid": "2026-1", **found.get("extra_header_parameters", {})},
    )
    return issuer.sd_jwt_issuance, found


def presented_by_them(case: str, *, decoys: bool = False) -> tuple[str, dict]:
    issued, found = issued_by_them(case, decoys=decoys)
    holder = SDJWTHolder(issued, found.get("serialization_format", "compact"))
    bound = (NONCE, HERE, jwk(HOLDER_KEY)) if found.get("key_binding") else ()
    holder.create_presentation(found["holder_disclosed_claims"], *bound)
    return holder.sd_jwt_presentation, found


def read_by_us(presentation: str) -> dict:
    parts = split(presentation)
    statement = taken_apart(parts.statement, TYPE_OF_CASES)
    must_be_signed_by_one_of(statement, {"2026-1": CITY_KEY})
    return disclosed(statement.payload, parts.disclosures)


@with_the_cases
@pytest.mark.parametrize("decoys", [False, True])
@pytest.mark.parametrize("case", [case for case in EVERY_CASE if case not in OF_ANOTHER_SHAPE | {NUMBERED_KEY}])
def test_what_they_issue_and_present_we_read_as_their_case_expects(case, decoys):
    presentation, found = presented_by_them(case, decoys=decoys)

    read = read_by_us(presentation)

    assert {name: value for name, value in read.items() if name != "cnf"} == found["expect_verified_user_claims"]


@with_the_cases
@pytest.mark.parametrize("case", [case for case in EVERY_CASE if case not in OF_ANOTHER_SHAPE | {NUMBERED_KEY}])
def test_what_they_issue_and_disclose_as_a_whole_we_read_as_a_whole(case):
    issued, found = issued_by_them(case)

    read = read_by_us(issued)

    expected = json.loads(json.dumps(remove_sdobj_wrappers(found["user_claims"])))
    assert {name: value for name, value in read.items() if name != "cnf"} == expected


@with_the_cases
def test_a_key_named_by_a_number_is_not_known():
    with pytest.raises(RefusedError) as refused:
        read_by_us(presented_by_them(NUMBERED_KEY)[0])
    assert refused.value.reason is Reason.UNKNOWN_KEY


@with_the_cases
@pytest.mark.parametrize("case", sorted(OF_ANOTHER_SHAPE))
def test_another_shape_of_the_same_is_refused(case):
    with pytest.raises(RefusedError) as refused:
        read_by_us(presented_by_them(case)[0])
    assert refused.value.reason is Reason.MALFORMED


def is_flat(case: str) -> bool:
    """Whether claims are hidden at the top alone, as ours are."""
    return not any(hides(value) for value in specification(case)["user_claims"].values())


def hides(value: object) -> bool:
    if isinstance(value, dict):
        return any(isinstance(name, SDObj) or hides(below) for name, below in value.items())
    return isinstance(value, SDObj) or (isinstance(value, list) and any(hides(each) for each in value))


@with_the_cases
@pytest.mark.parametrize("case", [case for case in EVERY_CASE if case != "none" and is_flat(case)])
def test_what_we_conceal_of_their_claims_they_read_as_their_case_expects(case):
    found = specification(case)
    plain = {name: value for name, value in found["user_claims"].items() if isinstance(name, str)}
    hidden = {name.value: value for name, value in found["user_claims"].items() if not isinstance(name, str)}
    payload, disclosures = concealed({**plain, "cnf": {"jwk": public_part(HOLDER_KEY)}}, hidden, 12, chance())
    issued = str(Presentation(signed({"typ": TYPE_OF_CASES, "kid": "2026-1"}, payload, CITY_KEY), tuple(disclosures)))
    chosen = [name for name, is_chosen in found["holder_disclosed_claims"].items() if is_chosen]
    presentation = WalletSimulator(HOLDER_KEY, issued).present(chosen, HERE, NONCE, NOW)

    theirs = SDJWTVerifier(presentation, lambda *_: jwk(CITY_KEY), HERE, NONCE).get_verified_payload()

    assert {name: value for name, value in theirs.items() if name != "cnf"} == found["expect_verified_user_claims"]


@pytest.mark.parametrize("disclose", [(), ("age_over_65",), tuple(CLAIMS)])
def test_our_digital_id_is_verified_by_them(disclose):
    presentation = wallet().present(disclose, HERE, NONCE, NOW)

    theirs = SDJWTVerifier(presentation, lambda *_: jwk(CITY_KEY), HERE, NONCE).get_verified_payload()

    assert {name: theirs[name] for name in CLAIMS if name in theirs} == {name: CLAIMS[name] for name in disclose}
    assert theirs["vct"] == TERMS.credential_type


def test_our_digital_id_is_presented_by_their_wallet_and_believed_by_us():
    at_any_time = replace(TERMS, issued_at=0, expires_at=10**11)  # their wallet looks at the machine's own clock
    issued = issue(CLAIMS, at_any_time, HOLDER_KEY, CITY_KEY, "2026-1", chance())
    holder = SDJWTHolder(issued)
    holder.create_presentation({"age_over_65": True}, NONCE, HERE, jwk(HOLDER_KEY))
    signed_at = holder.key_binding_jwt_payload["iat"]

    found = verify(holder.sd_jwt_presentation, TRUST, Asked(HERE, lambda nonce: nonce == NONCE), signed_at)

    assert found.claims == {"age_over_65": True}
