"""The schema with its limits, and the lean ASGI application that serves it."""

import logging
import time
from collections.abc import Callable

import orjson
import strawberry
from cross_web import HTTPException
from graphql import ExecutionResult as GraphQLResult
from graphql import GraphQLError
from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send
from starlette.websockets import WebSocket
from strawberry.asgi import GraphQL
from strawberry.extensions import SchemaExtension
from strawberry.schema.config import StrawberryConfig
from strawberry.types import ExecutionContext, ExecutionResult

from chassis.graphql.context import Context
from chassis.graphql.described import describe
from chassis.graphql.documents import checker
from chassis.graphql.errors import CODES, coded
from chassis.graphql.projection.executor import projecting
from chassis.graphql.scalars import SCALARS
from chassis.identity import Keys, Principal, Unauthenticated, authenticate
from chassis.observe import correlation, metrics, traces

log = logging.getLogger(__name__)
for _code in CODES:
    metrics.ERRORS.labels(_code)  # at nought from the start: what first shows as 1 has not increased


class CodedErrors(SchemaExtension):
    """Every error leaves with a code; what was unexpected is logged here and says nothing outside. All are counted."""

    def on_operation(self):  # type: ignore[no-untyped-def]  # a generator hook that strawberry calls
        """After the operation: rewrite its errors."""
        began = time.perf_counter()
        yield
        result, outcome = self.execution_context.result, "ok"
        if isinstance(result, ExecutionResult | GraphQLResult) and result.errors:
            result.errors, outcome = [self._leaving(error) for error in result.errors], "error"
        metrics.REQUESTS.labels(_kind(self.execution_context), outcome).observe(time.perf_counter() - began)

    def _leaving(self, error: GraphQLError) -> GraphQLError:
        leaving = coded(error)
        code = str((leaving.extensions or {})["code"])
        metrics.ERRORS.labels(code).inc()
        if code == "UNEXPECTED":  # the path is not logged: a client names its parts
            log.error("unexpected error", exc_info=error.original_error)
        return leaving


def _kind(context: ExecutionContext) -> str:
    try:
        return context.operation_type.value
    except RuntimeError:  # no document, or none of its operations was named
        return "unknown"


class Subgraph(strawberry.federation.Schema):
    """Errors are logged by `CodedErrors`: strawberry would quote documents, with what people entered."""

    def process_errors(self, errors: list[GraphQLError], execution_context: ExecutionContext | None = None) -> None:
        """Nothing more."""


def schema_of(
    query: type, mutation: type | None = None, subscription: type | None = None, types: tuple[type, ...] = ()
) -> strawberry.federation.Schema:
    """A subgraph's schema with the house's scalars, limits and error codes."""
    executor = projecting()
    made: strawberry.federation.Schema = Subgraph(
        query=query,
        mutation=mutation,
        subscription=subscription,
        types=types,
        federation_version="2.9",
        execution_context_class=executor,
        config=StrawberryConfig(scalar_map=SCALARS),
        extensions=[CodedErrors, checker(lambda: made._schema)],
    )
    describe(made._schema)
    executor.lay_over(made._schema)
    return made


class App(GraphQL[Context, None]):
    """Strawberry's ASGI application with our context and encoder."""

    def __init__(
        self, schema: strawberry.federation.Schema, keys: Keys, context: Callable[[Principal], Context]
    ) -> None:
        super().__init__(schema, graphql_ide=None)
        self._keys, self._context = keys, context

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request, as a part of what the gateway is at."""
        headers = Headers(scope=scope)
        with (
            correlation.correlated(correlation.stated(headers.get("x-request-id"))),
            traces.span("graphql", "SERVER", parent=headers.get("traceparent")),
        ):
            await super().__call__(scope, receive, send)

    async def get_context(self, request: Request | WebSocket, response: Response | WebSocket) -> Context:
        """Verify the token again: the gateway's word is not enough."""
        try:
            return self._context(await authenticate(request.headers.get("authorization"), self._keys))
        except Unauthenticated as error:
            metrics.ERRORS.labels("UNAUTHENTICATED").inc()
            raise HTTPException(401, "UNAUTHENTICATED: the token is not valid") from error

    def encode_json(self, data: object) -> bytes:
        """With orjson."""
        return orjson.dumps(data)
