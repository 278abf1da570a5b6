"""Random queries over the real schemas: planned and plain execution give the same data, errors and order of keys.

`EXAMPLES=3000 pytest tests/projection/test_differential.py -s` for a long run.
"""

import os
from collections.abc import Iterator, Sequence

import pytest
from sqlalchemy import event

from chassis.identity import Actor, Principal
from chassis.reads import Reads
from tests.projection.arguments import key_of
from tests.projection.both import PRINCIPALS, Both, answered, reasons
from tests.projection.drawing import each_case
from tests.projection.twist import Twisted, entities_of, lists_of

EXAMPLES = int(os.environ.get("EXAMPLES", "60"))
MOST_NOTHING = 0.7
"""Of all answers; oversight's lists answer visitors with an error, and required lists take all else along."""


@pytest.mark.filterwarnings("ignore")  # plain execution leaves coroutines behind when it stops at an error
def test_random_queries_have_the_same_answer(both: Both) -> None:
    def check(made: Twisted, asking: Principal) -> None:
        difference = both.differ(made.document, made.variables, asking)
        if difference is not None:
            pytest.fail(difference, pytrace=False)

    before, both.nothing = answered(), 0
    each_case(both, check, examples=EXAMPLES)
    planned, plain = (now - then for now, then in zip(answered(), before, strict=True))
    print(
        f"\n{both.stand.service.parts.name}: {planned} root fields planned, {plain} plain, {both.undecided} undecided"
    )
    assert planned * 2 > plain, reasons()  # few cases, drawn anew each run
    assert both.nothing < EXAMPLES * MOST_NOTHING


def test_the_number_of_statements_does_not_grow_with_rows(both: Both, asked: list[str]) -> None:
    for name, kind in lists_of(both.schema).items():
        for first in (5, 40):
            document = f"{{ {name}(first: {first}) {{ edges {{ node {both.everything_of(kind)} }} }} }}"
            asks_once(both, asked, document)


def test_the_number_of_statements_does_not_grow_with_representations(both: Both, asked: list[str]) -> None:
    for kind in entities_of(both.schema):
        for count in (2, 30) if kind.name in both.executor.catalog.sources else ():
            given = [{"__typename": kind.name, key_of(kind): key} for key in both.known.keys[kind.name][:count]]
            inner = f"... on {kind.name} {both.everything_of(kind)}"
            asks_once(both, asked, f"query($r: [_Any!]!) {{ _entities(representations: $r) {{ {inner} }} }}", r=given)


def asks_once(both: Both, asked: list[str], document: str, **variables: object) -> None:
    """Whether the document is answered with one statement."""
    asked.clear()
    answer = both.run(both.result(document, variables, PRINCIPALS["province-officer"], planning=True))
    assert "errors" not in answer
    assert len(asked) == 1, (document, asked)


@pytest.fixture
def asked(both: Both, monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """The statements that go to the database, whichever way."""
    found: list[str] = []
    read, engine = Reads.text, both.stand.service.database.engine.sync_engine

    async def counting(self: Reads, actor: Actor, sql: str, values: Sequence[object], *, anew: bool) -> bytes | None:
        found.append(sql)
        return await read(self, actor, sql, values, anew=anew)

    def executed(*said: object) -> None:
        found.append(str(said[2]))

    monkeypatch.setattr(Reads, "text", counting)
    event.listen(engine, "before_cursor_execute", executed)
    yield found
    event.remove(engine, "before_cursor_execute", executed)
