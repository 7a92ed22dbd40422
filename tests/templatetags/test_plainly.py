"""Sentences of ours that quote theirs: no mark in them turns the rest round."""

import pytest

from dossiers.templatetags.desk import plainly


@pytest.mark.parametrize("mark", "\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
def test_a_sentence_is_written_without_marks_of_direction(mark: str):
    assert plainly(f"The date “{mark}1907” could not be read.") == "The date “1907” could not be read."


def test_a_sentence_without_marks_stays_as_it_is():
    assert plainly("“كلية” is not in the quoted sentence — 12 m.") == "“كلية” is not in the quoted sentence — 12 m."
