"""Application (申报): units, calls, applications and the recommendation line. The only file that wires everything."""

import strawberry

from application.applications.events import (
    ApplicationRecommended,
    ApplicationRefused,
    ApplicationReturned,
    ApplicationSubmitted,
    ApplicationWithdrawn,
)
from application.applications.graphql import ApplicationMutation, ApplicationQuery
from application.calls.commands import close_call
from application.calls.events import CallClosed
from application.calls.graphql import CalledEntry
from application.calls.tables import CLOSE_CALL
from application.disclosure.graphql import DisclosureMutation, DisclosureQuery
from application.reactions import REACTIONS
from application.recommendation.graphql import RecommendationMutation
from application.roles import ACTIONS
from application.units.graphql import PersonView, UnitMutation, UnitQuery
from chassis.graphql.app import schema_of
from chassis.service import Parts


@strawberry.type
class Query(ApplicationQuery, UnitQuery, DisclosureQuery):
    """Reads."""


@strawberry.type
class Mutation(ApplicationMutation, RecommendationMutation, UnitMutation, DisclosureMutation):
    """Commands."""


PARTS = Parts(
    "application",
    schema_of(Query, Mutation, types=(CalledEntry, PersonView)),
    ACTIONS,
    events=(
        ApplicationSubmitted, ApplicationReturned, ApplicationRefused, ApplicationWithdrawn, ApplicationRecommended,
        CallClosed,
    ),
    reactions=REACTIONS,
    timers={CLOSE_CALL: close_call},
)  # fmt: skip
