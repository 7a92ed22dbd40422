"""Why an act of the desk was refused; every error says the state, and nothing was saved."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from django.db import IntegrityError

from dossiers.review.queries.seen import Seen


class DecisionRefused(Exception):
    """The act was refused; `str()` is a sentence for the editor."""

    sentence = "This could not be done."

    def __init__(self, sentence: str = "") -> None:
        super().__init__(sentence or self.sentence)


class ClaimIsStale(DecisionRefused):
    """The claim moved on: `seen` is what the editor saw, `now` what is there, `typed` what they were about to say."""

    sentence = "This claim changed while you looked at it. Nothing was saved, and nothing you typed is lost."

    def __init__(self, seen: Seen, now: Seen | None, typed: Mapping[str, Any] | None = None) -> None:
        super().__init__()
        self.seen, self.now, self.typed = seen, now, dict(typed or {})


class EvidenceNotShown(DecisionRefused):
    sentence = "The evidence has not been shown to you yet. Open the claim, read the words it rests on, then approve."


class OpenErrors(DecisionRefused):
    sentence = "A check found an error. Amend or reject the claim, or say why the check is mistaken."


class OwnSecondApproval(DecisionRefused):
    sentence = "You have approved this already; the second approval must come from another editor."


class NothingToUndo(DecisionRefused):
    sentence = "There is no decision to undo here."


class PlaceNotChosen(DecisionRefused):
    sentence = "Nobody has chosen this place among the candidates yet. Answer the question on the topic's page first."


class QuoteNotFound(DecisionRefused):
    sentence = "These words do not stand in the source. Pick them from the passage, or copy them exactly."


class ValueNotQuoted(DecisionRefused):
    sentence = "The quote does not hold the value. Pick words that do, or mark it as the editor's statement."


class NothingAmended(DecisionRefused):
    sentence = "Nothing was changed. Change the words or their quote; what is right as it stands is approved instead."


class ReasonMissing(DecisionRefused):
    sentence = "Say why."


class KeyReused(DecisionRefused):
    sentence = "This form was already used for something else. Open the claim again."


class CheckNotOpen(DecisionRefused):
    sentence = "This check is no longer there, or is not an error."


class QuestionIsStale(DecisionRefused):
    sentence = "This question was answered or asked anew while you looked at it. Nothing was saved; look again."


class CandidateUnknown(DecisionRefused):
    sentence = "The choice is not among the candidates."


_OF_DATABASE: dict[str, type[DecisionRefused]] = {
    "evidence_not_shown": EvidenceNotShown,
    "open_error": OpenErrors,
    "own_second_approval": OwnSecondApproval,
    "nothing_to_undo": NothingToUndo,
    "place_not_chosen": PlaceNotChosen,
    "quote_not_found": QuoteNotFound,
    "evidence_crosses_no_joint": QuoteNotFound,
    "foreign_capture": QuoteNotFound,
    "candidate_unknown": CandidateUnknown,
    "decision_reject_has_reason": ReasonMissing,
    "decision_other_reason_has_note": ReasonMissing,
    "dismissal_has_reason": ReasonMissing,
    "idempotency_key": KeyReused,
}


@contextmanager
def naming_refusals() -> Iterator[None]:
    """Turn the database's own refusals, the last line of defence, into the errors above; others pass unchanged."""
    try:
        yield
    except IntegrityError as error:
        for word, refusal in _OF_DATABASE.items():
            if word in str(error):
                raise refusal from error
        raise
