"""What the tests of this service start from: units, people, an open call, and one sound application."""

import json
from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID, uuid4

from chassis.clock import SHANGHAI
from chassis.money import wan, yuan
from tests.support.people import who
from tests.support.stand import Stand

UNITS: dict[str, dict[str, object]] = {
    "chengyu": {"name": "澄屿云算", "kind": "ENTERPRISE", "regionCode": "330113", "industry": "39"},
    "yongwang": {"name": "甬望智造", "kind": "ENTERPRISE", "regionCode": "330203", "industry": "34"},
    "longxi": {"name": "龙溪菌业", "kind": "ENTERPRISE", "regionCode": "331181", "industry": "14"},
    "cangyu": {"name": "沧屿海工", "kind": "ENTERPRISE", "regionCode": "330922", "industry": "37"},
    "yunqiwan": {"name": "云栖湾实验室", "kind": "PLATFORM", "affiliation": "330000"},
    "zhidong": {"name": "之东理工", "kind": "UNIVERSITY", "affiliation": "330000"},
    "yongcheng": {"name": "甬城海研院", "kind": "INSTITUTE"},
}
DEADLINE = datetime(2024, 3, 29, 17, 30, tzinfo=SHANGHAI)
INDICATOR = {"name": "时延", "unit": "ms", "target": "10", "verification": "检测", "core": True}

UNIT = "mutation($i: RegisterUnitInput!) { registerUnit(input: $i) { unit { code home affiliation } } }"
PERSON = "mutation($i: RegisterPersonInput!) { registerPerson(input: $i) { person { person } } }"
WHY = "refusal { findings { requirement required found waivable message { zh en } wayForward { zh en } } }"
SHOWN = f"application {{ id number state desk total budget {{ source level amount }} }} {WHY}"
DRAFT = f"mutation($i: DraftApplicationInput!) {{ draftApplication(input: $i) {{ {SHOWN} }} }}"


def step(name: str, kind: str) -> str:
    """The document of a mutation whose payload is an application."""
    return f"mutation($i: {kind}!) {{ {name}(input: $i) {{ {SHOWN} }} }}"


SUBMIT = step("submitApplication", "SubmitApplicationInput")
WITHDRAW = step("withdrawApplication", "WithdrawApplicationInput")
ASK = step("askForWaiver", "AskForWaiverInput")
WAIVE = step("waiveForApplication", "WaiveForApplicationInput")
RECOMMEND = step("recommendApplication", "RecommendApplicationInput")
RETURN = step("returnApplication", "ReturnApplicationInput")
REFUSE = step("refuseApplication", "RefuseApplicationInput")
STATES = "{ applications { edges { node { id state } } } }"


def own(amount: str) -> dict[str, object]:
    """A line of self-raised money, in 万元."""
    return {"source": "SELF_RAISED", "amount": yuan(wan(amount))}


def fiscal(amount: str, level: str = "PROVINCE") -> dict[str, object]:
    """A line of fiscal money, in 万元."""
    return {"source": "FISCAL", "level": level, "amount": yuan(wan(amount))}


@dataclass
class World:
    """A stand with everything registered. `entry` is the call most tests apply to."""

    stand: Stand
    entry: UUID = field(default_factory=uuid4)
    registered: set[str] = field(default_factory=set)

    async def register(self, *units: str) -> None:
        """Register these units with their personas as people (born 1979-03-29: 45 on the deadline)."""
        for name in units:
            principal = who(name)
            home = {} if "regionCode" in UNITS[name] else {"home": principal.tenant}
            await self.stand.ask("platform-manager", UNIT, i={"code": principal.unit, **UNITS[name], **home})
            await self.person(principal.person, str(principal.unit))
            self.registered.add(name)

    async def person(self, person: str, unit: str, birth: date = date(1979, 3, 29)) -> None:
        """Register one person."""
        said = {"person": person, "name": "示例", "birthDate": birth.isoformat(), "unitCode": unit}
        await self.stand.ask("platform-manager", PERSON, i=said)

    async def call(self, **said: object) -> UUID:
        """Publish an entry to everyone."""
        return await self.restricted(("everyone",), **said)

    async def restricted(self, readers: tuple[str, ...], **said: object) -> UUID:
        """Publish an entry to these readers and the province."""
        entry = UUID(str(said.get("entry_id", uuid4())))
        payload: dict[str, object] = {
            "number": "JB-2024-0001", "title": "云边协同", "field": "云计算与未来网络", "area": "云计算与未来网络",
            "project_type": "尖兵", "mechanism": "ORDINARY", "mode": "OPEN_COMPETITION", "invited": [],
            "open_to_all": False, "urgent": False, "agriculture": False, "planned": 2, "fiscal_fen": None,
            "term_months": 36, "deadline": DEADLINE.isoformat(), "indicators": [INDICATOR], **said,
            "entry_id": str(entry),
        }  # fmt: skip
        await self.stand.hear(
            "jiebang.bulletin.entry-published.v1", json.dumps(payload), about=entry,
            readers=("service", "330000", *readers),
        )  # fmt: skip
        return entry

    def content(self, name: str, **said: object) -> dict[str, object]:
        """A sound application of a unit: 2000 万元, exactly 80 % of it self-raised."""
        return {
            "entryId": str(self.entry), "title": "云边协同", "leader": who(name).person, "industry": "39",
            "committed": True, "total": yuan(wan("2000")), "budget": [own("1600"), fiscal("400")],
            "research": {"spending": yuan(wan("100")), "revenue": yuan(wan("1000")), "year": 2023}, **said,
        }  # fmt: skip

    async def draft(self, name: str, **said: object) -> str:
        """A unit's draft; its id. The unit is registered if need be."""
        if name not in self.registered:
            await self.register(name)
        made = (await self.stand.ask(name, DRAFT, i=self.content(name, **said)))["application"]
        assert isinstance(made, dict)
        return str(made["id"])

    async def submitted(self, name: str, **said: object) -> str:
        """A unit's submitted application; its id."""
        id = await self.draft(name, **said)
        assert (await self.take(name, SUBMIT, id))["state"] == "SUBMITTED"
        return id

    async def take(self, persona: str, document: str, id: str, **said: object) -> dict[str, object]:
        """Take a step that must succeed; the application after it."""
        payload = await self.stand.ask(persona, document, i={"applicationId": id, **said})
        found = payload["application"]
        assert isinstance(found, dict), payload
        return found

    async def recommended(self, id: str, *desks: str) -> dict[str, object]:
        """Recommend at these desks, one after the other; the application after the last."""
        found: dict[str, object] = {}
        for desk in desks:
            found = await self.take(desk, RECOMMEND, id, reason="符合榜单要求")
        return found

    async def state(self, persona: str, id: str) -> str | None:
        """The state of an application as this persona sees it; None when it does not."""
        found = await self.stand.execute(persona, "query($id: ID!) { application(id: $id) { state } }", id=id)
        assert not found.errors and found.data is not None, found.errors
        return None if found.data["application"] is None else str(found.data["application"]["state"])
