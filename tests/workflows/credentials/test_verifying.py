"""A checker believes what the city signed, its holder shows and nobody revoked. All else has one exact reason."""

from __future__ import annotations

import hmac
from dataclasses import replace
from hashlib import sha256

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from tests.workflows.credentials.cards import (
    ASKED,
    CITY_KEY,
    CLAIMS,
    DAY,
    HERE,
    HOLDER_KEY,
    ISSUER,
    LIST,
    NONCE,
    NOW,
    STRANGER_KEY,
    TERMS,
    TRUST,
    chance,
    disclosure,
    looked_at,
    made,
    proven,
    shown,
    wallet,
    with_header,
)
from workflows.credentials.claims import ClaimName
from workflows.credentials.encoding import packed, packed_json, unpacked, unpacked_json
from workflows.credentials.issuing import DIGESTS, StatusPlace, issue
from workflows.credentials.refusals import Reason, RefusedError
from workflows.credentials.sd_jwt import digest, split
from workflows.credentials.signing import public_part
from workflows.credentials.verifying import PROOF_LASTS, SKEW, Asked, Status, verify

SOME_CLAIMS = st.fixed_dictionaries(
    {},
    optional={
        name: st.sampled_from(["A", "B", "N"]) if name is ClaimName.DISABILITY_DISCOUNT_CLASS else st.booleans()
        for name in ClaimName
    },
)


def reason(presentation: str, **looked) -> Reason:
    with pytest.raises(RefusedError) as refused:
        looked_at(presentation, **looked)
    return refused.value.reason


def test_whoever_discloses_one_claim_is_known_by_that_claim_alone():
    found = looked_at(shown("age_over_65"))

    assert (found.claims, found.nonce) == ({"age_over_65": True}, NONCE)


def test_whoever_discloses_nothing_is_believed_and_says_nothing():
    assert looked_at(shown()).claims == {}


@settings(deadline=None, max_examples=60)
@given(SOME_CLAIMS, st.sets(st.sampled_from(list(ClaimName))), st.integers(0, 10**6))
def test_whatever_was_issued_and_is_disclosed_arrives_and_nothing_else_can_be_read(claims, disclosed, seed):
    """Neither an undisclosed claim's name, nor its digest as anyone could compute it, nor their number shows."""
    held = replace(wallet(), credential=issue(claims, TERMS, HOLDER_KEY, CITY_KEY, "2026-1", chance(seed)))

    presentation = held.present(disclosed, HERE, NONCE, NOW)

    assert looked_at(presentation).claims == {name: claims[name] for name in disclosed & claims.keys()}
    parts = split(presentation)
    statement = unpacked(parts.statement.split(".")[1]).decode()
    told = statement + "".join(unpacked(each).decode() for each in parts.disclosures)
    for name in claims.keys() - disclosed:
        assert name not in told
        unsalted = (packed_json([name, claims[name]]), packed_json(["", name, claims[name]]), name)
        assert not any(digest(each) in statement for each in unsalted)
    assert len(unpacked_json(parts.statement.split(".")[1])["_sd"]) == DIGESTS


def test_the_order_of_digests_does_not_tell_which_claim_is_which():
    digests = unpacked_json(split(wallet().credential).statement.split(".")[1])["_sd"]

    assert digests == sorted(digests)


@settings(deadline=None, max_examples=400)
@given(st.integers(0, 10**6), st.sampled_from("ABCwxyz012_-.~ あ\n=+"))
def test_one_character_that_was_changed_anywhere_is_refused(place, instead):
    presentation = shown("age_over_65", "city_resident")
    place %= len(presentation)
    assume(presentation[place] != instead)

    reason(presentation[:place] + instead + presentation[place + 1 :])


def test_every_last_letter_of_a_signature_counts():
    """64 bytes leave four bits over in their last letter: a reader that ignores them takes sixteen spellings."""
    presentation = shown("age_over_65")
    letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"

    believed = [each for each in letters if _is_believed(presentation[:-1] + each)]

    assert believed == [presentation[-1]]


def _is_believed(presentation: str) -> bool:
    try:
        looked_at(presentation)
    except RefusedError:
        return False
    return True


