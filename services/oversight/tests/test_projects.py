"""Projects: their states, who sees them, who may do what, and what is promised to others."""

import itertools
import json
from pathlib import Path
from uuid import uuid4

import pytest
from pydantic import BaseModel

from chassis.contracts import contract_of
from chassis.identity import VISITOR, Principal, Role
from chassis.model import IllegalMove, move
from oversight.acceptance.conclusion import OpinionsCompleted
from oversight.app import PARTS
from oversight.closing.commands import AccountsClosed
from oversight.projects.commands import ProjectApproved
from oversight.projects.tables import MOVES, ProjectState
from oversight.roles import ACTIONS
from tests.support import oversight_world as steps
from tests.support.oversight_world import START, Case
from tests.support.stand import Stand

S = ProjectState
ALLOWED = {
    (S.APPROVED, S.RUNNING), (S.APPROVED, S.TERMINATED), (S.RUNNING, S.ACCEPTANCE), (S.RUNNING, S.TERMINATED),
    (S.ACCEPTANCE, S.ACCEPTED), (S.ACCEPTANCE, S.PARTIAL), (S.ACCEPTANCE, S.FAILED), (S.ACCEPTANCE, S.RUNNING),
    (S.ACCEPTED, S.CLOSED), (S.PARTIAL, S.CLOSED), (S.FAILED, S.CLOSED),
}  # fmt: skip
NOBODY = str(uuid4())
EVIDENCE = [{"indicator": "x", "statement": "x", "digest": steps.DIGEST}]
TERMS = [{"name": "M", "due": "2024-06-30", "indicators": "x"}]
DOCUMENTS: dict[str, tuple[str, dict[str, object]]] = {
    "draftPledge": (steps.DRAFT, {"milestones": TERMS, "rewards": "x", "penalties": "x"}),
    "signPledge": (steps.SIGN, {"as": "UNIT"}),
    "startProject": (START, {}),
    "addMilestone": (steps.ADD, {"name": "M", "due": "2024-06-30"}),
    "checkMilestone": (steps.CHECK, {"result": "REACHED"}),
    "waiveForProject": (steps.WAIVE, {}),
    "applyForAcceptance": (
        steps.APPLY, {"accounts": "AUDIT_REPORT", "evidence": EVIDENCE, "digest": steps.DIGEST},
    ),
    "concludeAcceptance": (steps.CONCLUDE, {"to": "ACCEPTED"}),
    "closeProject": (steps.CLOSE, {}),
    "terminateProject": (steps.TERMINATE, {"finding": "x", "decision": "x"}),
}  # fmt: skip
SERVICES = Path(__file__).parents[2]
HEARD: dict[str, type[BaseModel]] = {
    steps.APPROVED: ProjectApproved,
    steps.ACCOUNTS_CLOSED: AccountsClosed,
    steps.OPINIONS: OpinionsCompleted,
}


def contract(type: str) -> Path:
    """Where the producer exports the contract of an event."""
    return SERVICES / type.split(".")[1] / "contracts" / "events" / f"{type}.json"


@pytest.mark.parametrize("pair", itertools.product(ProjectState, ProjectState))
def test_every_pair_of_project_states_moves_as_the_table_says(pair: tuple[ProjectState, ProjectState]) -> None:
    if pair in ALLOWED:
        assert move("project", MOVES, *pair) is pair[1]
    else:
        with pytest.raises(IllegalMove):
            move("project", MOVES, *pair)


def test_the_role_table_covers_every_mutation() -> None:
    mutation = PARTS.schema.get_type_by_name("Mutation")
    fields = {PARTS.schema.config.name_converter.get_graphql_name(field) for field in mutation.fields}  # type: ignore[union-attr]
    assert fields == set(ACTIONS) == set(DOCUMENTS)


@pytest.mark.parametrize("action", ACTIONS)
async def test_only_the_roles_of_the_table_pass(stand: Stand, action: str) -> None:
    document, variables = DOCUMENTS[action]
    assert await stand.code(VISITOR, document, id=NOBODY, **variables) == "UNAUTHENTICATED"
    for role in Role:
        who = Principal("somebody", "P-1", frozenset({role}), "330000", steps.CHENGYU)
        found = await stand.code(who, document, id=NOBODY, **variables)
        assert found == ("NOT_FOUND" if role in ACTIONS[action] else "FORBIDDEN"), role


