"""How does a person get in with a browser? Account, password, and the code that a demonstration shows."""

from __future__ import annotations

from playwright.sync_api import Page

PATIENCE_MS = 30_000


def sign_in(page: Page, account: str, password: str) -> None:
    """Sign in and arrive on the start page; whoever has no second factor yet sets one up on the way."""
    page.context.clear_cookies()
    page.goto("/sign-in")
    page.locator("#account").fill(account)
    page.locator("#password").fill(password)
    page.keyboard.press("Enter")
    page.wait_for_selector(".top-person", timeout=PATIENCE_MS)
    page.wait_for_load_state()  # the head of a page is there before its forms are
    if page.url.split("?")[0].endswith("/second-factor"):
        prove_factor(page)
    page.wait_for_selector(".top-person a", timeout=PATIENCE_MS)


def prove_factor(page: Page) -> None:
    """Type the code that the demonstration shows; where one was just used, the next comes within half a minute."""
    if page.locator("form[action='/second-factor/new-code/begin']").count():
        page.locator("form[action='/second-factor/new-code/begin'] button").click()
        page.wait_for_selector("#secret")
    for _ in range(PATIENCE_MS // 1000):
        if page.locator("#ready-code").count():
            break
        page.wait_for_timeout(1000)
        page.reload()
    page.locator("#code").fill(page.locator("#ready-code").inner_text())
    page.keyboard.press("Enter")