@settings(deadline=None)
@given(st.text(max_size=60))
def test_bytes_have_one_spelling(text):
    try:
        content = unpacked(text)
    except (RefusedError, UnicodeEncodeError):
        return
    assert packed(content) == text


@settings(deadline=None, max_examples=300)
@given(st.one_of(st.text(), st.text('eyJh.~_-{}[]"'), st.binary().map(packed)))
def test_rubbish_is_refused_and_breaks_nothing(rubbish):
    for text in (rubbish, f"{rubbish}~", f"{rubbish}.{rubbish}.{rubbish}~{rubbish}", f"{shown()}~{rubbish}"):
        reason(text)


def test_deep_nesting_breaks_nothing():
    assert reason(f"{packed(b'[' * 5_000)}.{packed(b'[' * 5_000)}.AA~") is Reason.MALFORMED


def test_too_long_a_text_is_not_even_read():
    assert reason("a" * 16_385) is Reason.TOO_LARGE


@pytest.mark.parametrize("algorithm", ["none", "None", "HS256", "ES384", "RS256", "", None, 5])
def test_the_header_does_not_choose_how_it_is_believed(algorithm):
    presentation = with_header(shown(), {"alg": algorithm, "typ": "dc+sd-jwt", "kid": "2026-1"})

    assert reason(presentation) is Reason.ALGORITHM


def test_the_public_key_is_no_shared_secret():
    parts = split(shown())
    body = parts.statement.split(".")[1]
    head = packed_json({"alg": "HS256", "typ": "dc+sd-jwt", "kid": "2026-1"})
    stamp = packed(hmac.digest(CITY_KEY.as_pem(private=False), f"{head}.{body}".encode(), sha256))

    assert reason(proven(f"{head}.{body}.{stamp}~")) is Reason.ALGORITHM


def test_a_signature_taken_away_is_missed():
    head, body, _signature = split(shown()).statement.split(".")

    assert reason(proven(f"{head}.{body}.~")) is Reason.SIGNATURE


@pytest.mark.parametrize("signature", [bytes(64), bytes(63), bytes(65), b"\xff" * 64, b"\0" * 63 + b"\1"])
def test_a_signature_of_no_key_at_all_is_refused(signature):
    head, body, _signature = split(shown()).statement.split(".")

    assert reason(proven(f"{head}.{body}.{packed(signature)}~")) is Reason.SIGNATURE


def test_a_signature_with_a_byte_more_is_refused():
    head, body, signature = split(shown()).statement.split(".")
    whole = unpacked(signature)

    for longer in (b"\0" + whole, whole + b"\0", whole[:32] + b"\0" + whole[32:]):
        assert reason(proven(f"{head}.{body}.{packed(longer)}~")) is Reason.SIGNATURE


@pytest.mark.parametrize("kind", ["jwt", "kb+jwt", "statuslist+jwt", None])
def test_another_kind_of_statement_is_no_credential(kind):
    assert reason(made(typ=kind)) is Reason.WRONG_TYPE


def test_a_header_that_must_be_understood_is_not_passed_over():
    assert reason(made(crit=["b64"])) is Reason.CRITICAL_HEADER


@pytest.mark.parametrize("name", ["2025-1", "", None, 42, ["2026-1"]])
def test_only_keys_of_the_city_are_believed(name):
    assert reason(made(kid=name)) is Reason.UNKNOWN_KEY


def test_a_key_that_stands_in_the_header_itself_is_not_believed():
    forged = wallet(key=STRANGER_KEY).present((), HERE, NONCE, NOW)

    assert reason(forged) is Reason.SIGNATURE
    assert reason(made(kid="mine", jwk=public_part(STRANGER_KEY))) is Reason.UNKNOWN_KEY


