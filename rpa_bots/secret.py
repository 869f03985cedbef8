"""How does a password travel without being seen? As an object that never shows its value."""


class Secret:
    """A value that no repr, log line, error or JSON dump will show; `reveal()` is called where it is typed, only."""

    __slots__ = ("_value",)

    def __init__(self, value: str) -> None:
        self._value = value

    def reveal(self) -> str:
        return self._value

    def __repr__(self) -> str:
        return "Secret(********)"

    def __reduce__(self) -> str:
        raise TypeError("a secret is not pickled")
