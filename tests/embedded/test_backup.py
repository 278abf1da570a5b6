"""The scripts of PostgreSQL's image on a cluster that is lost again and again."""

import asyncio
import fcntl
import shutil
import signal
from collections.abc import Iterator
from pathlib import Path

import asyncpg
import pytest

from chassis import bootstrap
from chassis.bootstrap import database_url
from tests.support.archived import Archived, home

DATABASE, SERVICE = "lab", "lab"


@pytest.fixture(scope="module")
def pattern() -> Iterator[Path]:
    """The data of a cluster with one service's database: copying them is quicker than making them anew."""
    with home() as folder:
        made = Archived(folder)
        made.start()
        asyncio.run(bootstrap.create(made.url, SERVICE))
        made.stop()
        yield made.data


@pytest.fixture
def archived(pattern: Path) -> Iterator[Archived]:
    """A cluster that runs, with one service's database and no backup."""
    with home() as folder:
        made = Archived(folder)
        shutil.copytree(pattern, made.data)
        made.start()
        yield made
        made.stop()


async def do(archived: Archived, *statements: str) -> object:
    """What the last statement says."""
    connection = await asyncpg.connect(database_url(archived.url, DATABASE))
    try:
        return [await connection.fetchval(statement) for statement in statements][-1]
    finally:
        await connection.close()


async def write(archived: Archived, word: str) -> str:
    """Keep a word; the moment after that, by the server's clock."""
    await do(archived, "create table if not exists said (word text)", f"insert into said values ('{word}')")
    return str(await do(archived, "select clock_timestamp()"))


async def said(archived: Archived) -> object:
    """The words that are there."""
    return await do(archived, "select string_agg(word, ' ' order by ctid) from said")


async def archive(archived: Archived) -> str:
    """Everything up to here is in the archive; its last segment."""
    end = "select pg_walfile_name(pg_switch_wal())"
    segment = str(await do(archived, "select pg_logical_emit_message(true, '', '')", end))
    async with asyncio.timeout(20):
        while not (archived.backups / "wal" / f"{segment}.gz").exists():  # noqa: ASYNC110
            await asyncio.sleep(0.05)
    return segment


async def test_a_lost_cluster_comes_back_as_late_as_the_archive_goes(archived: Archived) -> None:
    await write(archived, "before")
    name = archived.backup()
    await write(archived, "after")
    await archive(archived)
    await write(archived, "lost")
    archived.lose()
    assert archived.restore().startswith(f"restore: the backup {name}, and the log behind it up to 20")
    archived.start()
    assert await said(archived) == "before after"


async def test_a_restored_database_is_closed_to_its_service_and_nobody_else(archived: Archived) -> None:
    archived.backup()
    archived.stop()
    archived.restore()
    archived.start()
    with pytest.raises(asyncpg.TooManyConnectionsError):
        await asyncpg.connect(database_url(archived.url, DATABASE, SERVICE))
    await do(archived, "select 1")


async def test_a_backup_is_whole_without_the_archive(archived: Archived) -> None:
    await write(archived, "before")
    archived.backup()
    archived.lose()
    shutil.rmtree(archived.backups / "wal")
    archived.restore()
    archived.start()
    assert await said(archived) == "before"


async def test_any_moment_behind_a_backup_can_be_had_again_and_again(archived: Archived) -> None:
    archived.backup()
    one, two, _ = [await write(archived, word) for word in ("one", "two", "three")]
    await archive(archived)
    for moment, expected in ((two, "one two"), (one, "one"), (two, "one")):
        archived.stop()
        archived.restore(moment)
        archived.start()
        assert await said(archived) == expected  # at last: what a restore has undone is another line of history
    await write(archived, "more")
    await archive(archived)
    archived.lose()
    archived.restore()
    archived.start()
    assert await said(archived) == "one more"


async def test_what_was_there_is_kept_beside_it(archived: Archived) -> None:
    archived.backup()
    await write(archived, "after")
    archived.stop(signal.SIGQUIT)
    archived.restore()
    archived.start()
    assert await do(archived, "select to_regclass('said')") is None
    archived.stop()
    shutil.rmtree(archived.data)
    (archived.home / "data.before").rename(archived.data)
    archived.start()
    assert await said(archived) == "after"


