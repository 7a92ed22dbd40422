"""Why nothing was published; each refusal's message is for the publisher."""

from dossiers.review.queries import Blocker


class PublishingRefused(Exception):
    """Nothing was published; the message says why, in words for the publisher."""


class DossierNotReady(PublishingRefused):
    """Claims hold publication up and were not left out."""

    def __init__(self, blockers: list[Blocker]) -> None:
        count = len({blocker.claim_id for blocker in blockers})
        claims = "1 claim is" if count == 1 else f"{count} claims are"
        super().__init__(f"{claims} neither settled nor left out.")
        self.blockers = blockers


class DossierHasMoved(PublishingRefused):
    """The dossier is no longer the one that the publisher previewed."""

    def __init__(self) -> None:
        super().__init__("The dossier changed since you previewed it. Look at it again before you publish.")


class NothingToPublish(PublishingRefused):
    """The edition would be empty, or the same as the one that readers see."""


class NoteIsMissing(PublishingRefused):
    """A correction or a withdrawal needs a reason that readers can read."""


class RecordsAreFaulty(PublishingRefused):
    """A quote or a hash is not what was approved."""

    def __init__(self, faults: list[str]) -> None:
        super().__init__("The records do not match what was approved: " + "; ".join(faults[:3]))
        self.faults = faults


class NothingToWithdraw(PublishingRefused):
    """Readers do not see this dossier."""
