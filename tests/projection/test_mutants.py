"""One case of the planner switched off at a time: the differential check must see each."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any, cast

import pytest
from graphql import DirectiveNode, Visitor, visit
from graphql.language.visitor import REMOVE, VisitorAction

from chassis.graphql.projection import catalog, executor, planner, roots
from chassis.graphql.projection.catalog import Catalog
from chassis.graphql.projection.declare import Listing, Made, Many, One
from chassis.graphql.projection.forms import FORMS
from chassis.graphql.projection.planner import Details, Planner, Writer
from chassis.graphql.projection.statement import Statement
from chassis.identity import Actor, Principal
from chassis.reads import Reads
from tests.projection.both import PRINCIPALS, Both
from tests.projection.drawing import each_case
from tests.projection.twist import Twisted

EXAMPLES = 2000  # at most: whatever is caught ends the search
Mutant = Callable[[pytest.MonkeyPatch], None]


class Caught(Exception):
    """The two ways answered differently."""


def put(where: object, name: str, broken: object) -> Mutant:
    """Something else in the place of a function."""
    return lambda patch: patch.setattr(where, name, broken)


def form(kind: str, broken: str) -> Mutant:
    """Another form of a scalar."""
    return lambda patch: patch.setitem(FORMS, kind, broken)


def sql(pattern: str, by: str) -> Mutant:
    """Another statement than the one that was planned."""
    read = Reads.text

    async def rewritten(self: Reads, actor: Actor, sql: str, values: Sequence[object], *, anew: bool) -> bytes | None:
        return await read(self, actor, re.sub(pattern, by, sql), values, anew=anew)

    return put(Reads, "text", rewritten)


def declared(kind: type, **broken: object) -> Mutant:
    """Every relation, or every list, of a kind declared otherwise."""
    made = Catalog.__init__

    def changed(place: Any) -> Any:
        return replace(cast(Any, place), **broken) if isinstance(place, kind) else place

    def init(self: Catalog, schema: Any) -> None:
        made(self, schema)
        self.roots.update({name: changed(root) for name, root in self.roots.items()})
        for name, source in self.sources.items():
            places = {field: changed(place) for field, place in source.places.items()}
            self.sources[name] = replace(source, places=places)

    return put(Catalog, "__init__", init)


class _Plainer(Visitor):
    def enter_directive(self, node: DirectiveNode, *_: object) -> VisitorAction:
        return REMOVE


def _directives_ignored(self: Planner, kind: Any, details: Details, write: Writer) -> str:
    bare = [one._replace(node=visit(one.node, _Plainer())) for one in details]
    return _row(self, kind, bare, write)


def _values_kept(self: Statement, arguments: Any, context: Any) -> list[object]:
    """The values of the first request that used the plan."""
    if id(self) not in _first:
        _first[id(self)] = self, _values(self, arguments, context)
    return _first[id(self)][1]


async def _as_the_province(
    self: Reads, actor: Actor, sql: str, values: Sequence[object], *, anew: bool
) -> bytes | None:
    return await _read(self, PRINCIPALS["province-officer"], sql, values, anew=anew)


_row, _values, _read = Planner.row, Statement.values, Reads.text
_first: dict[int, tuple[Statement, list[object]]] = {}

MUTANTS: Mapping[str, tuple[str, Mutant]] = {
    "a to-many relation loses its order": (
        "oversight",
        put(planner, "ordered", lambda order, alias: f"md5({alias}::text)"),
    ),
    "a join compares nothing": ("bulletin", put(planner, "joined", lambda on, theirs, mine: "true")),
    "a narrowed relation is whole": ("application", declared(Many, where="")),
    "the latest becomes any": ("oversight", declared(One, order=())),
    "an object is made of nothing": ("funding", declared(Made, when="")),
    "money loses a digit": ("funding", form("Money", "round({c} * 0.01, 1)::text")),
    "money is a quotient": ("funding", form("Money", "({c} / 100.0)::float8::numeric(30, 2)::text")),
    "a moment keeps trailing zeros": (
        "review",
        form("DateTime", "to_char({c}, 'YYYY-MM-DD\"T\"HH24:MI:SS.US') || '+00:00'"),
    ),
    "a moment loses its zone": ("oversight", form("DateTime", "{c} at time zone 'UTC'")),
    "the objects of an array are in any order": (
        "review",
        sql(r"order by (t\d+)\.ordinality", r"order by md5(\1::text)"),
    ),
    "a day is a moment": ("application", form("Date", "{c}::timestamp::text")),
    "a word stays as it is stored": ("review", put(catalog, "enum_form", lambda members: "{c}::text")),
    "an empty list is null": (
        "review",
        put(planner, "list_of", lambda rows: f"(select json_agg(row_to_json(o)) from ({rows}) o)"),
    ),
    "the rule about one's own rows is lost": ("oversight", put(Planner, "owned", lambda self, source, alias: [])),
    "@skip and @include are ignored": ("bulletin", put(Planner, "row", _directives_ignored)),
    "a plan for other booleans is used": ("application", put(executor, "shape", lambda value: None)),
    "values of an earlier request are used": ("application", put(Statement, "values", _values_kept)),
    "the reader is somebody else": ("bulletin", put(Reads, "text", _as_the_province)),
    "a filter is ignored": ("application", declared(Listing, filters={})),
    "a constant condition is ignored": ("oversight", declared(Listing, always={})),
    "a page has one more": ("bulletin", put(roots, "page_size", lambda value: value + 1)),
    "a page is never followed": ("bulletin", sql(r"(limit \$\d+::int) \+ 1", r"\1")),
    "the last page is followed": ("bulletin", sql(r"count\(\*\) > ", "count(*) >= ")),
    "a list begins with the oldest": ("review", sql(r" desc, p\.\"id\" desc limit", ', p."id" limit')),
    "equal moments are in any order": (
        "application",
        sql(r", p\.\"id\" desc limit (\$\d+::int \+ 1)", r', p."id" limit \1'),
    ),
    "the cursor goes backwards": ("application", sql(r"\) < \(\$", ") > ($")),
    "the cursor's record comes again": ("application", sql(r"\) < \(\$", ") <= ($")),
    "the end cursor is the first": (
        "application",
        sql(r'p order by p\.("\w+"), p\."id" limit 1', r'p order by p.\1 desc, p."id" desc limit 1'),
    ),
    "a cursor has another form": (
        "bulletin",
        put(roots, "cursor_sql", lambda at, id: f"encode(convert_to({at}::text || {id}, 'UTF8'), 'base64')"),
    ),
    "entities come in any order": ("application", sql("order by e.place", "order by md5(e.found::text)")),
}
"""What is broken, and the service whose queries must show it."""


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize(("both", "name"), sorted((MUTANTS[name][0], name) for name in MUTANTS), indirect=["both"])
def test_a_broken_planner_is_caught(both: Both, name: str, monkeypatch: pytest.MonkeyPatch) -> None:

    def check(made: Twisted, asking: Principal) -> None:
        difference = both.differ(made.document, made.variables, asking)
        if difference is not None:
            raise Caught(difference)

    with monkeypatch.context() as patch:
        MUTANTS[name][1](patch)
        both.executor.lay_over(both.schema)
        with pytest.raises(Caught) as caught:
            each_case(both, check, examples=EXAMPLES, always_the_same=True)
    both.executor.lay_over(both.schema)
    assert "UNEXPECTED" not in str(caught.value), "it did not answer wrongly, it failed"
