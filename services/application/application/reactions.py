"""On which foreign event which command runs."""

from collections.abc import Mapping

from application.applications import outcomes
from application.calls.commands import open_call
from application.integrity.commands import bar
from chassis.events.inbox import Handler

REACTIONS: Mapping[str, Handler] = {
    "jiebang.bulletin.entry-published.v1": open_call,
    "jiebang.review.candidate-decided.v1": outcomes.decided,
    "jiebang.funding.project-approved.v1": outcomes.approved,
    "jiebang.oversight.sanction-imposed.v1": bar,
}
