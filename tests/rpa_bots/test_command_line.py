"""What does the command line say, and what never?"""

import json

import pytest

from rpa_bots.__main__ import EXIT_CODES, PASSWORD_FROM, PrintedJournal, describe, main
from rpa_bots.browser import BrowserMissingError, find_chromium, probe, walled_in
from rpa_bots.journal import Stage
from rpa_bots.outcomes import Cause, Found, Keyed, TargetFailure

KEY = ["key", "--target", "http://127.0.0.1:1", "--account", "a", "--record"]


def test_an_outcome_is_told_without_the_values_that_were_read():
    said = describe("就援-1", Keyed("E0000001", {"name": "佐藤 恵"}, 1.23456))

    assert said == {"reference": "就援-1", "outcome": "Keyed", "receipt": "E0000001", "seconds": 1.235}
    assert "佐藤" not in json.dumps(describe("就援-1", Found("E0000001", {"name": "佐藤 恵"})), ensure_ascii=False)


def test_a_failure_tells_its_cause_and_reason():
    said = describe("就援-1", TargetFailure(Cause.MAINTENANCE, "メンテナンス中です"))

    assert (said["cause"], said["reason"]) == ("maintenance", "メンテナンス中です")


def test_without_the_password_nothing_is_tried(monkeypatch, capsys):
    monkeypatch.delenv(PASSWORD_FROM, raising=False)

    code = main([*KEY, "x.json"])

    assert code == 2
    assert PASSWORD_FROM in capsys.readouterr().err


@pytest.mark.parametrize("content", ["", "[1]", '"x"', "{"])
def test_a_file_that_holds_no_records_is_wrong_usage(monkeypatch, capsys, tmp_path, content):
    monkeypatch.setenv(PASSWORD_FROM, "x")
    (tmp_path / "r.json").write_text(content)

    code = main([*KEY, str(tmp_path / "r.json")])

    assert (code, capsys.readouterr().out) == (2, "")


def test_help_documents_every_exit_code(capsys):
    with pytest.raises(SystemExit):
        main(["--help"])

    text = capsys.readouterr().out
    assert all(f"{code} " in text for code in EXIT_CODES.values())


def test_a_picture_stays_in_its_folder_whatever_the_reference(tmp_path):
    folder = tmp_path / "pictures"
    folder.mkdir()

    PrintedJournal("../../就援-1", folder).picture(Stage.FILLED, b"png")

    assert [path.name for path in folder.iterdir()] == ["______就援-1-filled.png"]


def test_the_first_chromium_on_the_path_is_taken_and_none_is_a_clear_error():
    on_path = {"google-chrome": "/opt/chrome", "chromium-browser": "/opt/chromium"}

    assert str(find_chromium(on_path.get)) == "/opt/chromium"
    with pytest.raises(BrowserMissingError, match="chromium"):
        find_chromium({}.get)


def test_a_browser_that_does_not_start_is_named(tmp_path):
    broken = tmp_path / "chromium"
    broken.write_text("#!/bin/sh\nexit 1\n")
    broken.chmod(0o755)

    with pytest.raises(BrowserMissingError, match="起動しません"):
        probe(broken)


def test_the_walls_have_one_door():
    flags = walled_in("http://127.0.0.1:8907")

    assert "--proxy-bypass-list=<-loopback>;http://127.0.0.1:8907" in flags
