"""Takes what a publisher sends; leaves the claims left out, the note, the preview that was seen, or the reason."""

from typing import Any

from django import forms


class ClaimIds(forms.Field):
    """Any number of claim ids; which of them exist is for the action to say."""

    widget = forms.MultipleHiddenInput

    def to_python(self, value: Any) -> set[int]:
        """Return the ids as a set; ValidationError where one is no number."""
        try:
            return {int(part) for part in value or []}
        except (TypeError, ValueError):
            raise forms.ValidationError("A claim to leave out is named by its number.") from None


class PublishForm(forms.Form):
    """What to publish: all but `leave_out`, with a note for readers, as `seen` in the preview."""

    leave_out = ClaimIds(required=False)
    note = forms.CharField(
        required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 3}), label="Note for readers",
        help_text="Needed where a published fact is changed or removed: readers see it as the reason.",
    )  # fmt: skip
    seen = forms.RegexField(r"^[0-9a-f]{64}$", widget=forms.HiddenInput)

    def clean(self) -> dict[str, Any]:
        """Say on the form what a hidden field cannot say beside itself."""
        if "seen" in self.errors or "leave_out" in self.errors:
            raise forms.ValidationError("What was sent is not what the preview offers. Look at it again.")
        return self.cleaned_data


class WithdrawForm(forms.Form):
    """Why readers no longer see a dossier."""

    reason = forms.CharField(
        max_length=2000, widget=forms.Textarea(attrs={"rows": 3}), label="Reason",
        help_text="Readers who come back to the page are shown it.",
        error_messages={"required": "Say why: readers who come back are shown the reason."},
    )  # fmt: skip
