"""How SQL writes a value so that it equals what Python writes for the same GraphQL type."""

from collections.abc import Mapping, Sequence
from enum import Enum

FORMS: Mapping[str, str] = {
    "ID": "{c}::text",
    "UUID": "{c}::text",
    "String": "{c}::text",
    "CreditCode": "{c}::text",
    "RegionCode": "{c}::text",
    "Boolean": "{c}",
    # 64 bits in the database, 32 in GraphQL: what does not fit raises, and plain execution words the error.
    "Int": "({c})::int",
    "JSON": "{c}",
    # Days and moments as PostgreSQL's own JSON writes them; a format of our own would cost as much as the row.
    "Date": "{c}",
    "DateTime": "{c}",
    # A product is exact for every bigint; a quotient is not: PostgreSQL picks its scale.
    "Money": "({c} * 0.01)::text",
}
"""By the GraphQL type's name; `{c}` is the value in the column's own type."""

IN_JSON: Mapping[str, str] = {
    "Boolean": "boolean",
    "Int": "bigint",
    "Money": "bigint",
    "Date": "date",
    "DateTime": "timestamptz",
}
"""What the text of a value kept in JSON is read as, by the GraphQL type's name; text where none is given."""


def name(identifier: str) -> str:
    """A quoted SQL identifier."""
    return '"' + identifier.replace('"', '""') + '"'


def text(constant: str) -> str:
    """A quoted SQL text constant: for words of the code (names of types, members of enums), never for input."""
    return "'" + constant.replace("'", "''") + "'::text"


def enum_form(members: Sequence[Enum]) -> str:
    """Stored values to GraphQL names; nothing to do where they are the same."""
    if all(member.name == member.value for member in members):
        return "{c}::text"
    cases = " ".join(f"when {text(str(member.value))} then {text(member.name)}" for member in members)
    return f"case {{c}}::text {cases} end"
