"""Which thresholds does a rule name? Told from what is written: a desk that lists fifty rules reads none of them."""

from collections.abc import Iterator, Sequence

_NAMES = ("parameter", "table")
"""Under these keys, and nowhere else in a written rule, stands the code of a threshold (workflows/rules/writing.py)."""


def thresholds_in(written: object) -> Sequence[str]:
    """Give the codes of the thresholds that a written rule names, each once, in the order of the rule."""
    return tuple(dict.fromkeys(_named(written)))


def _named(part: object) -> Iterator[str]:
    if isinstance(part, dict):
        for key, value in part.items():
            if key in _NAMES:
                yield value
            else:
                yield from _named(value)
    elif isinstance(part, list):
        for each in part:
            yield from _named(each)
