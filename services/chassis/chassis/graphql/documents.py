"""Documents parsed and checked once: front ends send the same few again and again."""

from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache

from graphql import (
    DocumentNode,
    GraphQLError,
    GraphQLSchema,
    StringValueNode,
    ValidationRule,
    parse,
    specified_rules,
    validate,
)
from strawberry.extensions import MaxAliasesLimiter, QueryDepthLimiter, SchemaExtension

DEEPEST, MOST_TOKENS, MOST_ALIASES = 15, 2000, 60
KEPT = 500
NUL = "A text cannot hold the character U+0000: take it out. 文本不能包含空字符（U+0000），请删除。"


class WithoutNul(ValidationRule):
    """PostgreSQL's text cannot hold it."""

    def enter_string_value(self, node: StringValueNode, *_: object) -> None:
        """A text in the document."""
        if "\0" in node.value:
            self.report_error(GraphQLError(NUL, node))


RULES = [
    *specified_rules,
    WithoutNul,
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
        """Before validating: the same; variables are looked at each time."""
        _, errors = self._checked(self.execution_context.query or "")
        nul = [GraphQLError(NUL)] if holds_nul(self.execution_context.variables) else []
        self.execution_context.pre_execution_errors = [*errors, *nul]
        yield


def holds_nul(value: object) -> bool:
    """Whether there is a NUL in any text of a JSON value, however deep."""
    waiting = [value]
    while waiting:
        each = waiting.pop()
        if isinstance(each, str):
            if "\0" in each:
                return True
        elif isinstance(each, Mapping):
            waiting += [*each, *each.values()]
        elif isinstance(each, list):
            waiting += each
    return False


def checker(schema: Callable[[], GraphQLSchema]) -> Callable[[], CheckedDocuments]:
    """The extension for one schema, which is made after its extensions."""

    @lru_cache(maxsize=KEPT)
    def checked(text: str) -> Checked:
        document = parse(text, max_tokens=MOST_TOKENS)
        return document, validate(schema(), document, RULES)

    return lambda: CheckedDocuments(checked)
