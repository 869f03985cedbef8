"""How is the table of Shift_JIS characters made? `python -m rpa_bots.charset_table` asks Chromium for each one."""

import os
import sys
import unicodedata
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from playwright.sync_api import sync_playwright

from rpa_bots.browser import NOWHERE, find_chromium
from rpa_bots.charset import TABLE

A_LINE: Final = 64
# A link's query in a Shift_JIS page is written by the same encoder as a form's fields.
ASK: Final = """([first, last]) => {
  const decoder = new TextDecoder('shift_jis'), link = document.createElement('a'), carried = [];
  document.body.append(link);
  for (let code = first; code < last; code++) {
    if (code >= 0xd800 && code < 0xe000) continue;
    const character = String.fromCodePoint(code);
    link.href = '/?' + character;
    const bytes = link.search.slice(1).match(/%..|[^]/g) || [];
    const sent = bytes.map(b => b.length > 1 ? parseInt(b.slice(1), 16) : b.charCodeAt(0));
    if (decoder.decode(new Uint8Array(sent)) === character) carried.push(code);
  }
  return carried;
}"""


def ask_chromium(first: int, last: int) -> tuple[str, frozenset[str]]:
    """Ask a real Chromium which code points of [first, last) survive Shift_JIS; gives its version too."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=find_chromium(),
            args=[f"--proxy-server={NOWHERE}"],
            chromium_sandbox=os.geteuid() != 0,
        )
        page = browser.new_page()
        page.route(
            "**/*",
            lambda route: route.fulfill(body="<body>", headers={"Content-Type": "text/html; charset=Shift_JIS"}),
        )
        page.goto("http://table.invalid/")
        codes: Sequence[int] = page.evaluate(ASK, [first, last])
        version = browser.version
        browser.close()
    return version, frozenset(map(chr, codes))


def as_text(version: str, carried: frozenset[str]) -> str:
    """Write the table: a line on how it was made, then the characters in code order; no control characters."""
    kept = "".join(sorted(each for each in carried if unicodedata.category(each) != "Cc"))
    lines = [kept[start : start + A_LINE] for start in range(0, len(kept), A_LINE)]
    made = f"# made by python -m rpa_bots.charset_table with Chromium {version}: {len(kept)} characters beyond ASCII"
    return "\n".join([made, *lines]) + "\n"


if __name__ == "__main__":
    text = as_text(*ask_chromium(0x80, sys.maxunicode + 1))
    Path(__file__).with_name(TABLE).write_text(text, encoding="utf-8")
