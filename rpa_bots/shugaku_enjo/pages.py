"""How are the target's screens worked? Page objects: each step acts once, looks at what came and says so."""

from collections.abc import Callable
from typing import Final

from playwright.sync_api import Frame

from rpa_bots.browser import BrowserSession
from rpa_bots.outcomes import Cause, TargetTroubleError
from rpa_bots.secret import Secret
from rpa_bots.shugaku_enjo.fields import Boxes
from rpa_bots.shugaku_enjo.looks import LOOK, MASKED_BOXES, MASKED_ROWS, Look, Screen, look, screen_of, wanted
from rpa_bots.submitting import submit_once, trouble_named

STANDING: Final = """() => Object.fromEntries([...document.forms.entry.elements].filter(each => each.name)
  .map(each => [each.name, each.type === 'checkbox' ? each.checked : each.value]))"""

# Types as a person would (focus, input and change events, maxlength obeyed), but the whole form in one call: one call a
# box took 20 ms each, and there are 39. What cannot be typed into stays as it is, and the comparison finds it.
FILL: Final = """({texts, choices, ticks}) => {
  const boxes = document.forms.entry.elements;
  for (const [name, text] of Object.entries(texts)) {
    if (boxes[name].value === text) continue;
    boxes[name].focus();
    boxes[name].select();
    document.execCommand(text ? 'insertText' : 'delete', false, text);
  }
  for (const [name, code] of Object.entries(choices)) {
    boxes[name].focus();
    boxes[name].value = code;
    for (const event of ['input', 'change']) boxes[name].dispatchEvent(new Event(event, {bubbles: true}));
  }
  for (const [name, ticked] of Object.entries(ticks)) if (boxes[name].checked !== ticked) boxes[name].click();
  document.activeElement.blur();
}"""
MASK_COLOUR: Final = "#5b6b80"


class Screens:
    """The sign-in page, and in the frame `main` the search, entry, receipt and detail screens.

    Every method raises TargetTroubleError when the target does not answer, shows another screen or an unknown dialog.
    """

    def __init__(self, session: BrowserSession) -> None:
        self._session = session
        self._page = session.page

    @property
    def alive(self) -> bool:
        return self._session.alive

    def sign_in(self, account: str, password: Secret) -> None:
        """Sign in once, and raise SIGN_IN_REFUSED when the target says no (a third wrong try would lock it)."""
        with trouble_named():
            self._page.goto(self._session.target.address("/"), wait_until="domcontentloaded")
            main = self._page.main_frame
            if screen_of(self._look(main)) is Screen.FRAMES:
                return
            wanted(self._look(main), Screen.SIGN_IN)
            main.fill("[name=account]", account)
            main.fill("[name=password]", password.reveal())
            submit_once(self._session, main, lambda: main.click("form[name=login] [type=submit]"))
        seen = self._look(main)
        if screen_of(seen) is Screen.SIGN_IN:
            raise TargetTroubleError(Cause.SIGN_IN_REFUSED, "対象システムにログインできません")
        wanted(seen, Screen.FRAMES)

    def search(self, reference: str) -> Look:
        """Open the search screen and search; read-only."""
        main = self._main()
        with trouble_named():
            main.goto(self._session.target.address("/search"), wait_until="domcontentloaded")
            wanted(self._look(main), Screen.SEARCH)
            main.fill("[name=reference]", reference)
            self._go(main, lambda: main.click("form[name=search] [type=submit]"))
        return wanted(self._look(main), Screen.SEARCH)

    def open_found(self) -> Look:
        """Open the detail screen of the one record found."""
        return self._follow("a.number", Screen.DETAIL)

    def open_entry(self) -> Look:
        """Open the entry screen for the reference that was not found."""
        return self._follow("form[name=new] [type=submit]", Screen.ENTRY)

    def fill(self, boxes: Boxes) -> None:
        """Type a whole record into the entry form; `standing()` then tells what became of it."""
        typed = {"texts": dict(boxes.texts), "choices": dict(boxes.choices), "ticks": dict(boxes.ticks)}
        with trouble_named():
            self._main().evaluate(FILL, typed)

    def standing(self) -> dict[str, str | bool]:
        """Read what stands in every box of the entry form: maxlength may have cut what was typed."""
        with trouble_named():
            values: dict[str, str | bool] = self._main().evaluate(STANDING)
        self._session.dialogs.check()
        return values

    def register(self) -> Look:
        """Click 登録 once, answer its confirm() and alert(), and look at whatever came."""
        main = self._main()
        submit_once(self._session, main, lambda: main.click("form[name=entry] [name=go]"))
        return self._look(main)

    def open_registered(self) -> Look:
        """From the receipt, open the detail screen of what was stored."""
        return self._follow("a[href^='/detail']", Screen.DETAIL)

    def picture(self) -> bytes:
        """Take a PNG of the window with every personal value blanked by the browser itself."""
        main = self._main()
        with trouble_named():
            masked = [main.locator(MASKED_BOXES), main.locator(MASKED_ROWS)]
            return self._page.screenshot(mask=masked, mask_color=MASK_COLOUR)

    def _follow(self, selector: str, screen: Screen) -> Look:
        main = self._main()
        with trouble_named():
            self._go(main, lambda: main.click(selector))
        return wanted(self._look(main), screen)

    def _main(self) -> Frame:
        main = self._page.frame(name="main")
        if main is None:
            raise TargetTroubleError(Cause.SESSION_LOST, "作業画面が開いていません")
        return main

    def _go(self, frame: Frame, act: Callable[[], None]) -> None:
        """Act, and wait for the page that answers; an unknown dialog stops it before any waiting."""
        with frame.expect_navigation(wait_until="domcontentloaded"):
            act()
            self._session.dialogs.check()
        self._session.dialogs.check()

    def _look(self, frame: Frame) -> Look:
        with trouble_named():
            return look(frame.evaluate(LOOK))
