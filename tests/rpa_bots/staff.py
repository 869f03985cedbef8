"""How does a clerk without a browser use an old system? In its letters both ways, every page looked at."""

import re

import httpx2

from rpa_bots.fake_base.serving import CHARSETS, SHIFT_JIS


class Staff(httpx2.Client):
    """A clerk at an old system, who checks every page for what a clean page has."""

    codec = SHIFT_JIS

    def seen(self, response: httpx2.Response) -> str:
        html = response.content.decode(self.codec)
        assert response.headers["Content-Type"] == f"text/html; charset={CHARSETS[self.codec]}"
        assert re.search(r"<title>[^<]+</title>", html, re.IGNORECASE)
        assert re.search('<html lang="ja">', html, re.IGNORECASE)
        names = re.findall(r' id="?([^" >]+)', html, re.IGNORECASE)
        assert len(names) == len(set(names))
        return html

    def shown(self, path, **params):
        return self.seen(self.get(path, params=params))

    def sent(self, path, form):
        return self.seen(self.posted(path, form))

    def posted(self, path, form):
        body = "&".join(f"{name}={self.percent(text)}" for name, text in form.items())
        headers = {"Content-Type": "application/x-www-form-urlencoded"}
        return self.post(path, content=body, headers=headers, follow_redirects=True)

    def percent(self, text: str) -> str:
        return "".join(f"%{byte:02X}" for byte in text.encode(self.codec, "xmlcharrefreplace"))
