"""One project id links the whole course, and one query shows it (A07.1): checked against the composed graph."""

from pathlib import Path

import pytest
from graphql import build_schema, parse, validate

from deploy.demo import applications, calls, execution, projects, reviews

SUPERGRAPH = Path(__file__).parents[2] / "gateway" / "supergraph.graphql"
DOCUMENTS = {
    "a whole life": execution.LIFE,
    "an entry": calls.ONE_ENTRY,
    "an application": applications.READ,
    "a round": reviews.ROUND,
    "a call": reviews.CALL,
    "a plan": projects.PLAN,
    "a project's money": projects.MONEY,
}


@pytest.mark.requirement("A07.1")
@pytest.mark.parametrize("name", DOCUMENTS)
def test_the_graph_answers_what_the_course_asks(name: str) -> None:
    graph = build_schema(SUPERGRAPH.read_text(encoding="utf-8"), assume_valid_sdl=True)
    assert validate(graph, parse(DOCUMENTS[name])) == []
