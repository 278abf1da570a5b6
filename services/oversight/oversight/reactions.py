"""On which foreign event which command runs."""

from collections.abc import Mapping

from chassis.events.inbox import Handler
from oversight.acceptance.conclusion import take_opinions
from oversight.closing.commands import note_accounts
from oversight.projects.commands import take_over

REACTIONS: Mapping[str, Handler] = {
    "jiebang.funding.project-approved.v1": take_over,
    "jiebang.funding.accounts-closed.v1": note_accounts,
    "jiebang.review.acceptance-opinions-completed.v1": take_opinions,
}
