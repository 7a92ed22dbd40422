"""Takes what a curator sent; leaves intervals and switches. Nothing here reads or writes policies."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

from django import forms

from dossiers.refresh.assembly import PRESETS, spell_interval

INHERIT, NEVER, CUSTOM = "inherit", "never", "custom"
_MOST_DAYS = 3_650
_PRESETS = [(NEVER, "Never by itself"), *((name, spell_interval(PRESETS[name]).capitalize()) for name in PRESETS)]
_CHOICES = [*_PRESETS, (CUSTOM, "Every so many days")]


class IntervalForm(forms.Form):
    """How often a kind of topic is refreshed: a preset, or a number of days of one's own."""

    often = forms.ChoiceField(label="How often", choices=_CHOICES)
    days = forms.DecimalField(
        label="Days", required=False, min_value=Decimal("0.25"), max_value=_MOST_DAYS, max_digits=6, decimal_places=2
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)

    def clean(self) -> dict[str, Any]:
        """Ask for the days where they are one's own."""
        said = self.cleaned_data
        if said.get("often") == CUSTOM and said.get("days") is None and "days" not in self.errors:
            self.add_error("days", "Say how many days, from 0.25 to 3,650.")
        return said

    @property
    def interval(self) -> timedelta | None:
        """Return what was chosen, None for never; call on a valid form."""
        often = self.cleaned_data["often"]
        if often == CUSTOM:
            return timedelta(days=float(self.cleaned_data["days"]))
        return PRESETS.get(often)


class TopicIntervalForm(IntervalForm):
    """How often one topic is refreshed; it may follow its kind."""

    often = forms.ChoiceField(label="How often", choices=[(INHERIT, "As its kind"), *_CHOICES])

    @property
    def interval(self) -> timedelta | None:
        """Return what was chosen: None to follow the kind, zero for never; call on a valid form."""
        if self.cleaned_data["often"] == INHERIT:
            return None
        return super().interval or timedelta(0)


class SwitchForm(forms.Form):
    """Which way a provider is switched; saying it makes a repeated press harmless."""

    to = forms.ChoiceField(choices=[("on", "on"), ("off", "off")])


def describe_interval(interval: timedelta | None) -> dict[str, Any]:
    """Return what a form begins with for an interval as it stands, None and zero being never."""
    if not interval:
        return {"often": NEVER}
    preset = next((name for name, length in PRESETS.items() if length == interval), "")
    days = Decimal(str(round(interval / timedelta(days=1), 2))).normalize()
    return {"often": preset} if preset else {"often": CUSTOM, "days": f"{days:f}"}


def make_kind_form(kind: str, interval: timedelta | None) -> IntervalForm:
    """Return the unsent form of a kind."""
    return IntervalForm(initial=describe_interval(interval), auto_id=f"{kind}-%s")


def make_topic_form(interval: timedelta | None) -> TopicIntervalForm:
    """Return the unsent form of a topic's own interval."""
    return TopicIntervalForm(initial={"often": INHERIT} if interval is None else describe_interval(interval))
