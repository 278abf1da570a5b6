"""What a column holds beyond its type: JSON as the code that reads it expects, words, who and where; and the checks."""

from collections.abc import Callable, Mapping

from tests.support.rows.values import HOMES, PEOPLE, UNITS, Draw, Row

Shape = Callable[[Draw], object]
_SOURCES, _LEVELS = ("SELF_RAISED", "FISCAL", "SOCIAL_CAPITAL"), ("PROVINCE", "CITY", "COUNTY")
_PARTIES = ("DEMAND_SIDE", "END_USER", "LEADING_ENTERPRISE", "ASSOCIATION", "INVESTOR")
_VOTES = ("APPROVE", "PARTLY", "REJECT", None)


def indicators(draw: Draw) -> list[Row]:
    """Indicators as calls, applications and candidates keep them."""
    texts = ("name", "unit", "target", "verification")
    return draw.some(lambda: {**{key: draw.text() for key in texts}, "core": draw.chance(0.5)})


def budget(draw: Draw) -> list[Row]:
    """Budget lines as candidates, plans and projects keep them; fiscal money without a level is the province's."""

    def one() -> Row:
        source = draw.one(_SOURCES)
        level = draw.one((*_LEVELS, None)) if source == "FISCAL" else None
        return {"source": source, "level": level, "amount_fen": draw.amount()}

    return draw.some(one)


def attachments(draw: Draw) -> list[Row]:
    """Papers of an application."""
    return draw.some(lambda: {"name": draw.text(), "digest": draw.digest()})


def pledged(draw: Draw) -> list[Row]:
    """The milestones of a pledge."""
    return draw.some(lambda: {"name": draw.text(), "due": draw.day().isoformat(), "indicators": draw.text()})


def kept_opinions(draw: Draw) -> list[Row]:
    """The opinions of an acceptance panel as oversight keeps them."""
    return draw.some(lambda: {"party": draw.one(_PARTIES), "completion": draw.one(_VOTES), "uptake": draw.one(_VOTES)})


def criteria(draw: Draw) -> list[Row]:
    """What experts mark in a round."""
    return draw.some(lambda: {"code": draw.text(), "title": draw.text(), "weight": draw.number()})


def marks(draw: Draw) -> dict[str, int]:
    """An expert's marks by criterion."""
    return {draw.text(): draw.random.randint(0, 100) for _ in range(draw.random.randint(0, 4))}


def awaiting(draw: Draw) -> list[Row]:
    """What the opening of a round still lacks."""

    def one() -> Row:
        what = draw.one(("CALL_OPEN", "LIST_DIFFERS", "UNSETTLED"))
        entry, announced = str(draw.reference("entry")), draw.one((None, 0, 3))
        return {"entry_id": entry, "what": what, "announced": announced, "unsettled": draw.number()}

    return draw.some(one)


def draw_record(draw: Draw) -> Row | None:
    """The published record of a draw: registered, or with its panel."""
    if draw.chance(0.4):
        return None
    names = [draw.digest() for _ in range(draw.random.randint(1, 4))]
    experts = [{"pseudonym": name, "employer": draw.one(("ENTERPRISE", "UNIVERSITY")), "ties": []} for name in names]
    panel = [{"pseudonym": name, "quota": draw.one(("ENTERPRISE", "ANY"))} for name in names if draw.chance(0.6)]
    said = {"field": draw.text(), "panel_size": len(names), "experts": experts, "largest": 2**63 - 1, "share": 0.1}
    return {"registered": said, "commitments": {draw.text(): None}, "seed": None, "panel": panel}


