"""Bulletin (榜单): programmes and entries. The only file that wires everything."""

import strawberry

from bulletin.compliance.graphql import ComplianceMutation
from bulletin.drafting.graphql import DraftingMutation
from bulletin.entries.graphql import EntryQuery
from bulletin.panel.graphql import PanelMutation
from bulletin.programmes.events import ProgrammeLaunched
from bulletin.programmes.graphql import ProgrammeMutation, ProgrammeQuery
from bulletin.publication.commands import DEADLINE_TIMER, close
from bulletin.publication.events import EntryClosed, EntryPublished
from bulletin.publication.graphql import PublicationMutation
from bulletin.roles import ACTIONS
from bulletin.stubs.graphql import StubMutation, StubQuery
from chassis.graphql.app import schema_of
from chassis.service import Parts


@strawberry.type
class Query(ProgrammeQuery, EntryQuery, StubQuery):
    """Reads."""


@strawberry.type
class Mutation(
    ProgrammeMutation, DraftingMutation, PanelMutation, ComplianceMutation, PublicationMutation, StubMutation
):
    """Commands."""


PARTS = Parts(
    "bulletin",
    schema_of(Query, Mutation),
    ACTIONS,
    events=(ProgrammeLaunched, EntryPublished, EntryClosed),
    timers={DEADLINE_TIMER: close},
)
