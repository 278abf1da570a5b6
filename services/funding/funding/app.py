"""Funding (资助): the plan, the projects and their money. The only file that wires everything."""

import strawberry

from chassis.graphql.app import schema_of
from chassis.service import Parts
from funding.payments.events import AccountsClosed, InstalmentPaid
from funding.payments.graphql import PaymentMutation
from funding.plan.graphql import PlanMutation, PlanQuery
from funding.projects.events import ProjectApproved
from funding.projects.graphql import ApplicationView, ProjectMutation, ProjectQuery
from funding.reactions import REACTIONS
from funding.roles import ACTIONS


@strawberry.type
class Query(PlanQuery, ProjectQuery):
    """Reads."""


@strawberry.type
class Mutation(PlanMutation, ProjectMutation, PaymentMutation):
    """Commands."""


PARTS = Parts(
    "funding",
    schema_of(Query, Mutation, types=(ApplicationView,)),
    ACTIONS,
    events=(ProjectApproved, InstalmentPaid, AccountsClosed),
    reactions=REACTIONS,
)
