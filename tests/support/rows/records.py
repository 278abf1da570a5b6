"""What the chassis keeps beside records: verdicts, waivers and the trail, about most of them and about none."""

import json
from uuid import UUID

import asyncpg

from chassis.trail import Entry, link
from tests.support.rows.values import Draw, Row, shared

_SCOPE = "${}::text::ltree, ${}::text[]::ltree[], ${}, ${}"
_VERDICT = f"""
insert into verdict (aggregate_id, action, refused, edition, judged_on, at, inputs, findings,
  tenant_path, linked_paths, owner, sight)
values ($1, $2, $3, $4, $5, $6, $7, $8, {_SCOPE.format(9, 10, 11, 12)})
"""
_WAIVER = f"""
insert into waiver (id, aggregate_id, requirement, reason, document, approver, approver_role, shortfall_seen, at,
  tenant_path, linked_paths, owner, sight)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, {_SCOPE.format(10, 11, 12, 13)})
"""
_HEAD = "insert into trail_head (aggregate_id, sequence, digest) values ($1, $2, $3)"
_ENTRY = f"""
insert into trail (aggregate_id, sequence, entry, digest, tenant_path, linked_paths, owner, sight)
values ($1, $2, $3, $4, {_SCOPE.format(5, 6, 7, 8)})
"""


async def keep(connection: "asyncpg.Connection[asyncpg.Record]", draw: Draw) -> None:
    """Records about the ids of all scoped tables, in the caller's transaction."""
    found = {row["id"] for rows in draw.rows.values() for row in rows if "sight" in row and "id" in row}
    about = [*sorted(id for id in found if isinstance(id, UUID)), shared("nothing", 0)]
    for id in about:
        for _ in range(draw.random.choice((0, 0, 1, 3))):
            await connection.execute(_VERDICT, *_verdict(id, draw))
        for _ in range(draw.random.choice((0, 0, 0, 2))):
            at, words = draw.moment(), [draw.text() for _ in range(5)]
            await connection.execute(_WAIVER, draw.id(), id, *words, draw.amount(), at, *draw.scope().values())
        digest, sequence = b"", 0
        for sequence in range(1, draw.random.choice((0, 0, 1, 3)) + 1):
            said = _entry(id, draw).canonical()
            digest = link(digest, id, sequence, said)
            await connection.execute(_ENTRY, id, sequence, said, digest, *draw.scope().values())
        if sequence:
            await connection.execute(_HEAD, id, sequence, digest)


def _verdict(id: UUID, draw: Draw) -> list[object]:
    about = None if draw.chance(0.05) else id
    said = json.dumps([_finding(draw) for _ in range(draw.random.randint(0, 2))], ensure_ascii=False)
    return [about, draw.text(), draw.chance(0.3), draw.text(), draw.day(), draw.moment(), "{}", said,
            *draw.scope().values()]  # fmt: skip


def _finding(draw: Draw) -> Row:
    """A finding as `chassis.policy.words.Said` is kept."""
    words, flags = [{"zh": draw.text(), "en": draw.text()} for _ in range(2)], [draw.chance(0.5) for _ in range(3)]
    figures = draw.one((("7530000.00", "7490000.00"), (None, None), ("", "12.50%")))
    return {
        "requirement": draw.text(), "article": draw.number(),
        "strength": draw.one(("must", "principle", "may", "aim")), "message": words[0], "way_forward": words[1],
        "required": figures[0], "found": figures[1], "met": flags[0], "waivable": flags[1], "waived": flags[2],
    }  # fmt: skip


def _entry(id: UUID, draw: Draw) -> Entry:
    content: Row = {draw.text(): draw.text(), "fen": draw.signed(), "list": draw.some(draw.number), "share": 0.5}
    if draw.chance(0.5):
        content |= {"large": 2**63 - 1, "none": None, "within": {"z": [True, {}], "a": []}}
    return Entry(id, draw.moment(), draw.person(), draw.text(), content)
