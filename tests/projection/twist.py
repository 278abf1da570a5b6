"""Makes plain random queries one hard one: aliases, fragments, merging, directives, variables, roots, entities."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from random import Random
from typing import cast

from graphql import (
    FieldNode,
    GraphQLField,
    GraphQLObjectType,
    GraphQLSchema,
    GraphQLUnionType,
    Lexer,
    OperationDefinitionNode,
    SelectionSetNode,
    Source,
    TokenKind,
    Visitor,
    build_schema,
    extend_schema,
    get_named_type,
    parse,
    print_ast,
    print_schema,
    visit,
)  # fmt: skip

from chassis.graphql.documents import MOST_ALIASES, MOST_TOKENS
from tests.projection.arguments import Arguments, Known

ENTITY, NODE = "entity_", "node_"
"""Prefixes of root fields that are drawn in place of `_entities` of one type, and of the records of a list."""
_WRAPS = {
    "inline": "... {{ {s} }}", "typed": "... on {t} {{ {s} }}", "skip": "... @skip(if: $no) {{ {s} }}",
    "include": "... @include(if: $yes) {{ {s} }}", "maybe": "... on {t} @include(if: $maybe) {{ {s} }}",
    "gone": "... @include(if: $no) {{ {s} }} {s}", "spread": "...F{n}", "twice": "...F{n} {s} ...F{n}",
    "both": "...F{n} @skip(if: $no) @include(if: $maybe)",
}  # fmt: skip
_DIRECTIVES = ("@skip(if: $maybe)", "@include(if: $maybe)", "@skip(if: $no) @include(if: $yes)", "@skip(if: false)")


def drawable(schema: GraphQLSchema) -> GraphQLSchema:
    """The schema as queries are drawn from it: every entity type and every list's records are root fields, too.

    Drawn as they are, lists are rare and mostly without records, and `_entities` knows no types.
    """
    plain = build_schema(print_schema(schema))
    fields = [f"{ENTITY}{kind.name}: {kind.name}" for kind in entities_of(schema)]
    fields += [f"{NODE}{name}: {node.name}" for name, node in lists_of(schema).items()]
    return extend_schema(plain, parse(f"extend type Query {{ {' '.join(fields)} }}"))


def entities_of(schema: GraphQLSchema) -> Sequence[GraphQLObjectType]:
    """The entity types of a subgraph."""
    union = cast(GraphQLUnionType, schema.type_map["_Entity"])
    return list(union.types)


def lists_of(schema: GraphQLSchema) -> Mapping[str, GraphQLObjectType]:
    """The type of the records of each list."""
    assert schema.query_type
    found = {}
    for name, declared in schema.query_type.fields.items():
        if "after" in declared.args:
            edges = cast(GraphQLObjectType, get_named_type(declared.type)).fields["edges"]
            node = cast(GraphQLObjectType, get_named_type(edges.type)).fields["node"]
            found[name] = cast(GraphQLObjectType, get_named_type(node.type))
    return found


def roots_of(drawn: GraphQLSchema) -> list[str]:
    """The root fields that queries are drawn from."""
    assert drawn.query_type
    return [name for name in drawn.query_type.fields if not name.startswith("_")]


@dataclass(frozen=True)
class Twisted:
    """A document with its variables."""

    document: str
    variables: dict[str, object]


def twisted(schema: GraphQLSchema, drawn: Sequence[str], seed: int, known: Known) -> Twisted:
    """The drawn queries as one, as hard as the limits of the schema allow."""
    for calmness in range(1, 6):
        made = Twister(schema, Random(f"{seed} {calmness}"), known, share=0.5 / calmness).made(drawn)
        if _fits(made.document):
            return made
    raise AssertionError(f"too large even when calm: {drawn}")


def _roots(query: str) -> list[FieldNode]:
    operation = cast(OperationDefinitionNode, parse(query).definitions[0])
    return [node for node in operation.selection_set.selections if isinstance(node, FieldNode)]


def _fits(document: str) -> bool:
    lexer, tokens = Lexer(Source(document)), 0
    while lexer.advance().kind is not TokenKind.EOF:
        tokens += 1
    counter = _Aliases()
    visit(parse(document), counter)
    return tokens < MOST_TOKENS and counter.found <= MOST_ALIASES


class _Aliases(Visitor):
    """Counts aliases as the limiter does."""

    def __init__(self) -> None:
        super().__init__()
        self.found = 0

    def enter_field(self, node: FieldNode, *_: object) -> None:
        """One more."""
        self.found += node.alias is not None


@dataclass
class Twister:
    """One document in the making. `share`: how much of it is twisted."""

    schema: GraphQLSchema
    random: Random
    known: Known
    share: float
    fragments: list[str] = field(default_factory=list)
    aliases: int = 0

    def __post_init__(self) -> None:
        self.arguments = Arguments(self.random, self.known)

    def made(self, drawn: Sequence[str]) -> Twisted:
        """The whole document."""
        fields = [node for query in drawn for node in _roots(query)]
        assert self.schema.query_type
        parts = [self.entities([node for node in fields if node.name.value.startswith(ENTITY)])]
        for node in fields:
            if not node.name.value.startswith(ENTITY):
                node = self.listed(node)
                parts.append(self.one(node, self.schema.query_type, alias=True))
                if self.random.random() < self.share / 2:
                    parts.append(self.one(node, self.schema.query_type, alias=True))
        self.random.shuffle(parts)
        body = " ".join(parts)
        used = "used: __typename @skip(if: $no) @include(if: $yes) ... @include(if: $maybe) { maybe: __typename }"
        defined = ["$yes: Boolean! = true", "$no: Boolean! = false", "$maybe: Boolean!", *self.arguments.definitions]
        document = f"query Q({', '.join(defined)}) {{ {body} {used} }} {' '.join(self.fragments)}"
        return Twisted(document, {"maybe": self.random.random() < 0.5, **self.arguments.variables})

    def listed(self, node: FieldNode) -> FieldNode:
        """The list whose records were drawn, with a page about them."""
        if not node.name.value.startswith(NODE) or node.selection_set is None:
            return node
        edges = f"edges {{ {self.random.choice(('', 'cursor'))} node {print_ast(node.selection_set)} }}"
        info = self.random.choice(("", "pageInfo { endCursor hasNextPage }", "pageInfo { hasNextPage }"))
        parts = [edges, info][:: self.random.choice((1, -1))]
        return _roots(f"{{ {node.name.value.removeprefix(NODE)} {{ {' '.join(parts)} }} }}")[0]

    def entities(self, asked: Sequence[FieldNode]) -> str:
        """What was drawn for entity types, as the gateway asks: one type at a time, or several at once."""
        by_type = {node.name.value.removeprefix(ENTITY): node for node in asked}
        if len(by_type) > 1 and self.random.random() < 0.3:
            groups = [by_type]
        else:
            groups = [{name: node} for name, node in by_type.items()]
        return " ".join(self.batch(group) for group in groups)

    def batch(self, group: Mapping[str, FieldNode]) -> str:
        """One `_entities`. With several types every field gets an alias: theirs may not merge."""
        alone, inner = len(group) == 1, []
        for name, node in group.items():
            kind = cast(GraphQLObjectType, self.schema.type_map[name])
            assert node.selection_set
            selected = self.selections(node.selection_set, kind, alias=not alone)
            inner.append(f"... on {name} {{ {selected} }}")
        if self.random.random() < 0.5:
            inner.insert(self.random.randrange(len(inner) + 1), "__typename")
        kinds = [cast(GraphQLObjectType, self.schema.type_map[name]) for name in group]
        given = self.arguments.representations(kinds, list(entities_of(self.schema)))
        return f"{self.alias()}: _entities(representations: {given}) {{ {' '.join(inner)} }}"

    def alias(self) -> str:
        """A new response key; rarely one that is longer than a name of PostgreSQL."""
        self.aliases += 1
        return f"{'k' * 70 if self.random.random() < 0.01 else 'x'}{self.aliases}"

    def selections(self, chosen: SelectionSetNode, kind: GraphQLObjectType, *, alias: bool = False) -> str:
        """Each selection, perhaps aliased, repeated, wrapped."""
        parts = [self.one(node, kind, alias=alias) for node in chosen.selections if isinstance(node, FieldNode)]
        if self.random.random() < 0.2:
            parts.insert(self.random.randrange(len(parts) + 1), "__typename")
        if self.random.random() < self.share:
            parts.append(self.more(kind, 3, alias=alias))
        return " ".join(parts)

    def more(self, kind: GraphQLObjectType, depth: int, *, alias: bool = False) -> str:
        """A field that was not drawn, with what is below it: what lies deep is drawn rarely."""
        below = {
            name: get_named_type(declared.type)
            for name, declared in kind.fields.items()
            if not declared.args and (kind.name, name) not in self.known.computed
        }
        deep = [name for name, found in below.items() if isinstance(found, GraphQLObjectType)]
        flat = [name for name in below if name not in deep] or ["__typename"]
        name = self.random.choice(deep if deep and depth and self.random.random() < 0.7 else flat)
        head, found = f"{self.alias()}: {name}" if alias else name, below.get(name)
        if not isinstance(found, GraphQLObjectType):
            return head
        inner = " ".join(self.more(found, depth - 1) for _ in range(self.random.randint(1, 4)))
        return f"{head} {{ {inner} }}"

    def one(self, node: FieldNode, kind: GraphQLObjectType, *, alias: bool = False) -> str:
        """One field."""
        if (kind.name, node.name.value) in self.known.computed and self.random.random() < 0.8:
            return "__typename"
        declared = self.schema.get_field(kind, node.name.value)
        assert declared
        arguments = self.arguments.of(node.name.value, declared)
        named = self.random.random() < self.share / 3 or alias or bool(arguments)
        head = f"{self.alias()}: {node.name.value}{arguments}" if named else node.name.value
        if self.random.random() < self.share / 6:
            head = f"{head} {self.random.choice(_DIRECTIVES)}"
        text = f"{head}{self.inner(node, declared)}"
        roll = self.random.random()
        if roll < self.share / 2:
            how = self.random.choice(list(_WRAPS))
            if "{n}" in _WRAPS[how]:
                self.fragments.append(f"fragment F{len(self.fragments)} on {kind.name} {{ {text} }}")
            text = _WRAPS[how].format(s=text, t=kind.name, n=len(self.fragments) - 1)
        elif roll < self.share * 0.7:
            text = f"{text} {head}{self.inner(node, declared)}"
        return text

    def inner(self, node: FieldNode, declared: GraphQLField) -> str:
        """The selections below a field, twisted anew each time."""
        kind = get_named_type(declared.type)
        if node.selection_set is None or not isinstance(kind, GraphQLObjectType):
            return ""
        return f" {{ {self.selections(node.selection_set, kind)} }}"