@pytest.mark.parametrize(
    ("payload", "expected"),
    [
        ({"iss": "https://id.other.example"}, Reason.ISSUER),
        ({"iss": None}, Reason.ISSUER),
        ({"vct": "https://id.city.example/library-card"}, Reason.CREDENTIAL_TYPE),
        ({"exp": NOW - SKEW}, Reason.EXPIRED),
        ({"exp": None}, Reason.MALFORMED),
        ({"exp": "2099"}, Reason.MALFORMED),
        ({"exp": True}, Reason.MALFORMED),
        ({"nbf": NOW + SKEW + 1}, Reason.NOT_YET),
        ({"iat": NOW + SKEW + 1}, Reason.NOT_YET),
        ({"cnf": None}, Reason.NO_HOLDER_KEY),
        ({"cnf": "me"}, Reason.NO_HOLDER_KEY),
        ({"cnf": {"jwk": {"kty": "oct", "k": "c2VjcmV0"}}}, Reason.NO_HOLDER_KEY),
        ({"cnf": {"jwk": {**public_part(HOLDER_KEY), "x": "AA"}}}, Reason.NO_HOLDER_KEY),
        ({"cnf": {"jwk": {**public_part(HOLDER_KEY), "x": 5}}}, Reason.NO_HOLDER_KEY),
        ({"cnf": {"jwk": {**public_part(HOLDER_KEY), "crv": "P-384"}}}, Reason.NO_HOLDER_KEY),
        ({"cnf": {"jwk": dict(HOLDER_KEY.as_dict(private=True))}}, Reason.NO_HOLDER_KEY),
        ({"cnf": {"jwk": public_part(STRANGER_KEY)}}, Reason.HOLDER_SIGNATURE),
        ({"status": None}, Reason.NO_STATUS),
        ({"status": {"status_list": {"idx": -1, "uri": LIST}}}, Reason.NO_STATUS),
        ({"status": {"status_list": {"idx": "1", "uri": LIST}}}, Reason.NO_STATUS),
        ({"_sd_alg": "md5"}, Reason.HASH_ALGORITHM),
        ({"_sd": "abc"}, Reason.MALFORMED),
        ({"_sd": [5]}, Reason.MALFORMED),
        ({"_sd": ["a", "a"]}, Reason.DIGEST_TWICE),
        ({"_sd": ["a"], "deep": [{"...": "a"}]}, Reason.DIGEST_TWICE),
        ({"...": "a"}, Reason.NAME_FORBIDDEN),
        ({"list": [{"...": "a", "more": 1}]}, Reason.NAME_FORBIDDEN),
        ({"list": [{"...": 5}]}, Reason.MALFORMED),
    ],
)
def test_a_statement_that_is_not_in_order_is_refused_by_what_is_wrong_with_it(payload, expected):
    assert reason(made(payload)) is expected


@pytest.mark.parametrize(
    ("parts", "expected"),
    [
        (("_sd", ["a"]), Reason.NAME_FORBIDDEN),
        (("...", "a"), Reason.NAME_FORBIDDEN),
        (("iss", "https://id.other.example"), Reason.NAME_TAKEN),
        (("exp", NOW + 99 * DAY), Reason.NAME_TAKEN),
        (("nbf", NOW - DAY), Reason.NAME_FORBIDDEN),
        ((5, "x"), Reason.DISCLOSURE_MALFORMED),
        (("lonely",), Reason.DISCLOSURE_MALFORMED),
        (("a", "b", "c"), Reason.DISCLOSURE_MALFORMED),
    ],
)
def test_what_is_disclosed_never_takes_the_place_of_what_stands_in_plain(parts, expected):
    hidden = disclosure(*parts)

    assert reason(made({"_sd": [digest(hidden)]}, [hidden])) is expected


def test_the_same_claim_disclosed_by_two_digests_is_refused():
    one, other = packed_json(["c2FsdA", "age_over_65", False]), packed_json(["c2FsdA", "age_over_65", True])

    assert reason(made({"_sd": [digest(one), digest(other)]}, [one, other])) is Reason.NAME_TAKEN


@pytest.mark.parametrize("text", [b'["a","b"', b"5", b'{"a":1}', b"\xff", b'["a","b",NaN]', b'[5,"a",1]'])
def test_a_disclosure_that_cannot_be_read_is_refused(text):
    hidden = packed(text)

    assert reason(made({"_sd": [digest(hidden)]}, [hidden])) is Reason.DISCLOSURE_MALFORMED


def test_a_disclosure_that_the_city_did_not_sign_is_refused():
    bound = split(shown()).bound

    assert reason(proven(bound + disclosure("age_over_65", True) + "~")) is Reason.DISCLOSURE_UNUSED


