"""A plan: SQL text, and for each bound parameter where its value comes from in a request."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Any

from graphql import FieldNode, GraphQLError, GraphQLField
from graphql.execution.values import VariableValues, get_argument_values

from chassis.graphql.context import Context
from chassis.reads import FIRST_PARAMETER

Arguments = Mapping[str, Any]
Value = Callable[[Arguments, Context], object]


class Unplannable(Exception):
    """This selection, or these arguments, are answered by plain execution."""


class BadArguments(Unplannable):
    """Plain execution finds the words for what is wrong with these arguments; others may be planned."""


def arguments_of(declared: GraphQLField, node: FieldNode, variables: VariableValues) -> Arguments:
    """A field's arguments in this request, by their Python names, coerced by graphql-core."""
    try:
        return get_argument_values(declared, node, variables)
    except GraphQLError as bad:
        raise BadArguments(bad.message) from bad


@dataclass(slots=True)
class Statement:
    """SQL in the making, and afterwards the plan that is kept: one expression that gives the answer's JSON as text."""

    sql: str = ""
    bounds: list[Value] = field(default_factory=list)
    aliases: int = 0
    anew: bool = False
    """Whether PostgreSQL should plan it for each reader: a list, not a reading by key."""

    def bind(self, cast: str, value: Value) -> str:
        """A parameter. No value is ever written into the text."""
        self.bounds.append(value)
        return f"${FIRST_PARAMETER + len(self.bounds) - 1}::{cast}"

    def alias(self) -> str:
        """A fresh row alias."""
        self.aliases += 1
        return f"t{self.aliases}"

    def values(self, arguments: Arguments, context: Context) -> list[object]:
        """The parameters of one request. BadArguments for what no column can hold."""
        try:
            return [value(arguments, context) for value in self.bounds]
        except (ValueError, TypeError, OverflowError) as bad:
            raise BadArguments(str(bad)) from bad


def shape(value: object) -> object:
    """What of the variables may change a plan: presence, booleans, words of enums; never the values that are bound."""
    if value is None or isinstance(value, bool | Enum):
        return value
    if isinstance(value, Mapping):
        return tuple(sorted((str(key), shape(inner)) for key, inner in value.items()))
    return type(value)
