"""How is progress drawn in a terminal?"""

WIDTH = 24


def bar(done: int, total: int) -> str:
    """Draw how much of `total` is done, in blocks."""
    filled = WIDTH * min(done, total) // max(1, total)
    return "█" * filled + "·" * (WIDTH - filled)
