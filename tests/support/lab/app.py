"""The lab as a service that announces: `python -m chassis.worker tests.support.lab`."""

from chassis.graphql.app import schema_of
from chassis.service import Parts
from tests.support.lab.graphql import Query
from tests.support.lab.model import NoteChanged

PARTS = Parts("lab", schema_of(Query), {}, events=(NoteChanged,))
