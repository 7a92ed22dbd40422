"""What a person asked for and cannot have now; str() of each is a sentence for them."""


class RefreshRefused(Exception):
    """What was asked for cannot be done now."""


class RunIsOver(RefreshRefused):
    """The run has ended already."""


class RetrievalNotRetryable(RefreshRefused):
    """This retrieval cannot be tried again."""


class ProviderNotReady(RefreshRefused):
    """The provider lacks what it needs, or is stopped."""


class IntervalNotPossible(RefreshRefused):
    """The interval is too short or negative."""