SHAPES: Mapping[str, Shape] = {
    "indicators": indicators, "agreed_indicators": indicators, "oversight.project.indicators": lambda d: d.some(d.text),
    "budget_lines": budget, "agreed_lines": budget, "attachments": attachments, "criteria": criteria, "marks": marks,
    "awaiting": awaiting, "draw_record": draw_record, "opinions": kept_opinions, "oversight.pledge.milestones": pledged,
    "people": lambda d: {d.digest(): d.person()}, "parties": lambda d: {"inspector": d.person()},
    "person": Draw.person, "leader": Draw.person, "leader_person": Draw.person, "set_by": Draw.person,
    "application.person.person": lambda d: d.one(PEOPLE) if d.place < len(PEOPLE) else d.distinct(),
    "review.expert.person": lambda d: d.one(PEOPLE) if d.place < len(PEOPLE) else d.distinct(),
    "members": lambda d: d.some(d.person), "member_persons": lambda d: d.some(d.person),
    "drafters": lambda d: d.some(d.person), "unit_code": Draw.unit, "funder_code": Draw.unit,
    "application.unit.code": lambda d: d.one(UNITS) if d.place < len(UNITS) else d.distinct(),
    "bulletin.programme.code": Draw.distinct, "region_code": lambda d: d.one(("330100", "330113", "330203")),
    "number": Draw.distinct, "funding.instalment.number": lambda d: d.random.randint(-2, 6), "manager": Draw.home,
    "review.candidate.number": lambda d: d.one(("A-1", "A-2", d.text())),
    "pseudonym": lambda d: d.one(("p1", "p2", d.text())),
    "quota": lambda d: d.one(("ENTERPRISE", "ANY")), "digest": Draw.digest,
    "field": lambda d: d.one(("人工智能", "materials", "it's", d.text())),
    "invited": lambda d: d.some(d.unit), "partner_units": lambda d: d.some(d.unit), "ties": lambda d: d.some(d.unit),
    "spoken": lambda d: d.random.sample(_PARTIES, d.random.randint(0, 5)), "readers": lambda d: d.some(d.home),
    "entries": lambda d: d.some(lambda: d.reference("entry")),
    "planned": Draw.above_zero, "term_months": Draw.above_zero, "amount_fen": lambda d: max(d.amount(), 1),
    "ceiling_fen": lambda d: max(d.amount(), 1), "decided_fen": Draw.signed, "agreed_total_fen": Draw.signed,
    "review.candidate.total_fen": Draw.signed, "funding.decision.total_fen": Draw.signed,
    "funding.decision.cut_fen": Draw.signed, "funding.plan_item.total_fen": Draw.signed,
    "funding.plan_item.fiscal_fen": Draw.signed, "score_hundredths": lambda d: d.random.choice((0, 10_000, 8550)),
    "year": lambda d: d.one((2023, 2024, 2025, 2**31 - 1, -(2**31))), "place": lambda d: d.random.randint(-1, 3),
    "industry": lambda d: d.one(("39", "C13", "43", "44", "", "无")),
    "termination_ground": lambda d: d.one(("MAJOR_RISK", "CANNOT_CONTINUE", "STAGE_GOAL_MISSED")),
}  # fmt: skip
"""By `service.table.column` or by the column alone; every other column is drawn by its type."""

ID_OF: Mapping[str, str] = {
    "review.call": "entry", "funding.entry_term": "entry", "funding.candidate": "application",
    "funding.decision": "application",
}  # fmt: skip
"""Tables whose id is another record's; all others have ids of their own kind."""


def _when(held: bool, draw: Draw, make: Shape) -> object:
    return make(draw) if held else None


def _open_acceptance(draw: Draw) -> bool:
    taken = {row["project_id"] for row in draw.rows.get("acceptance", ()) if row["state"] != "CONCLUDED"}
    return draw.row["state"] != "CONCLUDED" and draw.row["project_id"] not in taken


def _acceptance(draw: Draw) -> Row:
    if _open_acceptance(draw):
        return draw.one(({"conclusion": None}, {"decision": None}, {"conclusion": None, "decision": None}))
    ends = draw.one(("ACCEPTED", "PARTIAL", "FAILED", "EXTENDED"))
    return {"state": "CONCLUDED", "conclusion": ends, "decision": draw.text()}


def _closed_call(draw: Draw) -> Row:
    closed = draw.row["state"] == "CLOSED"
    return {"count": _when(closed, draw, Draw.number), "digest": _when(closed, draw, Draw.digest)}


def _fiscal(draw: Draw) -> Row:
    return {"level": _when(draw.row["source"] == "FISCAL", draw, lambda d: d.one(_LEVELS))}


def _signed(draw: Draw) -> Row:
    return {key: draw.moment() for key in ("unit_signed_at", "leader_signed_at") if draw.row["state"] == "SIGNED"}


def _money(draw: Draw) -> Row:
    fiscal, total = sorted((draw.amount(), draw.amount()))
    return {"fiscal_fen": fiscal, "total_fen": total}


FIXES: Mapping[str, Callable[[Draw], Row]] = {
    "application.bar": lambda d: {"until": d.not_before(d.row["since"])},
    "application.application_stub": lambda d: {"closed_on": d.not_before(d.row["received_on"])},
    "bulletin.stub": lambda d: {"until": d.not_before(d.row["since"])},
    "oversight.sanction": lambda d: {"until": d.not_before(d.row["since"])},
    "application.call": _closed_call,
    "application.application": lambda d: {
        "desk": _when(d.row["state"] == "SUBMITTED", d, lambda each: each.one(HOMES))
    },
    "application.budget_line": _fiscal, "bulletin.contribution": _fiscal, "funding.project": _money,
    "oversight.project": lambda d: {
        "termination_ground": _when(d.row["state"] == "TERMINATED", d, SHAPES["termination_ground"])
    },
    "oversight.pledge": _signed,
    "oversight.milestone": lambda d: {
        "cause": _when(d.row["state"] == "MISSED", d, lambda each: each.one(("LACK_OF_EFFORT", "OTHER")))
    },
    "oversight.acceptance": _acceptance,
}  # fmt: skip
"""Columns that a check ties to others of the row, drawn last."""
