"""What the tests of this service share: foreign events as the neighbours send them, and the steps of a round."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from uuid import UUID, uuid4

from chassis.identity import Principal, Role, line, unit_label
from review.rounds.rules import list_digest
from tests.support.stand import Stand

FIELD = "新材料"
UNIT, HOME = "91330113XX00000196", "330000.330100.330113"
RIVAL, RIVAL_HOME = "91330203XX0000027N", "330000.330200.330203"
CORE = {"name": "算力", "unit": "P", "target": "100", "verification": "检测报告", "core": True}
SIDE = {"name": "论文", "unit": "篇", "target": "5", "verification": "检索", "core": False}
LINES = [
    {"source": "SELF_RAISED", "level": None, "amount_fen": 1_600_000_000},
    {"source": "FISCAL", "level": "PROVINCE", "amount_fen": 300_000_000},
    {"source": "FISCAL", "level": "CITY", "amount_fen": 100_000_000},
]
TOTAL_FEN = 2_000_000_000
CRITERIA = [{"code": "NOVELTY", "title": "创新性", "weight": 60}, {"code": "TEAM", "title": "团队", "weight": 40}]

REGISTER = """mutation($input: RegisterExpertInput!) { registerExpert(input: $input) {
  expert { id person employerKind fields } refusal { findings { requirement } } } }"""
OPEN = """mutation($input: OpenRoundInput!) { openRound(input: $input) {
  round { id state form rulesDigest awaiting { entryId what announced unsettled } candidates { id number } }
  refusal { findings { requirement message { zh en } } } } }"""
ROUND = """query($id: ID!) { round(id: $id) { id state rulesDigest drawRecord enterpriseSeats
  awaiting { what announced unsettled } criteria { code weight } panel { person pseudonym quota }
  candidates { id number state scoreHundredths sheets { pseudonym weightedHundredths void } } } }"""
DRAW = "mutation($id: ID!) { registerDraw(input: {roundId: $id}) { round { state drawRecord } \
  refusal { findings { requirement } } } }"
COMMIT = "mutation($id: ID!, $commitment: String!) { commitToDraw(input: {roundId: $id, commitment: $commitment}) \
  { round { state } } }"
REVEAL = "mutation($id: ID!, $value: String!) { revealForDraw(input: {roundId: $id, value: $value}) \
  { round { state drawRecord } } }"
SCORE = """mutation($id: ID!, $marks: [CriterionMarkInput!]!) { scoreCandidate(input: {candidateId: $id, marks: $marks})
  { sheet { id weightedHundredths } refusal { findings { requirement } } } }"""
RECUSE = 'mutation($id: ID!) { declareInterest(input: {candidateId: $id, reason: "合作项目"}) { recused } }'
SCREEN = """mutation($id: ID!, $keep: [ID!]!) { screenRound(input: {roundId: $id, keep: $keep, reason: "初评"})
  { round { state candidates { id state } } refusal { findings { requirement } } } }"""
CUT = """mutation($input: CutBudgetInput!) { cutBudget(input: $input) { review { cut total
  budgetLines { source level amount } } refusal { findings { requirement } } } }"""
DECIDE = """mutation($id: ID!, $outcome: ReviewOutcome!, $reason: String) { decideCandidate(input:
  {candidateId: $id, outcome: $outcome, reason: $reason}) { review { state } refusal { findings { requirement } } } }"""
OPINION = """mutation($input: GiveAcceptanceOpinionInput!) { giveAcceptanceOpinion(input: $input) { panel { favourable
  missing { party aspect core } opinions { party completion uptake } } refusal { findings { requirement } } } }"""


def expert(number: int) -> Principal:
    """The expert EXP-<number>; some of them are personas as well."""
    return Principal(f"expert-{number}", f"EXP-{number:02}", frozenset({Role.EXPERT}), "330000")


def marks(novelty: int, team: int) -> list[dict[str, object]]:
    """Marks for the two criteria."""
    return [{"criterion": "NOVELTY", "points": novelty}, {"criterion": "TEAM", "points": team}]


@dataclass
class World:
    """A stand with neighbours that speak to it."""

    stand: Stand
    listed: dict[UUID, list[UUID]] = field(default_factory=dict)

    async def entry(self, *, mode: str = "OPEN_COMPETITION", readers: Sequence[str] = ("everyone",)) -> UUID:
        """An entry is published."""
        entry = uuid4()
        said = {"entry_id": str(entry), "field": FIELD, "mode": mode, "planned": 2, "title": "条目"}
        await self.stand.hear(
            "jiebang.bulletin.entry-published.v1", json.dumps(said), about=entry, readers=["service", *readers]
        )
        return entry

    async def apply(self, entry: UUID, *, unit: str = UNIT, home: str = HOME, **more: object) -> UUID:
        """An application is submitted."""
        application = uuid4()
        self.listed.setdefault(entry, []).append(application)
        said = {
            "application_id": str(application), "entry_id": str(entry), "number": f"SQ-{len(self.listed[entry]):03}",
            "title": "申报", "unit_code": unit, "unit_name": "单位（虚构）", "leader_person": f"P-{application}",
            "member_persons": [], "partner_units": [], "budget_lines": LINES, "total_fen": TOTAL_FEN,
            "indicators": [CORE, SIDE], **more,
        }  # fmt: skip
        await self.tell("submitted", application, json.dumps(said), unit=unit, home=home)
        return application

    async def tell(
        self, what: str, application: UUID, payload: str = "", *, entry: UUID | None = None, unit: str = UNIT,
        home: str = HOME, **more: object,
    ) -> None:  # fmt: skip
        """An event of an application."""
        said = payload or json.dumps({"application_id": str(application), "entry_id": str(entry), **more})
        readers = ["service", unit_label(unit), *line(home)]
        await self.stand.hear(
            f"jiebang.application.application-{what}.v1", said, about=application, home=home, owner=unit_label(unit),
            readers=readers,
        )  # fmt: skip

    async def recommend(self, entry: UUID, application: UUID, *, complete: bool = True, unit: str = UNIT) -> None:
        """The province recommends, or a level below it."""
        home = RIVAL_HOME if unit == RIVAL else HOME
        await self.tell(
            "recommended", application, entry=entry, unit=unit, home=home, by="330000", complete=complete
        )  # fmt: skip

    async def close(self, entry: UUID, listed: Sequence[UUID] | None = None) -> None:
        """The call closes and announces its list."""
        ids = self.listed.get(entry, []) if listed is None else listed
        said = {"entry_id": str(entry), "count": len(ids), "digest": list_digest(ids)}
        await self.stand.hear("jiebang.application.call-closed.v1", json.dumps(said))

    async def pool(self, count: int, **more: object) -> None:
        """Experts EXP-01 … are registered: every second one of an enterprise."""
        for number in range(1, count + 1):
            kind = "ENTERPRISE" if number % 2 else "UNIVERSITY"
            said = {
                "person": f"EXP-{number:02}", "unitCode": f"91330000XX{number:08}", "employerKind": kind,
                "fields": [FIELD], **more,
            }  # fmt: skip
            await self.stand.ask("platform-manager", REGISTER, input=said)

    def plan(self, *entries: UUID, **more: object) -> dict[str, object]:
        """The input of openRound."""
        return {
            "field": FIELD, "entryIds": [str(entry) for entry in entries], "planned": 1, "criteria": CRITERIA,
            "panelSize": 3, "enterpriseMinimum": 1, "barHundredths": 8000, **more,
        }  # fmt: skip

    async def opened(self, applications: int = 1, **more: object) -> tuple[str, list[str]]:
        """A round that has begun; its id, and its candidates' ids. The last application is a rival's."""
        entry = await self.entry()
        for number in range(applications):
            last = number == applications - 1 and number > 0
            unit, home = (RIVAL, RIVAL_HOME) if last else (UNIT, HOME)
            application = await self.apply(entry, unit=unit, home=home)
            await self.recommend(entry, application, unit=unit)
        await self.close(entry)
        payload = await self.stand.ask("province-officer", OPEN, input=self.plan(entry, **more))
        made = payload["round"]
        assert isinstance(made, dict) and made["state"] == "OPEN", payload
        return str(made["id"]), [each["id"] for each in made["candidates"]]

    async def registered(self, round_id: str) -> str:
        """The draw is registered; its registration id."""
        payload = await self.stand.ask("province-officer", DRAW, id=round_id)
        found = payload["round"]
        assert isinstance(found, dict), payload
        return str(found["drawRecord"]["registration"])

    async def commit(self, persona: str, round_id: str, registration: str, value: str, party: str = "") -> None:
        """A party commits."""
        digest = hashlib.sha256(f"jiebang-draw|{registration}|{party or persona}|{value}".encode()).hexdigest()
        await self.stand.ask(persona, COMMIT, id=round_id, commitment=digest)

    async def drawn(self, round_id: str) -> list[Principal]:
        """The whole draw; the experts on the panel."""
        registration = await self.registered(round_id)
        for persona in ("province-officer", "inspector"):
            await self.commit(persona, round_id, registration, f"value of {persona}")
        for persona in ("inspector", "province-officer"):
            await self.stand.ask(persona, REVEAL, id=round_id, value=f"value of {persona}")
        seats = (await self.round(round_id))["panel"]
        assert isinstance(seats, list)
        return [expert(int(seat["person"].removeprefix("EXP-"))) for seat in seats]

    async def round(self, id: str, persona: str | Principal = "province-officer") -> dict[str, object]:
        """The round as somebody sees it."""
        return await self.stand.ask(persona, ROUND, id=id)

    async def scored(self, *points: int, applications: int = 1, **more: object) -> tuple[str, list[str]]:
        """A round whose candidates are all scored with these points by the panel of three."""
        await self.pool(6)
        round_id, candidates = await self.opened(applications, **more)
        for person, given in zip(await self.drawn(round_id), points or (80, 80, 80), strict=True):
            for candidate in candidates:
                await self.stand.ask(person, SCORE, id=candidate, marks=marks(given, given))
        await self.stand.later(seconds=1)
        return round_id, candidates
