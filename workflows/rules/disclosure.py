"""Which counts about residents may be shown, so that nobody learns anything of one of them?

Three guards that hold together: a cell under ten is not shown, nor what would give it away; what is shown is rounded
to tens; and a group that differs from one told before in fewer than ten people is told by the same number
(`workflows.rules.preview`). A budget of questions a day ends attacks that combine many answers.
"""

from collections.abc import Collection, Mapping

SMALLEST = 10
"""People: no smaller group is ever told. The usual threshold of Japanese small-area statistics."""


def publishable(cells: Mapping[str, int], *, told_beside: Collection[str] = ()) -> dict[str, int | None]:
    """Give the cells of a table whose sum is known as they may be shown: rounded, None for what is not told.

    As long as the cells not told are one alone, or come to fewer than ten together, the smallest that is told joins
    them: the sum would give them away. Of `told_beside`, which is told elsewhere on the page, one joins only where no
    other is left: hidden here alone it would hide nothing.
    """
    hidden = {name for name, count in cells.items() if count < SMALLEST}
    while hidden and len(hidden) < len(cells) and _gives_away(cells, hidden):
        left = [name for name in cells if name not in hidden]
        hidden.add(min(left, key=lambda name: (name in told_beside, cells[name])))
    return {name: None if name in hidden else rounded(count) for name, count in cells.items()}


def told(count: int) -> int | None:
    """Give a count that stands alone as it may be shown; None for a small one."""
    return None if count < SMALLEST else rounded(count)


def rounded(count: int) -> int:
    """Round to tens, fives upwards."""
    return (count + 5) // 10 * 10


def steadied(count: int, *before: int) -> int:
    """Give the first of the counts told before from which this one differs in fewer than ten people; else itself."""
    return next((each for each in before if abs(count - each) < SMALLEST), count)


def _gives_away(cells: Mapping[str, int], hidden: Collection[str]) -> bool:
    return len(hidden) == 1 or sum(cells[name] for name in hidden) < SMALLEST
