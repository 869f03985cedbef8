"""A letter finds its way: the numbers of an address as the post's manual takes them out, its bars, and the window."""

import io
from datetime import date

import pypdf
import pytest
from hypothesis import given
from hypothesis import strategies as st

from forms.address_numbers import address_numbers
from forms.paper.customer_barcode import bars_of, has_barcode, symbols_of
from forms.paper.drawn import Frame, Words
from forms.paper.envelope import ADDRESS_MM, Addressee, Letter, barcode_of, cover
from forms.paper.measures import text_mm
from forms.paper.printing import pdf_of

DAY = date(2026, 11, 28)
LETTER = Letter("様", ("福岡市 公園課", "〒810-8620 福岡市中央区天神1-8-1"), "活動報告のお願い", "次の書類です。", DAY)
WEIGHTS = {symbol: weight for weight, symbol in enumerate([*"0123456789-", *(f"CC{n}" for n in range(1, 9))])}
SLIDES_ACROSS, SLIDES_DOWN = 235 - 210, 120 - 99
WINDOW = (20, 12, 110, 57)


@pytest.mark.parametrize(
    ("code", "address", "numbers"),
    [
        ("2630023", "千葉県千葉市稲毛区緑町3丁目30-8 郵便ビル403号", "3-30-8-403"),
        ("1000013", "東京都千代田区霞が関1丁目3番2号 郵便プラザ503室", "1-3-2-503"),
        ("2730102", "千葉県鎌ケ谷市右京塚 東3丁目-20-5 郵便・A&bコーポB604号", "3-20-5B604"),
        ("3170055", "茨城県日立市宮田町6丁目7-14 ABCビル2F", "6-7-14-2"),
        ("0640804", "北海道札幌市中央区南四条西29丁目1524-23 第2郵便ハウス501", "29-1524-23-2-501"),
        ("9100067", "福井県福井市新田塚3丁目80-25 J1ビル2-B", "3-80-25J1-2B"),
        ("4600011", "名古屋市中区大須一丁目二十五番二十八号", "1-25-28"),
        ("1020075", "東京都千代田区三番町六番地二〇三号", "6-203"),
        ("8100001", "福岡市中央区天神一丁目8の1 百年ビル", "1-8-1"),
        ("9999999", "どこかの村百二十番地", "120"),
        ("8100001", "福岡市中央区天神", ""),
    ],
)
def test_the_numbers_of_an_address_are_taken_out_as_the_manual_does(code, address, numbers):
    assert address_numbers(code, address) == numbers


def test_the_manuals_own_examples_come_out_symbol_by_symbol():
    filled_up = symbols_of("1000013", "1-3-2-503")
    cut_in_a_letter = symbols_of("9100067", "3-80-25J1-2B")

    assert filled_up == (*"10000131-3-2-503", "CC4", "CC4", "CC4", "CC4", "9")
    assert cut_in_a_letter[:20] == (*"91000673-80-25", "CC1", "9", *"1-2", "CC1")
    assert symbols_of("0640804", "29-1524-23-2-501")[:20] == tuple("064080429-1524-23-2-")


@given(st.from_regex(r"[0-9]{7}", fullmatch=True), st.text("0123456789-ABCDEFGHIJKLMNOPQRSTUVWXYZ", max_size=30))
def test_every_address_is_67_bars_whose_check_symbol_makes_the_sum_a_multiple_of_19(code, numbers):
    symbols = symbols_of(code, numbers)
    bars = bars_of(symbols)

    assert len(symbols) == 21
    assert sum(WEIGHTS[symbol] for symbol in symbols) % 19 == 0
    assert len(bars) == 67
    assert bars[:2] == "13"
    assert bars[-2:] == "31"
    assert set(bars) <= set("1234")


@given(st.text(max_size=60))
def test_whatever_is_written_as_an_address_has_numbers_that_bars_can_say(address):
    assert len(bars_of(symbols_of("8100001", address_numbers("8100001", address)))) == 67


def test_a_code_that_stands_for_a_whole_city_has_no_bars():
    assert not has_barcode("8100000")
    assert has_barcode("8100001")
    assert barcode_of(Addressee("8100000", "福岡市中央区", "会")) == ""


@given(
    st.text("福岡市中央区天神一丁目 8-1ABビル", min_size=1, max_size=60),
    st.text("花畑公園愛護会 山田香織", min_size=1, max_size=40),
)
def test_an_address_shows_whole_in_the_window_wherever_the_paper_slides(address, name):
    page = cover(LETTER, Addressee("8100001", address, name), "R8-公園-0001", ())

    shown = [one for one in page.elements if isinstance(one, Frame | Words) and one.y < ADDRESS_MM[1] + ADDRESS_MM[3]]
    of_address = [one for one in shown if ADDRESS_MM[0] <= one.x < 100]
    of_sender = [one for one in shown if one.x > 100]

    assert len(of_address) == 3 + 67
    left, top, right, bottom = WINDOW
    for one in of_address:
        assert one.x >= left
        assert one.x + one.width + SLIDES_ACROSS <= right
        assert one.y >= top
        assert one.y + one.height + SLIDES_DOWN <= bottom
    assert all(one.x > right for one in of_sender)


def test_a_long_address_is_set_smaller_until_it_has_room():
    long = "福岡県福岡市早良区百道浜二丁目3番26号シーサイドももちレジデンスタワー西館1203号室"
    page = cover(LETTER, Addressee("8140001", long, "百道浜公園愛護会"), "R8-公園-0001", ())

    (words,) = [one for one in page.elements if isinstance(one, Words) and one.text == long]

    assert text_mm(long, words.size) <= words.width * 2


def test_a_cover_prints_as_an_archive_file_with_everything_it_says():
    page = cover(
        LETTER, Addressee("8100001", "福岡市中央区天神1丁目8-1", "山田 香織"), "R8-公園-0007", ("報告書 2ページ",)
    )

    text = pypdf.PdfReader(io.BytesIO(pdf_of("x", DAY, [page]))).pages[0].extract_text().replace(" ", "")

    for said in (
        "〒810-0001",
        "山田香織様",
        "公園課",
        "活動報告のお願い",
        "R8-公園-0007",
        "報告書2ページ",
        "令和8年11月28日",
    ):
        assert said in text
