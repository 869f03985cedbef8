"""The register of files of personal data is made of what was agreed; what no agreement tells is marked as such."""

from __future__ import annotations

import csv
import io
from dataclasses import replace

from backoffice.data_links.file_register import CONFIRM, items_of
from tests.backoffice.data_links.agreements import LIBRARY, Agreements
from tests.workflows.links.agreements import answering
from workflows.links import Concern, Direction, Necessity, SecurityClass, Terms, Use


def items(desk: Agreements, terms: Terms = LIBRARY) -> dict[str, tuple[str, bool]]:
    link = desk.link(desk.agreed(terms))
    return {item.label: (item.text, item.confirm) for item in items_of(link, terms, 12)}


def test_what_the_agreement_tells_stands_in_the_register(desk: Agreements):
    found = items(desk)

    assert found["個人情報ファイルの名称"] == ("図書館カード", False)
    assert found["記録項目"] == ("氏名\n18歳以上\n福岡市民", False)
    assert found["記録範囲"] == ("市の全域", False)
    assert found["収集方法"][0].splitlines() == [
        "市の台帳(住民基本台帳など)から、本人が同意した事実だけ",
        "本人から(ポータルで本人が申し込むとき)",
    ]
    assert found["要配慮個人情報"] == ("含まない", False)
    assert found["経常的な提供先"] == ("図書館システム(演習用) (library)\n総合図書館長", False)
    assert found["今記録されている人の数"] == ("12人", False)


def test_what_it_does_not_tell_is_to_be_confirmed_and_never_left_out(desk: Agreements):
    confirm = {label for label, (_text, to_confirm) in items(desk).items() if to_confirm}

    assert confirm == {
        "行政機関等の名称",
        "開示・訂正・利用停止の請求を受ける組織と所在地",
        "訂正・利用停止についてのほかの法令による手続",
        "行政機関等匿名加工情報の提案の募集",
    }


def test_sensitive_attributes_are_named_and_confirmed(desk: Agreements):
    discount = Use("disability_discount", Necessity.REQUIRED, ("issue_card",), "割引のため")
    terms = replace(
        LIBRARY, uses=(discount,), security=SecurityClass.CONFIDENTIALITY_3, impact=answering(Concern.SENSITIVE)
    )

    assert items(desk, terms)["要配慮個人情報"] == ("含む: 障がい者割引の対象", True)


def test_what_only_comes_in_is_given_to_nobody(desk: Agreements):
    assert items(desk, replace(LIBRARY, direction=Direction.TAKES))["経常的な提供先"] == ("なし", False)


def test_the_page_shows_it_and_the_file_has_a_line_for_each_link(desk: Agreements):
    version_id = desk.agreed()
    visit = desk.visit()

    page = visit.get(f"/links/{desk.link(version_id).id}/register").text
    rows = list(csv.reader(io.StringIO(visit.get("/links/registers/export.csv").text.lstrip("\ufeff"))))

    assert page.count(CONFIRM) == 5  # four items, and the sentence above them
    assert (rows[0][:2], rows[1][0], len(rows)) == (["記号", "個人情報ファイルの名称"], "library-card", 2)


def test_a_link_of_which_nothing_is_in_force_has_no_entry(desk: Agreements):
    version_id = desk.begin()

    desk.visit().get(f"/links/{desk.link(version_id).id}/register", status=404)
