"""Making databases: again is harmless, at once too, and one that was left half made is finished."""

import asyncio
import os
import signal
import sys
from pathlib import Path

import asyncpg
import pytest

from chassis import bootstrap
from chassis.bootstrap import ONE_AT_A_TIME, database_url, scram
from chassis.contracts import SERVICES
from chassis.migrations import owner_of
from tests.support.cluster import cluster as fresh_cluster

NAME = "half"
MOMENTS = {
    "the first role is made": "select exists (select from pg_roles where rolname = 'bulletin')",
    "the second database is made": "select exists (select from pg_database where datname = 'application')",
    "the third is migrated": "select exists (select from pg_stat_activity where datname = 'review')",
}
SHAPE = """
select current_setting('plan_cache_mode') as plans,
  has_database_privilege('public', current_database(), 'connect') as open,
  (select nspowner::regrole::text from pg_namespace where nspname = 'public') as owner,
  exists (select from pg_extension where extname = 'ltree') as ltree, has_schema_privilege('public', 'create') as makes
"""


async def test_a_half_made_database_is_finished_the_next_time(cluster: str) -> None:
    superuser = await asyncpg.connect(cluster)
    await superuser.execute(f"create role {owner_of(NAME)} login")
    await superuser.execute(f"create database {NAME} owner {owner_of(NAME)}")  # and then the lights went out
    for _ in range(2):
        await bootstrap.create(cluster, NAME)
    logins = await superuser.fetch("select rolname, rolcanlogin from pg_roles where rolname like 'half%' order by 1")
    await superuser.close()
    assert [tuple(row) for row in logins] == [(NAME, True), (owner_of(NAME), False), (f"{NAME}_relay", True)]
    inside = await asyncpg.connect(database_url(cluster, NAME, NAME))
    found = await inside.fetchrow(SHAPE)
    await inside.close()
    assert found and tuple(found) == ("force_custom_plan", False, owner_of(NAME), True, False)


async def test_a_password_is_stored_so_that_it_opens_and_the_next_one_replaces_it(cluster: str) -> None:
    await bootstrap.create(cluster, "kept")
    superuser = await asyncpg.connect(cluster)
    stored = dict[str, str]()
    for word in ("p@ss/w%rd:#1", "another"):
        await bootstrap.create(cluster, "kept", {"kept": word})
        stored[word] = await superuser.fetchval("select rolpassword from pg_authid where rolname = 'kept'")
    await bootstrap.create(cluster, "kept")  # without a password: as it was
    again, relay = [
        await superuser.fetchval("select rolpassword from pg_authid where rolname = $1", role)
        for role in ("kept", "kept_relay")
    ]
    made_there = await superuser.fetchval("select rolpassword from pg_authid where rolname = 'kept'")
    await superuser.close()
    first, second = stored.values()
    assert first != second == again == made_there and relay is None
    assert "p@ss" not in first and first.startswith("SCRAM-SHA-256$4096:")


def ask_for_passwords(rules: Path) -> None:
    """Of everybody but the superuser."""
    before = rules.read_text()
    rules.write_text("host all postgres 127.0.0.1/32 trust\nhost all all 127.0.0.1/32 scram-sha-256\n" + before)


async def test_a_stored_password_opens_a_cluster_that_asks_for_one() -> None:
    with fresh_cluster() as trusting:
        await bootstrap.create(trusting, "kept", {"kept": "p@ss/w%rd:#1", "kept_relay": "other"})
        superuser = await asyncpg.connect(trusting)
        ask_for_passwords(Path(await superuser.fetchval("show hba_file")))
        await superuser.execute("select pg_reload_conf()")
        await superuser.close()
        await asyncio.sleep(0.2)  # until the server has read it
        url = database_url(trusting, "kept", "kept")
        right = await asyncpg.connect(url, password="p@ss/w%rd:#1")
        assert await right.fetchval("select current_user") == "kept"
        await right.close()
        for wrong in ("other", ""):
            with pytest.raises(asyncpg.InvalidPasswordError):
                await asyncpg.connect(url, password=wrong)
        with pytest.raises(asyncpg.PostgresError):  # nobody logs in as the owner
            await asyncpg.connect(database_url(trusting, "kept", owner_of("kept")), password="")


