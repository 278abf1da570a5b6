"""What a request may say: PostgreSQL's text holds no NUL, so none is let in, wherever it hides."""

import pytest
import strawberry
from strawberry.scalars import JSON

from chassis.graphql.app import schema_of
from chassis.graphql.documents import holds_nul


@strawberry.type
class Query:
    @strawberry.field(description="What was said.")
    def said(self, text: str = "", more: JSON | None = None) -> str:
        """The text again."""
        return text


SCHEMA = schema_of(Query)
ASKS = "query Q($t: String!, $m: JSON) { said(text: $t, more: $m) }"


@pytest.mark.parametrize(
    ("document", "variables"),
    [
        ('{ said(text: "a\\u0000b") }', {}),
        ('{ said(more: {deep: [{a: "\\u0000"}]}) }', {}),
        (ASKS, {"t": "a\0b"}),
        (ASKS, {"t": "a", "m": {"deep": [{"a": ["\0"]}]}}),
        (ASKS, {"t": "a", "m": {"\0": 1}}),
        (ASKS, {"t": "a", "not asked for": "\0"}),
    ],
)
async def test_a_nul_is_bad_input(document: str, variables: dict[str, object]) -> None:
    for _ in range(2):  # a remembered document as well
        result = await SCHEMA.execute(document, variable_values=variables)
        assert result.errors
        assert (result.errors[0].extensions or {})["code"] == "BAD_INPUT"
        assert "U+0000" in result.errors[0].message and result.data is None


@pytest.mark.parametrize("text", ["", "a\\u0000", "\x01", "空"])
async def test_other_characters_come_through(text: str) -> None:
    result = await SCHEMA.execute(ASKS, variable_values={"t": text, "m": [None, True, 1.5, text]})
    assert (result.errors, result.data) == (None, {"said": text})


def test_the_look_at_variables_has_no_depth_limit() -> None:
    deep: object = "\0"
    for _ in range(100_000):
        deep = [deep]
    assert holds_nul({"a": deep})
    assert not holds_nul({"a": [1, None, {"b": "c"}]})