@pytest.mark.requirement("X2")
async def test_a_project_is_seen_by_its_unit_along_the_line_and_by_nobody_else(stand: Stand) -> None:
    case = await Case.approved(stand)
    await case.pledged()
    await case.start()
    for persona in ("chengyu", "chengyu-admin", "linping-officer", "hangzhou-officer", "province-officer", "auditor"):
        seen = await case.seen(persona)
        assert seen is not None and seen["milestones"] and seen["pledge"], persona
    for persona in ("yongwang", "zhidong", "ningbo-officer", "shaoxing-officer", "expert-01", "observer"):
        assert await case.seen(persona) is None, persona
    assert await stand.code("ningbo-officer", START, id=case.id) == "NOT_FOUND"


@pytest.mark.requirement("X2")
async def test_what_is_no_id_and_what_is_out_of_sight_answer_alike(stand: Stand) -> None:
    case = await Case.approved(stand)
    for id in ("no-id", NOBODY, case.id):
        assert await stand.code("ningbo-officer", START, id=id) == "NOT_FOUND"


@pytest.mark.requirement("X2")
async def test_the_managing_tenant_sees_a_project_at_home_elsewhere(stand: Stand) -> None:
    case = await Case.approved(stand, manager="330000.330200")
    assert await case.seen("ningbo-officer") is not None
    assert await case.seen("haishu-officer") is None


@pytest.mark.requirement("X2")
async def test_a_leader_of_another_house_reads_the_project(stand: Stand) -> None:
    case = await Case.approved(stand, leader_person="P-ZHIDONG-01")
    assert await case.seen("zhidong") is not None


@pytest.mark.requirement("X4")
async def test_a_refused_attempt_is_kept_beside_the_project(stand: Stand) -> None:
    case = await Case.approved(stand)
    await stand.refused("province-officer", START, id=case.id)
    [verdict] = steps.rows(await case.field("oversightVerdicts"))
    assert verdict["refused"] and steps.rows(verdict["findings"])[0]["requirement"] == "A19.1"


@pytest.mark.requirement("X1")
async def test_the_trail_tells_every_step(stand: Stand) -> None:
    case = await Case.approved(stand)
    await case.pledged()
    await case.start()
    id = await case.applied()
    await case.opinions(id)
    await stand.ask("province-officer", steps.CONCLUDE, id=id, to="ACCEPTED")
    trail = steps.rows(await case.field("oversightTrail", "chengyu"))
    assert [entry["action"] for entry in trail] == [
        "project-taken-over", "pledge-drafted", "pledge-signed", "pledge-signed", "project-started",
        "acceptance-applied", "project-accepted",
    ]  # fmt: skip


async def test_many_projects_cost_no_more_statements_than_one(stand: Stand) -> None:
    ids = [(await Case.running(stand, number=str(number))).id for number in range(3)]
    one, many = [await _statements(stand, ids[:count]) for count in (1, 3)]
    assert one == many


async def _statements(stand: Stand, ids: list[str]) -> int:
    from sqlalchemy import event

    counted: list[str] = []
    engine = stand.service.database.engine.sync_engine

    def count(_c: object, _cursor: object, statement: str, *_: object) -> None:
        counted.append(statement)

    event.listen(engine, "before_cursor_execute", count)
    query = steps.PROJECT.replace("$id: ID!", "$all: [_Any!]!").replace(
        'representations: [{__typename: "Project", id: $id}]', "representations: $all"
    )
    found = await stand.ask("province-officer", query, all=[{"__typename": "Project", "id": id} for id in ids])
    event.remove(engine, "before_cursor_execute", count)
    assert len(found) == len(ids)
    return len(counted)


@pytest.mark.parametrize("announced", PARTS.events)
def test_every_event_has_an_example_that_fits(announced: type) -> None:
    assert contract_of(announced)["examples"]


def test_every_reaction_has_a_model_that_this_file_checks() -> None:
    assert set(PARTS.reactions) == set(HEARD)


# Only contracts that their producer has exported can be held against our models.
@pytest.mark.parametrize("type", [type for type in HEARD if contract(type).exists()])
def test_the_producers_example_fits_what_we_read(type: str) -> None:
    [example] = json.loads(contract(type).read_text(encoding="utf-8"))["examples"]
    HEARD[type].model_validate(example)