def test_a_disclosure_shown_twice_is_refused():
    parts = split(shown("age_over_65"))

    assert reason(proven(f"{parts.bound}{parts.disclosures[0]}~")) is Reason.DISCLOSURE_TWICE


def test_an_object_that_says_a_thing_twice_is_refused():
    hidden = packed(b'["c2FsdA","a",{"b":1,"b":2}]')

    assert reason(made({"_sd": [digest(hidden)]}, [hidden])) is Reason.DISCLOSURE_MALFORMED


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ({"nonce": "n-41"}, Reason.NONCE),
        ({"nonce": None}, Reason.NONCE),
        ({"aud": "https://museum.example"}, Reason.AUDIENCE),
        ({"aud": [HERE]}, Reason.AUDIENCE),
        ({"iat": NOW + SKEW + 1}, Reason.KEY_BINDING_TIME),
        ({"iat": NOW - PROOF_LASTS - SKEW - 1}, Reason.KEY_BINDING_TIME),
        ({"iat": None}, Reason.MALFORMED),
        ({"sd_hash": digest("")}, Reason.BOUND_TO_OTHERS),
        ({"key": STRANGER_KEY}, Reason.HOLDER_SIGNATURE),
        ({"kind": "jwt"}, Reason.WRONG_TYPE),
    ],
)
def test_the_holder_signs_for_this_checker_at_this_moment_and_for_this_much(said, expected):
    assert reason(proven(split(shown("age_over_65")).bound, **said)) is expected


def test_without_the_holders_proof_a_credential_is_a_copy():
    assert reason(split(shown("age_over_65")).bound) is Reason.NO_KEY_BINDING


def test_a_disclosure_added_on_the_way_is_noticed():
    """Whoever overheard another presentation of the same credential cannot add what was disclosed there."""
    modest, generous = split(shown("age_over_65")), split(shown("age_over_65", "disability_discount_class"))
    added = generous.bound + modest.proof

    assert reason(added) is Reason.BOUND_TO_OTHERS


@pytest.mark.parametrize(
    ("status", "expected"), [(Status.REVOKED, Reason.REVOKED), (Status.UNKNOWN, Reason.STATUS_UNKNOWN)]
)
def test_what_was_revoked_or_cannot_be_asked_about_is_not_believed(status, expected):
    asked_for = []
    trust = replace(TRUST, status=lambda place: asked_for.append(place) or status)

    assert reason(shown("age_over_65"), trust=trust) is expected
    assert asked_for == [StatusPlace(LIST, 4_711)]


@pytest.mark.parametrize("late", [0, PROOF_LASTS + SKEW])
def test_two_clocks_may_differ_a_little(late):
    assert looked_at(shown("age_over_65"), now=NOW + late).claims


def test_a_credential_holds_to_its_last_second_and_no_longer():
    ending = replace(TERMS, expires_at=NOW)
    held = wallet(terms=ending)

    def at(now: int) -> str:
        return held.present((), HERE, NONCE, now)

    assert verify(at(NOW + SKEW - 1), TRUST, ASKED, NOW + SKEW - 1)
    assert reason(at(NOW + SKEW), now=NOW + SKEW) is Reason.EXPIRED


def test_a_claim_of_another_kind_is_not_passed_on():
    hidden = [disclosure("age_over_65", [True]), disclosure("name", "花子"), disclosure("city_resident", True)]

    assert looked_at(made({"_sd": [digest(each) for each in hidden]}, hidden)).claims == {"city_resident": True}


def test_another_checkers_question_is_not_answered():
    asked = Asked("https://museum.example", lambda _nonce: True)

    assert reason(shown("age_over_65"), asked=asked) is Reason.AUDIENCE


def test_a_city_does_not_say_what_no_digital_id_says():
    with pytest.raises(ValueError, match="name"):
        issue({**CLAIMS, "name": "花子"}, TERMS, HOLDER_KEY, CITY_KEY, "2026-1", chance())


def test_the_issuer_is_not_believed_for_another_issuer():
    assert reason(shown(), trust=replace(TRUST, issuer=f"{ISSUER}/")) is Reason.ISSUER
