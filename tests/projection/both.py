"""One request answered twice on the same schema, planned and plainly, and how the two answers differ."""

import asyncio
import json
from collections import defaultdict
from collections.abc import Collection, Coroutine, Iterable, Mapping
from copy import deepcopy
from typing import Any, TypeVar, cast
from uuid import UUID

import orjson
from graphql import GraphQLObjectType, GraphQLSchema, get_named_type
from strawberry.types import ExecutionResult

from chassis.graphql.projection.catalog import Catalog
from chassis.graphql.projection.executor import ANSWERED, Projecting
from chassis.identity import VISITOR, Principal, Role
from tests.projection.arguments import Known
from tests.projection.twist import lists_of
from tests.support.people import who
from tests.support.rows import Filled
from tests.support.stand import Stand

T = TypeVar("T")

PRINCIPALS: Mapping[str, Principal] = {
    "visitor": VISITOR,
    **{
        name: who(name)
        for name in (
            "province-officer", "auditor", "hangzhou-officer", "linping-officer", "ningbo-officer", "haishu-officer",
            "chengyu", "yongwang", "zhidong-recommender", "expert-01", "expert-02", "observer",
        )
    },
    "expert of a unit": Principal(
        "x", "EXP-03", frozenset({Role.EXPERT, Role.APPLICANT}), "330000.330200", "91330203XX0000027N"
    ),
}  # fmt: skip
"""Who asks: nobody, officers of every level, auditor, units, experts (some recused), and labels of several at once."""


class Both:
    """A stand with rows, on an event loop of its own: hypothesis calls synchronously."""

    def __init__(self, stand: Stand, filled: Filled, runner: asyncio.Runner) -> None:
        self.stand, self.runner, self.undecided, self.nothing = stand, runner, 0, 0
        self.schema: GraphQLSchema = stand.service.parts.schema._schema
        self.known = Known(filled.keys, _values(filled), self._cursors(), self._computed())

    @property
    def executor(self) -> type[Projecting]:
        """What answers the schema's root fields."""
        return cast("type[Projecting]", self.stand.service.parts.schema.execution_context_class)

    def run(self, work: Coroutine[object, object, T]) -> T:
        """Wait for it."""
        return self.runner.run(work)

    async def result(
        self, document: str, variables: Mapping[str, object], principal: Principal, *, planning: bool
    ) -> dict[str, Any]:
        """The response as a client parses it, with its errors sorted: plain resolvers finish in any order."""
        context = self.stand.service.context(principal)
        context.planning = planning
        own = deepcopy(dict(variables))  # strawberry's resolver of entities takes __typename out of the caller's
        answer = await self.stand.service.parts.schema.execute(document, own, context)
        assert isinstance(answer, ExecutionResult)
        body: dict[str, object] = {"data": answer.data}
        if answer.errors:
            body["errors"] = sorted((error.formatted for error in answer.errors), key=orjson.dumps)
        found: dict[str, Any] = json.loads(orjson.dumps(body))
        return found

    def differ(self, document: str, variables: Mapping[str, object], principal: Principal) -> str | None:
        """How the two answers differ, None if they do not.

        The document is planned with other variables before, so that plans and values of another request would show.
        """
        self.run(self.result(document, _others(variables), principal, planning=True))
        planned = self.run(self.result(document, variables, principal, planning=True))
        try:
            plain = self.run(self.result(document, variables, principal, planning=False))
        except asyncio.CancelledError:  # graphql-core's own, when a required root field fails beside slower ones
            self.undecided += 1
            return None
        self.nothing += plain["data"] is None
        if _spelt(planned) == _spelt(plain):
            return None
        said = f"{document}\nvariables {json.dumps(variables, ensure_ascii=False)}\nas {principal.subject}"
        return f"{said}\nplanned {_short(planned)}\nplain   {_short(plain)}\n{_apart(planned, plain)}"

    def everything_of(self, kind: GraphQLObjectType) -> str:
        """A selection of every field of a type that is read from the database, two levels deep."""
        return _everything(self.executor.catalog, kind, 2)

    def _computed(self) -> frozenset[tuple[str, str]]:
        """The fields of declared types, and the root fields, that Python computes."""
        known: dict[str, Collection[str]] = {
            name: source.places.keys() for name, source in self.executor.catalog.sources.items()
        }
        known["Query"] = {*self.executor.catalog.roots, "_entities", "_service"}
        fields = {name: cast(GraphQLObjectType, self.schema.type_map[name]).fields for name in known}
        return frozenset((name, each) for name, places in known.items() for each in fields[name].keys() - set(places))

    def _cursors(self) -> Mapping[str, list[str]]:
        """Cursors of every list, as the province's officer sees it."""
        found: dict[str, list[str]] = {}
        for name in lists_of(self.schema):
            page = f"{{ {name}(first: 100) {{ edges {{ cursor }} }} }}"
            answer = self.run(self.result(page, {}, PRINCIPALS["province-officer"], planning=False))
            found[name] = [edge["cursor"] for edge in answer["data"][name]["edges"]]
        return found


