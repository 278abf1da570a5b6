"""How PostgreSQL finds a page of entries among many: by an index that has the list's order."""

import asyncpg
import pytest
from sqlalchemy import event

from tests.support.bulletin_desk import Desk
from tests.support.people import who
from tests.support.stand import Stand

MANY = """
insert into entry (id, announced, tenant_path, sight, number, programme_id, title, highland, area, field, project_type,
  mechanism, mode, invited, open_to_all, urgent, agriculture, planned, deadline, state, drafters, created_at)
select gen_random_uuid(), 0, tenant_path, case n % 10 when 0 then '{service,330000}' else '{service,330000,everyone}'
  end::text[], 'T-' || n, programme_id, title, highland, area, 'F-' || n % 50, project_type, mechanism, mode, invited,
  false, false, false, 1, deadline, case n % 10 when 0 then 'DRAFT' else 'CLOSED' end, drafters,
  created_at - n * interval '1 minute'
from entry, generate_series(1, 5000) n
"""


@pytest.mark.parametrize("reader", ["chengyu", "hangzhou-officer", "province-officer"])
@pytest.mark.parametrize(
    ("wanted", "index"),
    [
        ("(first: 20)", "entry_newest"),
        ("(state: PUBLISHED)", "entry_of_state"),
        ('(field: "F-7")', "entry_of_field"),
        ('(number: "T-7")', "entry_number_key"),
    ],
)
async def test_a_page_is_found_by_the_index_of_its_order(
    desk: Desk, stand: Stand, reader: str, wanted: str, index: str
) -> None:
    await desk.drafted()
    connection = await asyncpg.connect(stand.superuser)
    await connection.execute(MANY)
    await connection.execute("analyze entry")
    await connection.close()
    asked: list[tuple[str, tuple[object, ...]]] = []
    engine = stand.service.database.engine.sync_engine
    event.listen(engine, "before_cursor_execute", lambda *at: asked.append((at[2], at[3])))
    await stand.ask(reader, f"{{ entries{wanted} {{ edges {{ node {{ id }} }} }} }}")
    [(statement, parameters)] = [each for each in asked if "FROM entry" in each[0]]
    async with stand.service.database.reading(who(reader)) as session:
        plan = await (await session.connection()).exec_driver_sql(f"explain {statement}", parameters)
    lines = [row[0] for row in plan]
    assert any(index in line for line in lines), lines
    assert not any("Seq Scan on entry" in line for line in lines), lines
