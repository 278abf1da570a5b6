"""The steps of a project under oversight, as the tests take them."""

import json
from typing import cast
from uuid import UUID, uuid4

from chassis.identity import SERVICE, line, unit_label
from tests.support.stand import Stand

APPROVED = "jiebang.funding.project-approved.v1"
ACCOUNTS_CLOSED = "jiebang.funding.accounts-closed.v1"
OPINIONS = "jiebang.review.acceptance-opinions-completed.v1"
LINPING, HAISHU = "330000.330100.330113", "330000.330200.330203"
CHENGYU, YONGWANG = "91330113XX00000196", "91330203XX0000027N"
LEADER = "P-CHENGYU-01"
DIGEST = "a" * 64
CORE = ("DEMAND_SIDE", "END_USER", "LEADING_ENTERPRISE")

PROJECT = """query($id: ID!) { _entities(representations: [{__typename: "Project", id: $id}]) { ... on Project {
  id state startedOn endedOn dueOn followUpUntil termination { ground finding decision }
  pledge { state digest milestones { name due } unitSignedAt leaderSignedAt }
  milestones { id name due pledged state cause project { id } verdicts { findings { requirement waived } } }
  acceptance { id state conclusion reason leaderBarred leaderBarredUntil favourable opinions { party }
    evidence { indicator } verdicts { refused findings { requirement } } trail { action } project { id } }
  sanctions { person since until }
  oversightVerdicts { refused findings { requirement message { zh en } } } oversightTrail { action } } } }"""
DRAFT = """mutation($id: ID!, $milestones: [PledgedMilestoneInput!]!, $rewards: String!, $penalties: String!) {
  draftPledge(input: {projectId: $id, milestones: $milestones, rewards: $rewards, penalties: $penalties}) {
    pledge { state digest } refusal { findings { requirement message { zh en } } } } }"""
SIGN = """mutation($id: ID!, $as: PledgeSigner!, $digest: String) {
  signPledge(input: {projectId: $id, as: $as, digest: $digest}) {
    pledge { state } refusal { findings { requirement message { zh en } } } } }"""
START = """mutation($id: ID!) { startProject(input: {projectId: $id}) { project { state }
  refusal { findings { requirement message { zh en } } } } }"""
ADD = """mutation($id: ID!, $name: String!, $due: Date!) {
  addMilestone(input: {projectId: $id, name: $name, due: $due, indicators: "样机一台"}) { milestone { id state } } }"""
CHECK = """mutation($id: ID!, $result: MilestoneResult!, $cause: MissCause, $finding: String! = "现场检查") {
  checkMilestone(input: {milestoneId: $id, result: $result, cause: $cause, finding: $finding,
    document: "浙科检〔2024〕1号"}) { milestone { state } } }"""
WAIVE = """mutation($id: ID!) { waiveForProject(input: {milestoneId: $id, reason: "抢险",
  document: "浙科豁〔2024〕1号"}) { waived } }"""
APPLY = """mutation($id: ID!, $accounts: AcceptanceAccounts!, $evidence: [AcceptanceEvidenceInput!]!,
    $digest: String!) {
  applyForAcceptance(input: {projectId: $id, reportDigest: $digest, accounts: $accounts, accountsDigest: $digest,
    evidence: $evidence}) { acceptance { id state } refusal { findings { requirement message { zh en } } } } }"""
CONCLUDE = """mutation($id: ID!, $to: AcceptanceConclusion!, $reason: String! = "", $until: Date) {
  concludeAcceptance(input: {acceptanceId: $id, conclusion: $to, decision: "浙科验〔2024〕1号", reason: $reason,
    extendedTo: $until}) { acceptance { id state } refusal { findings { requirement message { zh en } } } } }"""
CLOSE = "mutation($id: ID!) { closeProject(input: {projectId: $id}) { project { state endedOn } } }"
TERMINATE = """mutation($id: ID!, $finding: String!, $decision: String!) { terminateProject(input: {projectId: $id,
  ground: MAJOR_RISK, finding: $finding, decision: $decision}) { project { state }
  refusal { findings { requirement message { en } } } } }"""
SANCTIONS = "{ sanctions { edges { node { id person since until requirement } } } }"


def rows(found: object) -> list[dict[str, object]]:
    """A list in an answer: the nodes of a page, or the objects of a plain list."""
    if isinstance(found, dict):
        return [edge["node"] for edge in found["edges"]]
    assert isinstance(found, list)
    return found


