"""What is wrong with a model's answer, in sentences an editor understands."""

from dataclasses import dataclass

_LONGEST_SHOWN = 60


@dataclass(frozen=True)
class Problem:
    """One thing wrong with an answer; `item` counts from 1, 0 is the answer as a whole."""

    code: str
    message: str
    item: int = 0

    def __str__(self) -> str:
        return f"Item {self.item}: {self.message}" if self.item else self.message


class Unusable(Exception):
    """An item gives no draft; its words say why."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code, self.message = code, message


def show(words: str) -> str:
    """Show a model's words in a message: printable, in quotation marks, not too long."""
    plain = "".join(char if char.isprintable() else " " for char in words)
    return f"“{plain[:_LONGEST_SHOWN]}{'…' if len(plain) > _LONGEST_SHOWN else ''}”"