def answered() -> tuple[int, int]:
    """How many root fields this process has answered, planned and plainly, `_service` apart."""
    counts = reasons()
    return counts.pop("", 0), sum(counts.values())


def reasons() -> dict[str, int]:
    """The same by the reason for no plan; empty for planned ones."""
    found: dict[str, int] = defaultdict(int)
    for metric in ANSWERED.collect():
        for sample in metric.samples:
            if sample.name.endswith("_total"):
                found[sample.labels["plain"]] += int(sample.value)
    return found


def _everything(catalog: Catalog, kind: GraphQLObjectType, depth: int) -> str:
    """All fields of a type that SQL answers."""
    parts = []
    for name in catalog.sources[kind.name].places:
        below = get_named_type(kind.fields[name].type)
        if not isinstance(below, GraphQLObjectType):
            parts.append(name)
        elif depth and below.name in catalog.sources:
            parts.append(f"{name} {_everything(catalog, below, depth - 1)}")
    return f"{{ __typename {' '.join(parts)} }}"


def _values(filled: Filled) -> Mapping[str, list[object]]:
    found: dict[str, list[object]] = defaultdict(list)
    for table, rows in filled.rows.items():
        for row in rows:
            for column, value in row.items():
                if isinstance(value, str | int | UUID):
                    found[f"{table}.id" if column == "id" else column].append(value)
    return found


def _others(variables: Mapping[str, object]) -> dict[str, object]:
    """Other values for a document's variables; in every second case of another shape, which asks for another plan."""
    found: dict[str, object] = {}
    for name, value in variables.items():
        if isinstance(value, bool):
            found[name] = value ^ bool(len(variables) % 2)
        else:
            found[name] = 1 if isinstance(value, int) else value[::-1] if isinstance(value, list) else value
    return found


def _spelt(answer: Mapping[str, Any]) -> str:
    """One spelling, keys in their order. Where nothing is answered, plain execution stops at any of its errors."""
    if answer["data"] is None and answer.get("errors"):
        return "nothing"
    return json.dumps(answer)


def _short(answer: object) -> str:
    return json.dumps(answer, ensure_ascii=False)[:1500]


def _apart(one: object, other: object, path: str = "") -> str:
    """The first place where they differ."""
    if isinstance(one, dict) and isinstance(other, dict):
        if list(one) != list(other):
            return f"{path}: keys {list(one)} | {list(other)}"
        pairs: Iterable[tuple[str, object, object]] = ((f".{k}", one[k], other[k]) for k in one)
    elif isinstance(one, list) and isinstance(other, list):
        if len(one) != len(other):
            return f"{path}: {len(one)} | {len(other)} elements"
        pairs = ((f"[{n}]", a, b) for n, (a, b) in enumerate(zip(one, other, strict=True)))
    else:
        return "" if json.dumps(one) == json.dumps(other) else f"{path}: {_short(one)} | {_short(other)}"
    return next((found for key, a, b in pairs if (found := _apart(a, b, path + key))), "")
