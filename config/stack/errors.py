"""Errors that a person at the terminal can act on."""


class StackError(Exception):
    """The stack cannot go on; the message says what is wrong and what to set or do."""
