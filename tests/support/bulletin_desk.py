"""For the tests of this service: an officer's desk that takes entries through their steps."""

from dataclasses import dataclass
from typing import cast

from bulletin.entries.kinds import PanelKind
from chassis.identity import Principal
from tests.support.stand import Stand

Input = dict[str, object]

KINDS = tuple(PanelKind)
INDICATOR: Input = {"name": "吞吐量", "unit": "万次/秒", "target": "≥100", "verification": "第三方测试", "core": True}
WORDING: Input = {
    "title": "云原生数据库", "field": "云计算", "projectType": "尖兵", "planned": 2, "termMonths": 36,
    "deadlineDay": "2024-03-29", "indicators": [INDICATOR],
}  # fmt: skip
CHENGYU, YONGWANG, LONGXI = "91330113XX00000196", "91330203XX0000027N", "91331181XX0000035P"
DIRECTED: Input = {
    "selectionMode": "DIRECTED_COMMISSION", "selectionGround": "STRATEGIC_URGENT_SUDDEN", "invited": [CHENGYU],
}  # fmt: skip
SELECTIVE: Input = {
    "selectionMode": "SELECTIVE_COMMISSION", "selectionGround": "CLEAR_GOAL_AND_LEADER",
    "invited": [CHENGYU, YONGWANG],
}  # fmt: skip

PROPOSE = """mutation($code: String!) { proposeProgramme(input: {code: $code, title: "云计算", highland: "互联网+",
  area: "云计算与未来网络", year: 2024, document: "浙科〔2024〕1号"}) { programme { id } } }"""
ADVANCE = """mutation($id: ID!, $to: ProgrammeState!) { advanceProgramme(input: {programmeId: $id, to: $to,
  document: "浙科〔2024〕2号"}) { programme { id } } }"""
ENTRY = """query($id: ID!) { entry(id: $id) { id number title state fiscal deadline closedAt selectionMode invited
  indicators { name core } contributions { source level amount } programme { code }
  panelOpinions { kind participant } complianceReviews { decision opinion reviewer }
  waivers { requirement reason } verdicts { refused findings { requirement waived } } trail { action actor } } }"""
ENTRIES = "{ entries { edges { node { id number } } } }"


def step(mutation: str, shown: str = "entry { id number state }") -> str:
    """The document of a mutation with one `$input`."""
    kind = mutation[0].upper() + mutation[1:] + "Input"
    return (
        f"mutation($input: {kind}!) {{ {mutation}(input: $input) {{ {shown} "
        "refusal { findings { requirement message { zh en } waivable } } } }"
    )


def joint(enterprise: str, fiscal: str, social: str = "") -> Input:
    """What makes an entry a joint one with these contributions, in yuan."""
    amounts = [("ENTERPRISE", None, enterprise), ("FISCAL", "PROVINCE", fiscal), ("SOCIAL_CAPITAL", None, social)]
    return {
        "mechanism": "JOINT_ENTERPRISE",
        "contributions": [
            {"funderName": "出资方（虚构）", "source": source, "level": level, "amount": amount}
            for source, level, amount in amounts
            if amount
        ],
    }


@dataclass
class Desk:
    """The desk of one test. What is not said is done by the drafting officer."""

    stand: Stand

    async def programme(self, code: str = "ZX-1", *, launched: bool = True) -> str:
        """A programme's id."""
        made = cast("dict[str, str]", (await self.stand.ask("province-officer", PROPOSE, code=code))["programme"])
        for to in ("ARGUED", "PLANNED", *(["LAUNCHED"] if launched else [])):
            await self.stand.ask("province-officer", ADVANCE, id=made["id"], to=to)
        return made["id"]

    async def take(self, mutation: str, by: str | Principal = "province-officer", /, **input: object) -> dict[str, str]:
        """The entry after a mutation that must succeed."""
        payload = await self.stand.ask(by, step(mutation), input=input)
        assert payload["refusal"] is None, payload
        return cast("dict[str, str]", payload["entry"])

    async def refused(self, mutation: str, by: str | Principal = "province-officer", /, **input: object) -> list[str]:
        """The requirements in whose name a mutation is refused."""
        return await self.stand.refused(by, step(mutation), input=input)

    async def code(self, mutation: str, by: str | Principal = "province-officer", /, **input: object) -> str:
        """The error code of a mutation that must fail."""
        return await self.stand.code(by, step(mutation), input=input)

    async def drafted(self, programme: str | None = None, /, **changes: object) -> str:
        """The id of a draft, with the opinions of all kinds."""
        programme = programme or await self.programme()
        entry = await self.take("draftEntry", **{**WORDING, "programmeId": programme, **changes})
        await self.heard(entry["id"])
        return entry["id"]

    async def heard(self, entry: str, kinds: tuple[PanelKind, ...] = KINDS) -> None:
        """Record an opinion of each of these kinds."""
        for kind in kinds:
            await self.take("addPanelOpinion", entryId=entry, kind=kind, participant="某单位", opinion="同意")

    async def passed(self, programme: str | None = None, /, **changes: object) -> str:
        """The id of an entry that has passed its compliance review."""
        entry = await self.drafted(programme, **changes)
        await self.review(entry)
        return entry

    async def review(self, entry: str, decision: str = "PASS") -> dict[str, str]:
        """A compliance review by somebody who did not draft."""
        return await self.take(
            "reviewEntryCompliance", "compliance-reviewer", entryId=entry, decision=decision, opinion="合规"
        )

    async def published(self, programme: str | None = None, /, **changes: object) -> str:
        """The id of a published entry."""
        entry = await self.passed(programme, **changes)
        await self.take("publishEntry", entryId=entry)
        return entry

    async def seen(self, entry: str, by: str | Principal = "province-officer") -> dict[str, object] | None:
        """The entry as somebody sees it."""
        return cast("dict[str, object] | None", await self.stand.ask(by, ENTRY, id=entry))

    async def listed(self, by: str | Principal = "province-officer") -> list[str]:
        """The ids of the entries that somebody sees listed."""
        page = await self.stand.ask(by, ENTRIES)
        return [edge["node"]["id"] for edge in cast("list[dict[str, dict[str, str]]]", page["edges"])]