class Case:
    """One project of a stand; `id` is the project's."""

    def __init__(self, stand: Stand, id: str) -> None:
        self.stand, self.id = stand, id

    @classmethod
    async def approved(cls, stand: Stand, *, number: str = "2024C01001", **fields: object) -> "Case":
        """A project that funding approved: Chengyu's, managed by the province, unless `fields` of the event say so."""
        id = uuid4()
        heard = {
            "project_id": str(id), "number": number, "application_id": str(uuid4()), "entry_id": str(uuid4()),
            "title": "示例", "unit_code": CHENGYU, "unit_name": "示例", "leader_person": LEADER, "urgent": True,
            "fiscal_fen": 200_000_000, "total_fen": 1_000_000_000, "payer": "330000", "manager": "330000",
            "accounts": "AUDIT_REPORT", "start": "2024-03-01", "end": "2026-12-31",
            "indicators": [{"name": "时延"}, {"name": "吞吐"}], **fields,
        }  # fmt: skip
        home = HAISHU if heard["unit_code"] == YONGWANG else LINPING
        owner = unit_label(str(heard["unit_code"]))
        await stand.hear(APPROVED, json.dumps(heard), about=id, home=home, owner=owner, readers=(SERVICE, *line(home)))
        return cls(stand, str(id))

    @classmethod
    async def running(cls, stand: Stand, *, number: str = "2024C01001", **fields: object) -> "Case":
        """A project at work that needed no pledge."""
        case = await cls.approved(stand, number=number, **{"urgent": False, **fields})
        await case.start()
        return case

    async def seen(self, persona: str = "province-officer") -> dict[str, object] | None:
        """The project as a persona sees it."""
        [found] = cast(list[dict[str, object] | None], await self.stand.ask(persona, PROJECT, id=self.id))
        return found

    async def field(self, name: str, persona: str = "province-officer") -> object:
        """One field of the project."""
        found = await self.seen(persona)
        assert found is not None
        return found[name]

    def pledge(self, **changed: object) -> dict[str, object]:
        """The variables of a whole pledge, changed."""
        terms = [{"name": "M1", "due": "2024-06-30", "indicators": "样机"}]
        return {"id": self.id, "milestones": terms, "rewards": "推荐", "penalties": "暂停申报", **changed}

    async def pledged(self) -> None:
        """Draft the pledge and have unit and leader sign it."""
        await self.stand.ask("province-officer", DRAFT, **self.pledge())
        await self.stand.ask("chengyu-admin", SIGN, id=self.id, **{"as": "UNIT"})
        await self.stand.ask("chengyu", SIGN, id=self.id, **{"as": "LEADER"})

    async def start(self, persona: str = "province-officer") -> None:
        """Start it."""
        payload = await self.stand.ask(persona, START, id=self.id)
        assert payload["project"] == {"state": "RUNNING"}

    async def milestone(self) -> dict[str, object]:
        """Its first milestone."""
        return rows(await self.field("milestones"))[0]

    def handed_in(self, **changed: object) -> dict[str, object]:
        """The variables of a whole application for acceptance, changed."""
        evidence = [{"indicator": name, "statement": "检测报告", "digest": DIGEST} for name in ("时延", "吞吐")]
        return {"id": self.id, "accounts": "AUDIT_REPORT", "evidence": evidence, "digest": DIGEST, **changed}

    async def applied(self, persona: str = "chengyu") -> str:
        """Apply for acceptance; the acceptance's id."""
        payload = await self.stand.ask(persona, APPLY, **self.handed_in())
        acceptance = payload["acceptance"]
        assert isinstance(acceptance, dict), payload
        return str(acceptance["id"])

    async def opinions(self, acceptance: str, *, without: str = "", **stances: str) -> None:
        """Let review announce the panel's opinions: all in favour, except `stances` by party, and without one party."""
        told = [
            {"party": party, "completion": stances.get(party, "APPROVE"), "uptake": "APPROVE"}
            for party in (*CORE, "ASSOCIATION", "INVESTOR") if party != without
        ]  # fmt: skip
        heard = {"acceptance_id": acceptance, "project_id": self.id, "opinions": told, "favourable": not stances}
        await self.stand.hear(OPINIONS, json.dumps(heard))

    async def accounts_closed(self) -> None:
        """Let funding settle the accounts."""
        heard = {"project_id": self.id, "spent_fen": 1, "surplus_fen": 0, "recovered_fen": 0}
        await self.stand.hear(ACCOUNTS_CLOSED, json.dumps(heard), about=UUID(self.id))
