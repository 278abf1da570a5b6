"""Bulletin (榜单): programmes and entries. The only file that wires everything."""

import strawberry
from fastapi import FastAPI

from bulletin.programmes.events import ProgrammeLaunched
from bulletin.programmes.graphql import ProgrammeMutation, ProgrammeQuery
from bulletin.roles import ACTIONS
from chassis.graphql.app import schema_of
from chassis.service import Parts, Service
from chassis.settings import Settings


@strawberry.type
class Query(ProgrammeQuery):
    """Reads."""


@strawberry.type
class Mutation(ProgrammeMutation):
    """Commands."""


PARTS = Parts("bulletin", schema_of(Query, Mutation), ACTIONS, events=(ProgrammeLaunched,))


def app() -> FastAPI:
    """The ASGI application: `uvicorn --factory bulletin.app:app`."""
    return Service(PARTS, Settings()).asgi()
