"""On which foreign event which command runs."""

from collections.abc import Mapping

from chassis.events.inbox import Handler
from funding.candidates import reactions as candidates
from funding.integrity import reactions as integrity
from funding.projects import reactions as projects

REACTIONS: Mapping[str, Handler] = {**candidates.REACTIONS, **integrity.REACTIONS, **projects.REACTIONS}
