"""What is a file called that somebody sends? By its own name, as it can be shown and kept."""

from forms.my_number import without_my_number


def safe_name(name: str) -> str:
    """Give a file's own name, without folders and without characters that do not show."""
    last = name.replace("\\", "/").rsplit("/", 1)[-1]
    shown_part = "".join(character for character in last if character.isprintable())[:120]
    return without_my_number(shown_part) or "名称なし"
