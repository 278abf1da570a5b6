"""Names that mean the same in every schema are described once, here; what a service says itself stands."""

from collections.abc import Mapping

from graphql import GraphQLArgument, GraphQLField, GraphQLInterfaceType, GraphQLObjectType, GraphQLSchema

TYPES: Mapping[str, str] = {
    "Query": "What can be read (查询).",
    "Mutation": "What can be asked to be done (办理).",
    "Subscription": "What can be followed live (订阅).",
    "UUID": "A universally unique id (通用唯一标识).",
}
FIELDS: Mapping[str, str] = {
    "id": "Its id, the same in every service (标识).",
    "refusal": "Why not; null when it was done (不予通过的理由).",
    "verdicts": "The judgements kept beside it, oldest first (审查结论).",
    "trail": "What happened to it, oldest first (痕迹).",
}
ARGUMENTS: Mapping[str, str] = {
    "input": "What is asked (办理内容).",
    "id": "Which record (标识).",
    "first": "How many at most, up to 100 (每页条数).",
    "after": "Go on behind this cursor (起始游标).",
}
DONE = "The record after this step; null when it was refused (办理后的记录)."
"""For what a mutation's payload carries besides the refusal."""


def describe(schema: GraphQLSchema) -> None:
    """Fill in what is not described and has a meaning of its own here."""
    for kind in schema.type_map.values():
        kind.description = kind.description or TYPES.get(kind.name)
        if isinstance(kind, GraphQLObjectType | GraphQLInterfaceType):
            for name, field in kind.fields.items():
                _fill(field, FIELDS.get(name, DONE if kind.name.endswith("Payload") else None))
                for argument, what in field.args.items():
                    _fill(what, ARGUMENTS.get(argument))


def _fill(what: GraphQLField | GraphQLArgument, text: str | None) -> None:
    what.description = what.description or text
