"""How is the browser reached? One door for Playwright: found, probed, walled in, kept alive between items."""

import os
import shutil
import subprocess
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from re import Pattern
from typing import Final

from playwright.sync_api import Browser, Page, sync_playwright

from rpa_bots.dialogs import DialogGate
from rpa_bots.target import Target

NAMES: Final = ("chromium", "chromium-browser", "google-chrome")
# No one can listen on port 0, so whatever is sent through this proxy goes nowhere.
NOWHERE: Final = "http://127.0.0.1:0"
# Tall enough for a whole entry screen, so that a picture shows all of it.
WIDTH: Final = 1000
HEIGHT: Final = 1120
# The names of elements, as the browser's own recorder wrote them down: `Element.computedName`.
WITH_NAMES: Final = "--enable-blink-features=ComputedAccessibilityInfo"


class BrowserMissingError(RuntimeError):
    """No Chromium on this machine."""


def find_chromium(which: Callable[[str], str | None] = shutil.which) -> Path:
    """Find the machine's own Chromium on PATH; nothing is ever downloaded. Raises BrowserMissingError."""
    for name in NAMES:
        if found := which(name):
            return Path(found)
    raise BrowserMissingError("Chromium が見つかりません。chromium パッケージを入れてください。")


def probe(executable: Path) -> str:
    """Ask the browser for its version (`Chromium 156.0…`). Raises BrowserMissingError when it does not start."""
    try:
        answer = subprocess.run(  # noqa: S603 - the path was found or handed in by the operator
            [executable, "--version"], capture_output=True, text=True, timeout=20, check=True
        )
    except (OSError, subprocess.SubprocessError) as broken:
        raise BrowserMissingError(f"Chromium が起動しません: {executable}") from broken
    return answer.stdout.strip()


def walled_in(*origins: str) -> tuple[str, ...]:
    """Give the flags that let the browser reach these origins (scheme, host and port) and nothing else.

    Everything else is sent to a proxy that cannot exist. Done in the browser's network stack and not by Playwright
    routes, because routes do not see redirects, WebSockets or the browser's own background traffic.
    """
    return (
        f"--proxy-server={NOWHERE}",
        f"--proxy-bypass-list={';'.join(('<-loopback>', *origins))}",
        "--force-webrtc-ip-handling-policy=disable_non_proxied_udp",
        "--disable-domain-reliability",
        "--no-pings",
    )


class BrowserSession:
    """One browser, one context, one page: kept alive between items. Belongs to the thread that opened it."""

    # not a frozen dataclass: Playwright marks the object whose method handles a route
    def __init__(self, target: Target, page: Page, dialogs: DialogGate) -> None:
        self.target = target
        self.page = page
        self.dialogs = dialogs

    @property
    def alive(self) -> bool:
        """Tell whether the page can still be worked with; when it cannot, open another session."""
        browser = self.page.context.browser
        return browser is not None and browser.is_connected() and not self.page.is_closed()


@contextmanager
def open_session(
    target: Target, allowed_dialogs: Sequence[Pattern[str]], executable: Path | None = None
) -> Iterator[BrowserSession]:
    """Start a browser for one target and close it afterwards; raises BrowserMissingError.

    Playwright's sync objects belong to one thread: open and use the session in the same one.
    """
    with open_browser(walled_in(target.origin), executable) as browser:
        yield _session(browser, target, allowed_dialogs)


@contextmanager
def open_browser(
    flags: Sequence[str], executable: Path | None = None, downloads: Path | None = None
) -> Iterator[Browser]:
    """Start a browser and close it afterwards; its wall is among the flags. Raises BrowserMissingError.

    `downloads`: where files fall until they are looked at.
    """
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=executable or find_chromium(),
            args=list(flags),
            downloads_path=downloads,
            chromium_sandbox=os.geteuid() != 0,  # Chromium refuses to start sandboxed as root
            handle_sigint=False,  # a signal to us must not kill a browser that is submitting
            handle_sigterm=False,
            handle_sighup=False,
        )
        try:
            yield browser
        finally:
            browser.close()


def _session(browser: Browser, target: Target, allowed_dialogs: Sequence[Pattern[str]]) -> BrowserSession:
    context = browser.new_context(viewport={"width": WIDTH, "height": HEIGHT}, locale="ja-JP", service_workers="block")
    context.set_default_timeout(target.answer_seconds * 1000)
    gate = DialogGate(allowed_dialogs)
    context.on("dialog", gate.answer)
    return BrowserSession(target, context.new_page(), gate)
