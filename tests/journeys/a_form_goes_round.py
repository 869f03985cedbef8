"""The whole way of a form, step by step in a browser: built, printed, filled in, scanned, read, checked, in its list.

Pictures are taken on the way by whoever wants them: docs show them to clerks.
"""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import time as clock

import numpy as np
import pypdfium2
from PIL import Image, ImageDraw, ImageFilter, ImageFont
from playwright.sync_api import Page, expect
from sqlalchemy import select

from backoffice.automation.service import add_target
from backoffice.automation.systems.targets import TargetSettings
from backoffice.form_designs.shelf import pages_of
from backoffice.identity import Department
from backoffice.intake.jobs import read_file
from backoffice.intake.models import PaperFile
from backoffice.intake.workflow import FileState
from forms.field_types import FieldType, Value
from forms.layout import PaperField
from forms.paper.filling import as_written
from ocr.pool import ReadingPool
from tests.backoffice.intake.piles import StepsAtOnce
from tests.backoffice.office import City

FONT = "/usr/share/fonts/opentype/ipaexfont-gothic/ipaexg.ttf"
PIXELS_A_MM = 200 / 25.4
PEOPLE: tuple[Mapping[str, Value], ...] = (
    {
        "公民館名": "東月隈公民館",
        "利用日": "2026-11-14",
        "行事あり": True,
        "行事名": "健康体操",
        "大人": 18,
        "子ども": 4,
        "口座番号": "1234567",
    },
    {"公民館名": "那珂公民館", "利用日": "2026-11-15", "大人": 25, "子ども": 0, "口座番号": "7654321"},
)
"""What two people write on their copies; what they leave out a clerk fills in."""

SYSTEM = "公民館システム"
TakePicture = Callable[[Page, str], None]


@dataclass(frozen=True)
class Way:
    """A form on its way, in one browser of a clerk who may build forms, hand in sheets and check them."""

    city: City
    page: Page
    take: TakePicture

    def call_it_print(self) -> None:
        """Say on the form's page that it is filled in with print: what people wrote by hand would all be asked."""
        self.page.get_by_role("button", name="活字の用紙として扱う").click()
        self.page.get_by_role("button", name="活字として扱う").click()
        expect(self.page.locator("main")).to_contain_text("手書きの用紙として扱う")

    def print(self) -> bytes:
        """Print two copies from the page of the version that has just been put into use."""
        self.page.get_by_role("link", name="第1版").first.click()
        expect(self.page.get_by_role("button", name="紙に印刷する(PDF)")).to_be_visible()
        self.take(self.page, "form-version")
        answer = self.page.request.get(f"{self.page.url}/paper.pdf?copies={len(PEOPLE)}")
        return answer.body()

    def let_it_be_keyed(self) -> None:
        """Choose the system that takes what stands in the list; what goes where is proposed, as the words are alike."""
        self.page.goto("/records/1")
        self.page.get_by_role("link", name="夜間の入力への受け渡し").click()
        self.page.get_by_label("対象システム").select_option(label=SYSTEM)
        self.page.get_by_role("button", name="選ぶ").click()
        expect(self.page.get_by_label("公民館名")).not_to_have_value("")
        self.take(self.page, "paper-goes-into-a-system")
        self.page.get_by_role("button", name="この対応で受け渡す").click()
        expect(self.page.locator("main")).to_contain_text("夜間の入力への受け渡しを保存しました")

    def hand_in(self, scan: bytes) -> None:
        self.page.goto("/sheets/upload")
        self.page.set_input_files("#files", {"name": "scan.pdf", "mimeType": "application/pdf", "buffer": scan})
        self.page.get_by_role("button", name="取り込む").click()
        expect(self.page.locator("main")).to_contain_text("1件のファイルを受け取りました")
        self.take(self.page, "paper-handed-in")
        self.page.get_by_role("link", name=re.compile("束 R8-束-")).click()

    def queue(self) -> None:
        """Say of all records in the list that they are done: from now on they wait for the night."""
        self.page.goto("/records/1")
        self.page.get_by_label("この画面の記録をすべて選ぶ").check()
        self.page.get_by_role("button", name="完了にする").click()
        expect(self.page.locator("main")).to_contain_text("2件の状態を変えました")
        self.page.goto("/items")
        for number in range(1, len(PEOPLE) + 1):
            expect(self.page.locator("main")).to_contain_text(f"R8-公民館-{number:04}")
        self.take(self.page, "paper-waits-for-the-night")

    def check_all(self) -> int:
        """Walk the doubtful fields of each sheet by keyboard, as the paper says; give how many sheets a person saw."""
        self.page.goto("/verify")
        seen = 0
        begin = self.page.get_by_role("button", name=re.compile("確認を始める"))
        if not begin.count():
            return seen
        begin.first.click()
        while self.page.locator("#settle").count():
            if not seen:
                self.take(self.page, "paper-checked")
            self._check_one()
            seen += 1
        return seen

    def _check_one(self) -> None:
        number = re.findall(r"R8-\S+-\d+", self.page.locator(".heading-note").inner_text())[0]
        written = PEOPLE[int(number.rpartition("-")[2]) - 1]
        for label, value in {**ACCOUNT, **written}.items():
            field = self.page.locator(".check").filter(has_text=label).locator(".check-answer").locator("input, select")
            if value is True:
                field.check()
            elif field.evaluate("node => node.tagName") == "SELECT":
                field.select_option(label=str(value))
            else:
                field.fill(as_written(FieldType.DATE if label == "利用日" else FieldType.TEXT, value))
        self.page.keyboard.press("Control+Enter")
        expect(self.page.locator("main")).not_to_contain_text(f"受付番号 {number}")
        self.page.wait_for_load_state()  # whether another sheet waits is told at the page's end


