"""Why is a page refused, in a stable code and in a sentence for the person who sent it? One table of reasons."""

REASONS = {
    "missing": "ファイルが見つからないか、開けません。",
    "empty": "ファイルの中身がありません(0バイト)。",
    "too_large": "ファイルが大きすぎます(上限は画像30MB、TIFF・PDF 150MB)。",
    "too_many_pages": "ページが多すぎます(上限500ページ)。分けて取り込んでください。",
    "pdf": "PDFは読めません。JPEGかPNGの画像にしてください。",
    "password": "PDFにパスワードがかかっています。解除してから取り込んでください。",
    "not_an_image": "画像ではありません。JPEG・PNG・TIFF・PDFのどれかにしてください。",
    "unsupported_format": "この画像形式は読めません。JPEG・PNG・TIFF・PDFのどれかにしてください。",
    "animated": "動く画像は読めません。1枚の画像として保存し直してください。",
    "broken": "画像が途中で切れているか、壊れています。もう一度取り込んでください。",
    "too_many_pixels": "画像の画素数が大きすぎます(上限6000万画素)。",
    "nothing_drawn": "このページには何も描かれていません。白紙か、壊れたPDFかを目で確かめてください。",
    "too_heavy": "この用紙を開くにはメモリが足りません。解像度を300dpi程度に下げて取り込み直してください。",
    "too_few_pixels": "画像が小さすぎて読めません。150dpi以上で取り込んでください。",
    "other_form": "別の様式の用紙です(QRコードが違います)。",
    "two_forms": "二つの様式のどちらの用紙か決められません。様式を選んで取り込み直してください。",
    "several_sheets": "用紙が2枚以上写っています。1枚ずつ取り込んでください。",
    "several_pages": "ページが2枚以上あります。1枚ずつ取り込んでください。",
    "not_registered": "この様式の用紙として位置を合わせられません。用紙全体が写っているか確かめてください。",
    "residual": "位置合わせのずれが大きいため読みません。用紙を平らにして取り込み直してください。",
    "reader_died": "読取処理が異常終了しました。この用紙は人が確かめてください。",
    "time_limit": "読取に時間がかかりすぎたため打ち切りました。この用紙は人が確かめてください。",
}


class PageRefusedError(Exception):
    """A page is not read; `code` is one of `REASONS`."""

    def __init__(self, code: str) -> None:
        super().__init__(REASONS[code])
        self.code = code
        self.reason = REASONS[code]
