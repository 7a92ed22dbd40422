"""Takes what an editor sent; leaves checked words, and the state they saw. Nothing here reads or writes claims."""

from typing import Any
from uuid import uuid4

from django import forms

from dossiers.models.decision import RejectReason
from dossiers.review.actions import DecisionRefused, Quote, QuoteNotFound, ReasonMissing, ValueNotQuoted
from dossiers.review.queries import Card, Seen

_HIDDEN = forms.HiddenInput
_LONGEST_NOTE = 5_000  # characters
_FIELD_OF = {QuoteNotFound: "exact", ValueNotQuoted: "exact", ReasonMissing: "note"}
INCOMPLETE = "This form came back incomplete. Open the claim again and repeat it; nothing was saved."


class PlainForm(forms.Form):
    """A form whose labels have no colon after them."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)


class SeenForm(PlainForm):
    """What every act on a claim carries: the state that was on the screen, and the key that makes it happen once."""

    proposal = forms.IntegerField(widget=_HIDDEN, min_value=1)
    revision = forms.CharField(widget=_HIDDEN, max_length=64)
    evidence = forms.CharField(widget=_HIDDEN, max_length=64)
    version = forms.IntegerField(widget=_HIDDEN, min_value=0)
    checks = forms.CharField(widget=_HIDDEN, required=False)
    key = forms.UUIDField(widget=_HIDDEN)

    @property
    def seen(self) -> Seen:
        """Return the state that the editor saw; call on a valid form."""
        said = self.cleaned_data
        codes = tuple(code for code in said["checks"].split(",") if code)
        return Seen(said["proposal"], said["revision"], said["evidence"], said["version"], codes)

    @property
    def words(self) -> dict[str, Any]:
        """Return what the editor said, as the action's arguments."""
        return {name: self.cleaned_data[name] for name in self.fields if name not in SeenForm.base_fields}

    def clean(self) -> dict[str, Any]:
        if any(name in self.errors for name in SeenForm.base_fields):
            raise forms.ValidationError(INCOMPLETE)
        return self.cleaned_data

    def refuse(self, refusal: DecisionRefused) -> None:
        """Show an action's refusal at the field it is about."""
        name = _FIELD_OF.get(type(refusal))
        self.add_error(name if name in self.fields else None, str(refusal))


class ApproveForm(SeenForm):
    """Approve; `acknowledged` is the one more key that warnings ask for."""

    acknowledged = forms.BooleanField(widget=_HIDDEN, required=False)

    @property
    def words(self) -> dict[str, Any]:
        return {}

    def ask_again(self, why: str) -> None:
        """Refuse the first press; the form that goes back counts as the second."""
        self.add_error(None, why)
        self.data = {**{name: self.data[name] for name in self.data}, "acknowledged": "1"}


class RejectForm(SeenForm):
    reason_code = forms.ChoiceField(
        label="Reason",
        choices=[("", "Choose a reason"), *RejectReason.choices],
        widget=forms.Select(attrs={"data-focus": ""}),
    )
    note = forms.CharField(
        label="Note (optional)", required=False, max_length=_LONGEST_NOTE, widget=forms.Textarea(attrs={"rows": 2})
    )


class EscalateForm(SeenForm):
    note = forms.CharField(
        label="What should someone else settle? (optional)",
        required=False,
        max_length=_LONGEST_NOTE,
        widget=forms.Textarea(attrs={"rows": 2}),
    )


class UndoForm(SeenForm):
    """Take back the newest decision."""


class AmendForm(SeenForm):
    """An editor's own words; without a quote the evidence shown is kept, if it holds the value."""

    label = forms.CharField(label="Label", required=False)
    value = forms.CharField(label="Value", widget=forms.Textarea(attrs={"rows": 2, "data-focus": ""}))
    date_text = forms.CharField(label="Date, as the source prints it", required=False)
    exact = forms.CharField(
        label="Quote that holds the value",
        required=False,
        help_text="Select words in the passage, pick a sentence below, or type them. Empty: the words shown now stay.",
        widget=forms.Textarea(attrs={"rows": 3, "class": "is-quote", "data-quote": "exact"}),
    )
    capture = forms.IntegerField(required=False, widget=_HIDDEN(attrs={"data-quote": "capture"}))
    start = forms.IntegerField(required=False, widget=_HIDDEN(attrs={"data-quote": "start"}))
    end = forms.IntegerField(required=False, widget=_HIDDEN(attrs={"data-quote": "end"}))
    is_statement = forms.BooleanField(label="No source says it: readers see “editor’s statement”", required=False)
    note = forms.CharField(label="Note (optional)", required=False, max_length=_LONGEST_NOTE)

    @property
    def words(self) -> dict[str, Any]:
        said = self.cleaned_data
        kept = {name: said[name] for name in ("label", "value", "date_text", "is_statement", "note")}
        return {**kept, "quotes": self._quotes()}

    def _quotes(self) -> list[Quote]:
        said = self.cleaned_data
        if not said["exact"].strip():
            return []
        return [Quote(said["exact"], said["capture"], said["start"], said["end"])]


class DismissForm(PlainForm):
    """Say why an error does not hold."""

    proposal = forms.IntegerField(widget=_HIDDEN)
    code = forms.CharField(widget=_HIDDEN, max_length=64)
    reason = forms.CharField(label="Why is this check mistaken?", max_length=_LONGEST_NOTE)


class ResolveForm(PlainForm):
    """Answer which candidate is the topic; `question` is the id of what was shown."""

    question = forms.IntegerField(widget=_HIDDEN)
    provider = forms.CharField(widget=_HIDDEN, max_length=64)
    choice = forms.CharField(error_messages={"required": "Choose one of the candidates, or none of these."})
    note = forms.CharField(label="Note (optional)", required=False, max_length=_LONGEST_NOTE)


FORMS: dict[str, type[SeenForm]] = {
    "approve": ApproveForm,
    "amend": AmendForm,
    "reject": RejectForm,
    "escalate": EscalateForm,
    "undo": UndoForm,
}


def make_form(name: str, seen: Seen, **words: Any) -> SeenForm:
    """Return an unsent form for a state, with a new key; words that were typed before can be put into it."""
    initial = {
        "proposal": seen.proposal_id, "revision": seen.revision_hash, "evidence": seen.evidence_hash,
        "version": seen.claim_version, "checks": ",".join(seen.check_codes), "key": uuid4(), **words,
    }  # fmt: skip
    return FORMS[name](initial=initial, auto_id=f"{name}-%s")


def make_forms(card: Card) -> dict[str, SeenForm]:
    """Return the forms of a card; the amendment begins with the proposal's own words."""
    proposal = card.proposal
    own = {"amend": {"label": proposal.label, "value": proposal.value, "date_text": proposal.date_text}}
    return {name: make_form(name, card.seen, **own.get(name, {})) for name in FORMS}
