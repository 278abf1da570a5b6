"""The lab as a service that announces: `python -m chassis.worker tests.support.lab`."""

import strawberry

from chassis.graphql.app import schema_of
from chassis.service import Parts
from tests.support.lab.model import NoteChanged


@strawberry.type(description="Reads of the lab (试验).")
class Query:
    @strawberry.field(description="Nothing to read (无).")
    def nothing(self) -> str | None:
        return None


PARTS = Parts("lab", schema_of(Query), {}, events=(NoteChanged,))
