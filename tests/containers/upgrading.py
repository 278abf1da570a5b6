"""The scene of an upgrade: one service goes to the next version and back while people work, and nobody notices."""

import asyncio
import sys
from collections import Counter

from tests.containers.stage import compose, on_stage, play, psql
from tests.faults.containers.history import Answer

SERVICE = "application"
COLUMN = "select submissions is not null, count(*) from application where title like 'load-%' group by 1 order by 1"
FIELD = """
select payload::jsonb ? 'submissions', count(*) from outbox
where type = 'jiebang.application.application-submitted.v1' and payload->>'title' like 'load-%' group by 1 order by 1
"""
NEW_ROWS, OLD_ROWS = "t|", "f|"


async def scene(version: str) -> dict[str, object]:
    async with on_stage() as at:
        load, flows = at.load, dict(at.flows)
        del flows["experts are registered"]  # to register one again changes nothing, so it could not be counted
        async with load.running(flows):
            await asyncio.sleep(5)
            began = load.now
            there, _ = await compose("upgrade", SERVICE, JIEBANG_VERSION=version)
            await asyncio.sleep(5)
            back, _ = await compose("upgrade", SERVICE)
            await asyncio.sleep(5)
            during = [each for each in load.history if each.ended > began]
            await load.pause()
        assert not load.ended, load.ended
        await at.judged()
        answers = Counter(each.answer for each in during)
        unclear = [f"{each.kind} {each.key} at {each.began - began:.1f} s: {each.said}"
                   for each in during if each.answer is Answer.UNCLEAR]  # fmt: skip
        for name, said in (("column", psql(SERVICE, COLUMN)), ("field", psql(SERVICE, FIELD))):
            assert {line[:2] for line in said.splitlines()} == {OLD_ROWS, NEW_ROWS}, f"{name}: {said}"
        assert psql(SERVICE, "select version_num from alembic_version") == "0002"
        return {
            "upgrade seconds": there, "way back seconds": back, "acknowledged": answers[Answer.ACKNOWLEDGED],
            "refused": answers[Answer.REFUSED], "unclear": unclear, "slowest": max(c.ended - c.began for c in during),
            "column": psql(SERVICE, COLUMN).split(), "field": psql(SERVICE, FIELD).split(),
        }  # fmt: skip


if __name__ == "__main__":
    play(scene(sys.argv[1]))
