"""An installation says at its start which address is none, and what one looks like, not at the first mail."""

from __future__ import annotations

import re
from typing import Any

import pytest
from pydantic import ValidationError

from backoffice.settings import Settings
from tests.architecture.sources import ROOT

GUIDE = ROOT / "docs" / "operators.md"
NO_SETTINGS = {"code"}
"""Of commands alone: a person's second factor."""


def test_the_operators_guide_names_every_setting_and_none_that_there_is_not():
    named = {name.lower() for name in re.findall(r"GIJO_([A-Z0-9_]+)", GUIDE.read_text(encoding="utf-8"))}

    assert named - NO_SETTINGS == set(Settings.model_fields)


@pytest.mark.parametrize("address", ["gijo@city.example.jp", "gijo+kita@mail.city.example", "GIJO@City.Example", ""])
def test_an_address_that_mails_may_come_from_is_taken(address: str):
    assert Settings(smtp_from=address).smtp_from == address


@pytest.mark.parametrize(
    "address",
    [
        "gijo",
        "gijo@",
        "@city.example.jp",
        "技助@city.example.jp",
        "技助 <gijo@city.example.jp>",
        "gijo@city.example.jp,dx@city.example.jp",
        "gijo @city.example.jp",
        "gijo@city.example.jp\r\nBcc: dx@city.example.jp",
        "gijo@city..example",
        "gijo@-city.example",
    ],
)
def test_what_no_mail_can_come_from_is_refused_in_a_sentence(address: str):
    with pytest.raises(ValidationError, match=r"GIJO_SMTP_FROM は、メールアドレス1つだけ\(例 gijo@city.example.jp\)"):
        Settings(smtp_from=address)


@pytest.mark.parametrize(
    ("wrong", "named"),
    [
        ({"smtp_host": "https://mail.city.example", "smtp_from": "a@b.example"}, "GIJO_SMTP_HOST"),
        ({"smtp_host": "mail.city.example:587", "smtp_from": "a@b.example"}, "GIJO_SMTP_HOST"),
        ({"dkim_domain": "oshirase@city.example"}, "GIJO_DKIM_DOMAIN"),
        ({"dkim_domain": "city example"}, "GIJO_DKIM_DOMAIN"),
        ({"notice_domains": "https://www.city.example"}, "GIJO_NOTICE_DOMAINS"),
        ({"notice_domains": "city.example, "}, "GIJO_NOTICE_DOMAINS"),
        ({"portal_address": "https:///support"}, "GIJO_PORTAL_ADDRESS"),
        ({"portal_address": "https://www.city.example/sup port"}, "GIJO_PORTAL_ADDRESS"),
        ({"notice_telephone": "市役所まで"}, "GIJO_NOTICE_TELEPHONE"),
    ],
)
def test_every_other_address_is_looked_at_too(wrong: dict[str, Any], named: str):
    with pytest.raises(ValidationError, match=f"{named} は"):
        Settings(**{"public_address": "https://gijo.city.example", **wrong})


@pytest.mark.parametrize(
    "right",
    [
        {"smtp_host": "127.0.0.1", "smtp_from": "gijo@city.example.jp"},
        {"smtp_host": "::1", "smtp_from": "gijo@city.example.jp"},
        {"smtp_host": "relay", "smtp_from": "gijo@city.example.jp"},
        {"notice_domains": "city.fukuoka.lg.jp, www.city.example"},
        {"public_address": "http://127.0.0.1:8600"},
        {"portal_address": "https://www.city.example/support/?lang=ja"},
        {"notice_telephone": "092-711-4111"},
        {"notice_telephone": "+81 92 711 4111(代表)"},
    ],
)
def test_what_a_city_has_is_taken(right: dict[str, Any]):
    taken = Settings(**{"public_address": "https://gijo.city.example", **right})

    assert {name: getattr(taken, name) for name in right} == right
