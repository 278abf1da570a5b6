"""Making databases: again is harmless, and one that was left half made is finished."""

import asyncpg

from chassis import bootstrap
from chassis.bootstrap import database_url
from chassis.migrations import owner_of

NAME = "half"


async def test_a_half_made_database_is_finished_the_next_time(cluster: str) -> None:
    superuser = await asyncpg.connect(cluster)
    await superuser.execute(f"create role {owner_of(NAME)} login")
    await superuser.execute(f"create database {NAME} owner {owner_of(NAME)}")  # and then the lights went out
    await superuser.close()
    for _ in range(2):
        await bootstrap.create(cluster, NAME)
    inside = await asyncpg.connect(database_url(cluster, NAME, NAME))
    found = await inside.fetchrow(
        "select current_setting('plan_cache_mode') as plans, has_database_privilege('public', current_database(), "
        "'connect') as open, (select nspowner::regrole::text from pg_namespace where nspname = 'public') as owner, "
        "exists (select from pg_extension where extname = 'ltree') as ltree, "
        "has_schema_privilege('public', 'create') as makes"
    )
    await inside.close()
    assert found and tuple(found) == ("force_custom_plan", False, owner_of(NAME), True, False)
