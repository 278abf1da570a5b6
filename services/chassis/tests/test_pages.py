"""Cursors come back from outside: whatever is not one of ours is refused, never an inner error."""

import base64
import json
from datetime import UTC, datetime
from uuid import uuid4

import pytest

from chassis.graphql.pages import decode, encode

ID = str(uuid4())


def test_a_cursor_comes_back_as_it_was() -> None:
    place = (datetime(2024, 3, 1, 4, 0, 0, 1, tzinfo=UTC), uuid4())
    assert decode(encode(*place)) == place


@pytest.mark.parametrize(
    "said",
    [
        [], {}, 7, None, ["2024-03-01", ID], ["2024-03-01T04:00:00", ID], [1, ID], ["x", ID],
        ["2024-03-01T04:00:00+00:00", "x"], ["2024-03-01T04:00:00+00:00", 7], ["2024-03-01T04:00:00+00:00"],
    ],
    ids=str,
)  # fmt: skip
def test_a_made_up_cursor_is_bad_input(said: object) -> None:
    with pytest.raises(ValueError):
        decode(base64.b64encode(json.dumps(said).encode()).decode())


@pytest.mark.parametrize("cursor", ["", "游标", "!!!", "abc", base64.b64encode(b"[" * 100_000).decode()], ids=len)
def test_what_is_no_cursor_at_all_is_bad_input(cursor: str) -> None:
    with pytest.raises(ValueError):
        decode(cursor)
