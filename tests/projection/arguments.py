"""Arguments that mostly hit something: ids of rows, cursors of pages, words of columns; and some that are malformed."""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from random import Random

from graphql import (
    GraphQLArgument,
    GraphQLEnumType,
    GraphQLField,
    GraphQLObjectType,
    get_named_type,
    is_non_null_type,
)  # fmt: skip

_FIRST = (1, 2, 3, 3, 7, 7, 20, 50, 100)
_BAD_FIRST = (0, -1, 101)
_BAD_CURSORS = ("", "x", "WyJhIiwiYiJd", "W10=", "bnVsbA==")
_NOWHERE = "00000000-0000-4000-8000-000000000000"
REPRESENTATIONS = "representations"


@dataclass(frozen=True)
class Known:
    """What arguments can hit. `keys`: by entity type; `values`: by column; `cursors`: by root field.

    `computed`: fields (type, name) that Python computes: asked for rarely, or nearly nothing would be planned.
    """

    keys: Mapping[str, Sequence[str]]
    values: Mapping[str, Sequence[object]]
    cursors: Mapping[str, Sequence[str]]
    computed: frozenset[tuple[str, str]]


@dataclass
class Arguments:
    """The arguments of one document. Some values are given as variables, which gathers their definitions."""

    random: Random
    known: Known
    definitions: list[str] = field(default_factory=list)
    ending: tuple[int, str] | None = None
    variables: dict[str, object] = field(default_factory=dict)

    def of(self, named: str, declared: GraphQLField) -> str:
        """The arguments of a field, in parentheses; empty without any."""
        given = []
        self.ending = self._ending(named)
        for argument, kind in declared.args.items():
            required = is_non_null_type(kind.type) and not kind.default
            if (
                required
                or argument == "first"
                or self.random.random() < (0.4 if self.ending is None else argument == "after")
            ):
                given.append(f"{argument}: {self._value(named, argument, declared, kind)}")
        self.random.shuffle(given)
        return f"({', '.join(given)})" if given else ""

    def representations(self, kinds: Sequence[GraphQLObjectType], others: Sequence[GraphQLObjectType]) -> str:
        """Representations of these types: rows, missing ones, repetitions, other spellings, rarely another type."""
        given = []
        for _ in range(self.random.choice((0, 1, 2, 3, 3, 5))):
            kind = self.random.choice(others if self.random.random() < 0.03 else kinds)
            key = key_of(kind)
            given.append({"__typename": kind.name, key: self._key(kind.name, plain=key != "id")})
        if given and self.random.random() < 0.2:
            given.append(dict(self.random.choice(given)))  # strawberry takes __typename out: no object comes twice
        if self.random.random() < 0.7:
            return self._variable("[_Any!]!", given)
        return (
            "["
            + ", ".join("{" + ", ".join(f"{k}: {json.dumps(v)}" for k, v in one.items()) + "}" for one in given)
            + "]"
        )

    def _value(self, named: str, argument: str, declared: GraphQLField, kind: GraphQLArgument) -> str:
        found = get_named_type(kind.type)
        value = self._found(named, argument, declared, found.name)
        if isinstance(found, GraphQLEnumType):
            value = self.random.choice(list(found.values))
        nullable = not is_non_null_type(kind.type)
        if nullable and self.random.random() < 0.15:
            value = None
        if self.random.random() < 0.4:
            return self._as_variable(str(kind.type), kind, value)
        return str(value) if isinstance(found, GraphQLEnumType) and value is not None else json.dumps(value)

    def _as_variable(self, kind: str, declared: GraphQLArgument, value: object) -> str:
        """Given, left to a default, or left out; where the argument has a default, rarely null for a required one."""
        roll = self.random.random()
        if declared.default and kind.endswith("!") and roll < 0.15:
            kind, value = kind.removesuffix("!"), None if roll < 0.03 else value
            return self._variable(kind, value, left_out=0.03 <= roll < 0.09)
        return self._variable(kind, value, left_out=roll < 0.3 and not kind.endswith("!"))

    def _variable(self, kind: str, value: object, *, left_out: bool = False) -> str:
        name = f"v{len(self.definitions)}"
        self.definitions.append(f"${name}: {kind}")
        if not left_out:
            self.variables[name] = value
        return f"${name}"

    def _found(self, named: str, argument: str, declared: GraphQLField, kind: str) -> object:
        if self.ending is not None and argument in ("first", "after"):
            return self.ending[argument == "after"]
        if argument == "first":
            return self.random.choice(_BAD_FIRST if self.random.random() < 0.04 else _FIRST)
        if argument == "after":
            return self._cursor(named)
        if kind == "ID":
            shown = get_named_type(declared.type).name
            about = shown if argument == "id" else argument.removesuffix("Id").capitalize()
            return self._key(about) if about in self.known.keys else self._spelt(str(self._column(argument)))
        return self._column(argument)

    def _column(self, argument: str) -> object:
        """A value of the column that is called like the argument, whichever table has it."""
        column = re.sub(r"([A-Z])", r"_\1", argument).lower()
        values = self.known.values.get(column) or ("",)
        found = self.random.choice(values)
        return found if isinstance(found, int) or self.random.random() < 0.95 else f"{found}'"

    def _ending(self, named: str) -> tuple[int, str] | None:
        """Now and then a page that ends exactly where the list ends, for those who see all of it."""
        own, size = self.known.cursors.get(named, ()), self.random.randint(1, 5)
        return (size, own[-1 - size]) if len(own) > size and self.random.random() < 0.25 else None

    def _cursor(self, named: str) -> str | None:
        roll = self.random.random()
        if roll < 0.05:
            return self.random.choice(_BAD_CURSORS)
        own = self.known.cursors.get(named, ())
        others = [cursor for cursors in self.known.cursors.values() for cursor in cursors]
        found = own if own and roll < 0.9 else others
        return self.random.choice(found) if found else None

    def _key(self, kind: str, *, plain: bool = False) -> str:
        found = self.random.choice(self.known.keys[kind] or [_NOWHERE])
        return found if plain else self._spelt(found)

    def _spelt(self, id: str) -> str:
        """Mostly as it is; else another spelling of the same id, or none."""
        if self.random.random() < 0.94:
            return id
        bare = id.replace("-", "")
        return self.random.choice(
            (id.upper(), bare, f"{{{id}}}", f"urn:uuid:{id}", _NOWHERE, "nonsense", "", id[:-1], f" {id}", "１" * 32)
        )


def key_of(kind: GraphQLObjectType) -> str:
    """The field that names an entity."""
    return next((name for name in ("id", "code", "person") if name in kind.fields), "id")