def test_the_same_word_is_never_stored_alike() -> None:
    assert scram("word") != scram("word")


async def started(cluster: str, *services: str) -> asyncio.subprocess.Process:
    """`python -m chassis.bootstrap`, in a process of its own."""
    environment = {**os.environ, "JIEBANG_CLUSTER": cluster, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    return await asyncio.create_subprocess_exec(
        sys.executable, "-m", "chassis.bootstrap", *services, env=environment, stderr=asyncio.subprocess.PIPE
    )


async def ended(process: asyncio.subprocess.Process) -> tuple[int | None, str]:
    """Its exit code and what it complained about."""
    _, said = await process.communicate()
    return process.returncode, said.decode()


async def revisions(cluster: str) -> dict[str, list[str]]:
    """Service -> what its database says it has been migrated to."""
    found = dict[str, list[str]]()
    for service in SERVICES:
        inside = await asyncpg.connect(database_url(cluster, service))
        found[service] = [row[0] for row in await inside.fetch("select version_num from alembic_version")]
        await inside.close()
    return found


async def test_two_at_once_make_one_schema() -> None:
    with fresh_cluster() as empty:
        both = [await started(empty, *SERVICES) for _ in range(2)]
        assert [await ended(process) for process in both] == [(0, ""), (0, "")]
        assert all(len(found) == 1 for found in (await revisions(empty)).values())


@pytest.mark.parametrize("moment", MOMENTS)
async def test_one_that_is_killed_half_way_is_finished_by_the_next(moment: str) -> None:
    with fresh_cluster() as empty:
        superuser = await asyncpg.connect(empty)
        killed = await started(empty, *SERVICES)
        async with asyncio.timeout(30):
            while not await superuser.fetchval(MOMENTS[moment]):  # noqa: ASYNC110
                await asyncio.sleep(0.005)
        killed.send_signal(signal.SIGKILL)
        next_one = await started(empty, *SERVICES)
        assert (await ended(killed))[0] == -signal.SIGKILL  # it was at work
        assert await ended(next_one) == (0, "")
        assert all(len(found) == 1 for found in (await revisions(empty)).values())
        await superuser.close()


async def test_a_schema_that_a_later_version_made_stays_as_it_is() -> None:
    with fresh_cluster() as url:
        await bootstrap.make(url, ["review"], {})
        inside = await asyncpg.connect(database_url(url, "review"))
        await inside.execute("update alembic_version set version_num = '9999'")
        await inside.execute("alter table expert add column since date")
        await bootstrap.make(url, ["review"], {})
        assert await inside.fetchval("select version_num from alembic_version") == "9999"
        await inside.close()


async def test_one_waits_for_the_other_and_not_for_ever(cluster: str) -> None:
    holder = await asyncpg.connect(cluster)
    await holder.execute(ONE_AT_A_TIME)
    waiting = asyncio.create_task(bootstrap.make(cluster, ["waits"], {}))
    await asyncio.sleep(0.5)
    assert not await holder.fetchval("select exists (select from pg_database where datname = 'waits')")
    waiting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await waiting
    await holder.close()


async def test_a_cluster_that_is_not_there_is_one_line() -> None:
    code, said = await ended(await started("postgresql://postgres@127.0.0.1:1/postgres", "bulletin"))
    assert code == 1
    assert said.startswith("the databases could not be made: ") and said.count("\n") == 1


async def test_a_cluster_that_is_not_named_is_one_line() -> None:
    code, said = await ended(await started("", "bulletin"))
    assert code == 78
    assert said.startswith("JIEBANG_CLUSTER is missing: ") and said.count("\n") == 1