ACCOUNT = {
    "金融機関名": "福岡銀行",
    "支店名": "本店営業部",
    "預金種別": "普通",
    "口座名義": "ヒガシツキグマ コウミンカン",
}


def name_system(city: City, department: Department) -> None:
    """The operator has registered the old system that is to take this form."""
    settings = TargetSettings(SYSTEM, "http://127.0.0.1:8907", clock(20), clock(6), 60, 60, pictures=True)
    with city.unit() as work:
        add_target(work, "form-1", settings, department.id)


def scanned(city: City, code: str, pdf: bytes) -> bytes:
    """Write on each printed copy by a pen of one font, lay it a little askew, and scan all into one poor PDF."""
    with city.look() as work:
        [(layout, _blanks)] = pages_of(work.session, code, 1)
    printed = pypdfium2.PdfDocument(pdf)
    sheets = []
    for number, (page, written) in enumerate(zip(printed, PEOPLE, strict=True)):
        picture = page.render(scale=200 / 72).to_pil().convert("L")
        pen = ImageDraw.Draw(picture)
        for field in layout.fields:
            if field.label in written:
                _write(pen, field, written[field.label])
        sheets.append(_scan(picture, number))
    printed.close()
    told = io.BytesIO()
    sheets[0].save(told, "PDF", save_all=True, append_images=sheets[1:], resolution=200, quality=70)
    return told.getvalue()


def _write(pen: ImageDraw.ImageDraw, field: PaperField, value: Value) -> None:
    x, y, width, height = (side * PIXELS_A_MM for side in field.box_mm)
    if field.type is FieldType.CHECKBOX:
        pen.line([(x + 4, y + height / 2), (x + width / 2, y + height - 5), (x + width - 3, y + 4)], fill=30, width=5)
        return
    text, font = as_written(field.type, value), ImageFont.truetype(FONT, 34)
    if field.comb is None:
        pen.text((x + 12, y + height / 2), text, font=font, fill=30, anchor="lm")
        return
    cell = width / field.comb
    for place, letter in enumerate(text):
        pen.text((x + cell * (place + 0.5), y + height / 2), letter, font=font, fill=30, anchor="mm")


def _scan(picture: Image.Image, seed: int) -> Image.Image:
    askew = picture.rotate(0.8 - 1.5 * seed, Image.Resampling.BICUBIC, fillcolor=252)
    soft = np.asarray(askew.filter(ImageFilter.GaussianBlur(0.6)), dtype=float)
    noisy = soft + np.random.default_rng(seed).normal(0, 4, soft.shape)
    return Image.fromarray(noisy.clip(0, 255).astype(np.uint8))


def let_the_worker_read(city: City) -> None:
    """Read what waits as the worker does, by its reading processes."""
    with city.look() as work:
        files = select(PaperFile.id).where(PaperFile.state == FileState.WAITING).order_by(PaperFile.id)
        waiting = work.session.scalars(files).all()
    with ReadingPool(1) as pool:

        def read_paper(forms, content, name, page=None):
            if page is None:
                return pool.read_document(forms, content, name)
            return pool.read_page(forms, content, name, page)

        for file_id in waiting:
            read_file(city.office, read_paper, file_id, StepsAtOnce())
