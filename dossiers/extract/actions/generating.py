"""Prepare an extraction outside any transaction: what a language model is asked, where one is."""

from dossiers.models.run import Run


def prepare_extraction(run: Run) -> None:
    """Nothing is to prepare for the rules: they read what is stored."""
