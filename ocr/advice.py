"""What should the person at the scanner do better, and from which measure on? Where reading was seen to get worse."""

from ocr.quality import Quality

ADVICE = {
    "low_resolution": "解像度を200dpi以上にしてください。",
    "blurred": "ぼやけています。読取面を拭き、用紙を浮かせずに取り込み直してください。",
    "faint": "薄すぎます。濃度を上げて取り込み直してください。この用紙の項目はすべて人が確かめます。",
    "shadow": "影が濃く入っています。ふたを閉じるか、明るい所で撮り直してください。",
    "cut_off": "用紙の端が切れています。用紙全体が入るように取り込み直してください。",
    "bleed_through": "裏写りしています。黒い紙を裏に当てるか、裏写り除去を使ってください。",
}
"""Sentences by code."""

# Measured on sheets made worse step by step, six each, 120 written fields. Down to 95 dpi, at edges of up to 3.5 px, at
# a contrast of 0.5, in a shadow of 0.9 and with a fifteenth of the paper showing through, reading was as good as
# before; a sheet that lies askew is read as well at 20 degrees. Beyond: at 4.0 px two fields of five passed that had
# passed before, at a contrast of 0.36 a wrong one did, with 0.12 showing through a third fewer passed.
_LEAST_DPI = 95
_WIDEST_EDGE = 3.7
LEAST_CONTRAST = 0.4
"""Below it nothing passes without a person: wrong values did, empty boxes that were ticked among them."""
_DEEPEST_SHADOW = 0.92
_MOST_CUT = 0.01
_MOST_BLEED = 0.085
_BLEED_SEEN_IN = 0.6  # of shadow: in a deeper one grain looks like it


def advice_on(quality: Quality) -> tuple[str, ...]:
    """Return the codes of what would make the next scan better, none for a good one."""
    checks = (
        ("low_resolution", quality.dpi < _LEAST_DPI),
        ("blurred", quality.edge_px > _WIDEST_EDGE),
        ("faint", quality.contrast < LEAST_CONTRAST),
        ("shadow", quality.shadow > _DEEPEST_SHADOW),
        ("cut_off", quality.cut > _MOST_CUT),
        ("bleed_through", quality.bleed > _MOST_BLEED and quality.shadow < _BLEED_SEEN_IN),
    )
    return tuple(code for code, holds in checks if holds)
