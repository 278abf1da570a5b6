"""Oversight (监督): pledges, milestones, integrity, acceptance, closing. The only file that wires everything."""

import strawberry

from chassis.graphql.app import schema_of
from chassis.service import Parts
from oversight.acceptance.commands import STANDING_TIMER
from oversight.acceptance.conclusion import look_at_standing
from oversight.acceptance.events import AcceptanceApplied, ProjectAccepted
from oversight.acceptance.graphql import AcceptanceMutation
from oversight.closing.events import ProjectClosed
from oversight.integrity.events import SanctionImposed
from oversight.integrity.graphql import IntegrityMutation, IntegrityQuery
from oversight.milestones.commands import DUE_TIMER, fall_due
from oversight.milestones.graphql import MilestoneMutation, MilestoneQuery
from oversight.pledge.graphql import PledgeMutation
from oversight.projects.events import ProjectStarted
from oversight.projects.graphql import ProjectMutation, ProjectView
from oversight.reactions import REACTIONS
from oversight.roles import ACTIONS
from oversight.termination.events import ProjectTerminated


@strawberry.type
class Query(IntegrityQuery, MilestoneQuery):
    """Reads."""


@strawberry.type
class Mutation(PledgeMutation, ProjectMutation, MilestoneMutation, IntegrityMutation, AcceptanceMutation):
    """Commands."""


PARTS = Parts(
    "oversight",
    schema_of(Query, Mutation, types=(ProjectView,)),
    ACTIONS,
    events=(ProjectStarted, ProjectTerminated, ProjectClosed, SanctionImposed, AcceptanceApplied, ProjectAccepted),
    reactions=REACTIONS,
    timers={DUE_TIMER: fall_due, STANDING_TIMER: look_at_standing},
)
