"""How does an address become the bars that sorting machines read? Japan Post's customer barcode (カスタマバーコード).

By 郵便番号・バーコードマニュアル: 67 bars for a start, seven figures of the postal code, thirteen symbols of the
address, a check symbol and a stop; the size may be that of 8 to 11.5 points.
"""

from collections.abc import Sequence

from forms.paper.drawn import Frame

_SYMBOLS = (*"0123456789-", *(f"CC{number}" for number in range(1, 9)))
"""In the order of what each counts in the check sum: 0 to 18."""
_IN_ORDER = "144114132312123141321213231411414324342234432243423441111"
_BARS = {symbol: _IN_ORDER[place * 3 : place * 3 + 3] for place, symbol in enumerate(_SYMBOLS)}
"""Of three bars each. 1 long, 2 the upper two thirds, 3 the lower two thirds, 4 the middle alone."""
_START, _STOP = "13", "31"
_OF_CODE, _OF_ADDRESS = 7, 13
_MODULUS = 19
_FILLER = "CC4"
_BEFORE_LETTERS = ("CC1", "CC2", "CC3")

_POINTS = 8
"""The smallest that is allowed: in a window, paper slides about."""
_PITCH, _THICK, _LONG = (size * _POINTS / 10 for size in (1.2, 0.6, 3.6))
_REACH = {"1": (0.0, 1.0), "2": (0.0, 2 / 3), "3": (1 / 3, 2 / 3), "4": (1 / 3, 1 / 3)}
"""Where a bar begins and how long it is, in parts of a long one."""
WIDTH_MM, HEIGHT_MM = 66 * _PITCH + _THICK, _LONG


def has_barcode(postal_code: str) -> bool:
    """Say whether a postal code may be written in bars: not one that stands for a whole city (`…00`)."""
    return len(postal_code) == _OF_CODE and postal_code.isdecimal() and not postal_code.endswith("00")


def symbols_of(postal_code: str, numbers: str) -> tuple[str, ...]:
    """Return the 21 symbols between start and stop: code, address, check symbol.

    `numbers`: digits, hyphens and capital letters, as `forms.address_numbers` gives them. What has no room is cut,
    even in the middle of a letter, which takes two symbols. Raises ValueError for any other sign.
    """
    address = [symbol for sign in numbers for symbol in _symbols(sign)][:_OF_ADDRESS]
    address += [_FILLER] * (_OF_ADDRESS - len(address))
    written = (*postal_code, *address)
    missing = -sum(_SYMBOLS.index(symbol) for symbol in written) % _MODULUS
    return (*written, _SYMBOLS[missing])


def bars_of(symbols: Sequence[str]) -> str:
    """Return the 67 bars of 21 symbols, one figure each."""
    return _START + "".join(_BARS[symbol] for symbol in symbols) + _STOP


def drawn(bars: str, x: float, y: float) -> tuple[Frame, ...]:
    """Return `bars` as rectangles, the first with its upper left corner at `x`, `y` millimetres."""
    return tuple(
        Frame(
            round(x + place * _PITCH, 3),
            round(y + _REACH[bar][0] * _LONG, 3),
            _THICK,
            round(_REACH[bar][1] * _LONG, 3),
            line=0,
            fill=0,
        )
        for place, bar in enumerate(bars)
    )


def _symbols(sign: str) -> tuple[str, ...]:
    if "A" <= sign <= "Z":
        row, place = divmod(ord(sign) - ord("A"), 10)
        return _BEFORE_LETTERS[row], str(place)
    if sign not in _SYMBOLS:
        raise ValueError(sign)
    return (sign,)
