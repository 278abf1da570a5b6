"""On which foreign event which command runs."""

from collections.abc import Mapping

from chassis.events.inbox import Handler
from review.acceptance.commands import acceptance_applied
from review.candidates import commands as candidates
from review.candidates.tables import Standing
from review.scoring.commands import sanction_imposed

REACTIONS: Mapping[str, Handler] = {
    "jiebang.bulletin.entry-published.v1": candidates.entry_published,
    "jiebang.application.application-submitted.v1": candidates.submitted,
    "jiebang.application.application-returned.v1": candidates.left(Standing.RETURNED),
    "jiebang.application.application-refused.v1": candidates.left(Standing.REFUSED),
    "jiebang.application.application-withdrawn.v1": candidates.left(Standing.WITHDRAWN),
    "jiebang.application.application-recommended.v1": candidates.recommended,
    "jiebang.application.call-closed.v1": candidates.call_closed,
    "jiebang.oversight.sanction-imposed.v1": sanction_imposed,
    "jiebang.oversight.acceptance-applied.v1": acceptance_applied,
}
