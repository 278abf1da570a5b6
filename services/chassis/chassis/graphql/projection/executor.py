"""The executor that answers a root field from its plan, or steps aside for plain execution."""

from collections.abc import Awaitable, Callable, Mapping
from typing import ClassVar, cast

import orjson
from asyncpg import NumericValueOutOfRangeError, UntranslatableCharacterError
from graphql import GraphQLField, GraphQLObjectType, GraphQLSchema, GraphQLUnionType, get_named_type
from graphql.execution.collect_fields import DeferUsage
from graphql.execution.incremental.incremental_executor import DeliveryGroup
from graphql.pyutils import Path, RefMap, is_awaitable
from prometheus_client import Counter
from strawberry.schema.schema import StrawberryGraphQLCoreExecutionContext

from chassis.graphql.context import Context
from chassis.graphql.projection.catalog import Catalog, Source
from chassis.graphql.projection.declare import Single
from chassis.graphql.projection.planner import Details, Planner, plainly
from chassis.graphql.projection.roots import REPRESENTATIONS, entities, listing, single
from chassis.graphql.projection.statement import (
    Arguments,
    BadArguments,
    Statement,
    Unplannable,
    arguments_of,
    shape,
)

PLANS_KEPT = 2000

ANSWERED = Counter("jiebang_root_fields", "Root fields of queries by how they were answered.", ["field", "plain"])
"""`plain` says why there was no plan; it is empty for planned ones."""

Deferred = RefMap[DeferUsage, DeliveryGroup] | None


class Projecting(StrawberryGraphQLCoreExecutionContext):
    """Made by `projecting`; its class attributes are the schema's catalog and the process's cache of plans."""

    catalog: ClassVar[Catalog]
    plans: ClassVar[dict[object, Statement | str]]

    @classmethod
    def lay_over(cls, schema: GraphQLSchema) -> None:
        """Read the declarations of a schema. Undeclarable for contradictions."""
        cls.catalog, cls.plans = Catalog(schema), {}

    def execute_field(
        self, parent_type: GraphQLObjectType, source: object, details: Details, path: Path, position_context: Deferred
    ) -> object:
        """A root field with a plan becomes one statement; all else is graphql-core's."""

        def plain() -> object:
            return super(Projecting, self).execute_field(parent_type, source, details, path, position_context)

        context = self.context_value
        if path.prev is not None or parent_type is not self.schema.query_type or not isinstance(context, Context):
            return plain()
        named = details[0].node.name.value
        declared = parent_type.fields.get(named)
        if declared is None or not context.planning or named == "_service":
            return plain()
        try:
            plan, values = self._planned(named, declared, details, str(path.key), context)
        except Unplannable as reason:
            ANSWERED.labels(named, "arguments" if isinstance(reason, BadArguments) else str(reason)).inc()
            return plain()
        ANSWERED.labels(named, "").inc()
        reading = context.database.reads.text(context.principal, plan.sql, values, anew=plan.anew)
        return self._completed(reading, plain, declared, details, path)

    def _planned(
        self, named: str, declared: GraphQLField, details: Details, key: str, context: Context
    ) -> tuple[Statement, list[object]]:
        """The statement and its parameters: what is unplannable is known before anything is awaited."""
        plainly(details)
        arguments = arguments_of(declared, details[0].node, self.variable_values)
        root = self.catalog.roots.get(named)
        if named == "_entities":
            source, by = self._represented(declared, arguments)
            kind = f"{source.kind.name} by {by}"
            plan = self._plan(key, kind, lambda planner: entities(planner, source, by, details))
        elif root is None:
            raise Unplannable("computed in Python")
        elif isinstance(root, Single):
            plan = self._plan(key, "", lambda planner: single(planner, root, declared, details))
        else:
            plan = self._plan(key, "", lambda planner: listing(planner, root, declared, details, arguments))
        return plan, plan.values(arguments, context)

    def _plan(self, key: str, kind: str, write: Callable[[Planner], Statement]) -> Statement:
        """The plan for this place of this document and this shape of the variables, or the reason for none."""
        located, operation = self.operation.loc, self.operation.name
        if located is None:
            raise Unplannable("a document without text")
        kept = (located.source.body, operation and operation.value, key, kind, shape(self.variable_values.coerced))
        found = self.plans.get(kept)
        if found is None:
            try:
                found = write(Planner(self.schema, self.catalog, self.collect_subfields))
            except Unplannable as reason:
                found = str(reason)
            if len(self.plans) >= PLANS_KEPT:
                del self.plans[next(iter(self.plans))]
            self.plans[kept] = found
        if isinstance(found, str):
            raise Unplannable(found)
        return found

    def _represented(self, declared: GraphQLField, arguments: Arguments) -> tuple[Source, str]:
        """The one type of the representations and the name of its key. The gateway asks for one type at a time."""
        asked = cast("list[Mapping[str, object]]", arguments[REPRESENTATIONS])
        if not asked or not all(isinstance(each, Mapping) and len(each) == 2 for each in asked):
            raise BadArguments("representations with more than type and key")
        first = asked[0]
        entities_here = {kind.name for kind in cast(GraphQLUnionType, get_named_type(declared.type)).types}
        source = self.catalog.sources.get(str(first.get("__typename")))
        if source is None or source.kind.name not in entities_here:
            raise BadArguments("representations of no type, or of one that does not say where it lives")
        key = next((name for name in source.keys if name in first), None)
        if key is None or any(
            each.keys() != first.keys() or each["__typename"] != first["__typename"] or not isinstance(each[key], str)
            for each in asked
        ):
            raise BadArguments("representations of several types, or with something else than the key")
        return source, key

    async def _completed(
        self,
        reading: Awaitable[bytes | None],
        plain: Callable[[], object],
        declared: GraphQLField,
        details: Details,
        path: Path,
    ) -> object:
        """The answer as it goes into `data`; an error takes graphql-core's way, path and nullability included."""
        try:
            json = await reading
        except (NumericValueOutOfRangeError, UntranslatableCharacterError):  # beyond Int; NUL in JSON: plain says it
            answer = plain()
            return await answer if is_awaitable(answer) else answer
        except Exception as raised:
            self.handle_field_error(raised, declared.type, details, path)
            return None
        return None if json is None else orjson.Fragment(json)


def projecting() -> type[Projecting]:
    """The `execution_context_class` of one schema; `lay_over` it before use. Answers must be written with orjson."""
    return type("ProjectingHere", (Projecting,), {})