async def test_older_backups_go_and_the_log_that_only_they_needed(archived: Archived) -> None:
    await archive(archived)
    oldest = archived.backup(BACKUPS_KEPT="2")
    first = await archive(archived)
    middle = archived.backup(BACKUPS_KEPT="2")
    between = await write(archived, "between")
    newest = archived.backup(BACKUPS_KEPT="2")
    await archive(archived)
    assert oldest < middle < newest
    assert sorted(path.name for path in (archived.backups / "base").iterdir()) == [middle, newest]
    kept = {path.name.partition(".")[0] for path in (archived.backups / "wal").iterdir()}
    assert first not in kept and len(kept) >= 2
    archived.lose()
    assert middle in archived.restore(between)
    archived.start()
    assert await said(archived) == "between"


async def test_a_restore_that_cannot_be_right_is_one_line_and_changes_nothing(archived: Archived) -> None:
    assert "no backup" in archived.refusal("restore")
    early = await write(archived, "early")
    name = archived.backup()
    kept: list[str] = []
    for word in ("one", "two", "three"):
        await write(archived, word)
        kept.append(await archive(archived))
    archived.stop()
    wal = [archived.backups / "wal" / f"{segment}.gz" for segment in kept]

    assert "offset" in archived.refusal("restore", "2026-03-01 12:00")
    assert "no moment" in archived.refusal("restore", "yesterday or so +08:00")
    assert "complete by then" in archived.refusal("restore", early)
    assert "leave the moment out" in archived.refusal("restore", "2999-01-01 00:00+00:00")

    whole = wal[1].read_bytes()
    wal[1].write_bytes(whole[:1000])
    assert f"{wal[1]} is damaged" in archived.refusal("restore")
    wal[1].unlink()
    assert f"{wal[1]} is missing, and later ones are there" in archived.refusal("restore")
    wal[1].write_bytes(whole)

    base = archived.backups / "base" / name / "base.tar.gz"
    content = bytearray(base.read_bytes())
    content[len(content) // 2] ^= 1
    base.write_bytes(content)
    done = archived.run("restore")
    assert done.returncode and done.stderr.splitlines()[-1] == f"restore: the backup {name} is damaged"
    archived.start()
    assert await said(archived) == "early one two three"


async def test_another_cluster_adds_nothing_to_a_cluster_s_backups(archived: Archived) -> None:
    await write(archived, "first")
    name = archived.backup()
    await archive(archived)
    before = {path: path.read_bytes() for path in archived.backups.rglob("*") if path.is_file()}
    archived.lose()
    archived.start()  # whoever loses the data and starts gets an empty cluster
    await bootstrap.create(archived.url, SERVICE)
    await do(archived, "select pg_switch_wal()")
    assert "names another cluster" in archived.refusal("backup")
    async with asyncio.timeout(20):
        while "names another cluster" not in (archived.home / "log").read_text():  # noqa: ASYNC110
            await asyncio.sleep(0.1)
    failing = "select last_failed_time > coalesce(last_archived_time, '-infinity') from pg_stat_archiver"
    assert await do(archived, failing) is True
    assert {path: path.read_bytes() for path in archived.backups.rglob("*") if path.is_file()} == before
    archived.stop(signal.SIGQUIT)
    assert name in archived.restore()
    archived.start()
    assert await said(archived) == "first"


async def test_a_segment_is_archived_once_and_never_written_over(archived: Archived) -> None:
    segment = await archive(archived)
    kept = archived.backups / "wal" / f"{segment}.gz"
    before, (live,) = kept.read_bytes(), archived.data.glob(f"pg_wal/{segment}")
    again = ["archive", str(live), segment]
    assert archived.run(*again).returncode == 0 and kept.read_bytes() == before
    other = archived.home / "other"
    other.write_bytes(b"other")
    assert "is there and is another" in archived.refusal("archive", str(other), segment)
    assert kept.read_bytes() == before


async def test_one_backup_at_a_time_and_a_number_of_them_that_makes_sense(archived: Archived) -> None:
    archived.backup()
    with (archived.backups / "lock").open() as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        assert archived.refusal("backup") == "backup: another backup is under way"
    for kept in ("0", "x", "-1"):
        assert "BACKUPS_KEPT" in archived.refusal("backup", BACKUPS_KEPT=kept)


async def test_nothing_is_restored_under_a_server_that_runs(archived: Archived) -> None:
    archived.backup()
    with (archived.home / "lock").open("a") as lock:  # the server's, in its container
        fcntl.flock(lock, fcntl.LOCK_EX)
        assert archived.refusal("restore") == "restore: a server runs on these data: stop it first"
