"""Documents parsed and checked once: front ends send the same few again and again."""

from collections.abc import Callable, Iterator
from functools import lru_cache

from graphql import DocumentNode, GraphQLError, GraphQLSchema, parse, specified_rules, validate
from strawberry.extensions import MaxAliasesLimiter, QueryDepthLimiter, SchemaExtension

DEEPEST, MOST_TOKENS, MOST_ALIASES = 15, 2000, 60
KEPT = 500

RULES = [
    *specified_rules,
    *QueryDepthLimiter(max_depth=DEEPEST).validation_rules,
    *MaxAliasesLimiter(max_alias_count=MOST_ALIASES).validation_rules,
]

Checked = tuple[DocumentNode, list[GraphQLError]]


class CheckedDocuments(SchemaExtension):
    """Parses and validates within the limits, or remembers having done so.

    Strawberry's own caches miss here: a limit makes a rule class of its own for each request, and the key would be
    the hash of the whole tree.
    """

    def __init__(self, checked: Callable[[str], Checked]) -> None:
        self._checked = checked

    def on_parse(self) -> Iterator[None]:
        """Before parsing: nothing is left to do. GraphQLSyntaxError for what is no document."""
        document, _ = self._checked(self.execution_context.query or "")
        self.execution_context.graphql_document = document
        yield

    def on_validate(self) -> Iterator[None]:
        """Before validating: the same."""
        _, errors = self._checked(self.execution_context.query or "")
        self.execution_context.pre_execution_errors = list(errors)
        yield


def checker(schema: Callable[[], GraphQLSchema]) -> Callable[[], CheckedDocuments]:
    """The extension for one schema, which is made after its extensions."""

    @lru_cache(maxsize=KEPT)
    def checked(text: str) -> Checked:
        document = parse(text, max_tokens=MOST_TOKENS)
        return document, validate(schema(), document, RULES)

    return lambda: CheckedDocuments(checked)
