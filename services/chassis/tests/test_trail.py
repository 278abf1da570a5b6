"""The trail is chained and signed (X1): whatever the superuser does to it afterwards is found."""

from datetime import timedelta
from uuid import UUID

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import text

from chassis.checkpoint import check, take, verify
from tests.support.lab.made import COUNTY, NOW, Bench, officer
from tests.support.lab.model import rename, write

pytestmark = pytest.mark.requirement("X1")
KEY, FORGER = Ed25519PrivateKey.generate(), Ed25519PrivateKey.generate()
WHO = officer(COUNTY)


async def told(bench: Bench, *, checkpoint: bool = True) -> list[UUID]:
    """Three records with three entries each, under a signed checkpoint; sorted by id."""
    ids = []
    for number in range(3):
        async with bench.database.writing(WHO, now=NOW) as tx:
            ids.append((await write(tx, f"note {number}")).id)
        for title in ("second", "第三"):
            async with bench.database.writing(WHO, now=NOW) as tx:
                await rename(tx, ids[-1], title)
    if checkpoint:
        await sign(bench)
    return sorted(ids)


async def sign(bench: Bench, key: Ed25519PrivateKey = KEY, *, days: int = 0) -> int:
    """Take a checkpoint, as the job with its own role does."""
    engine = bench.as_superuser()
    async with engine.begin() as connection:
        number = await take(connection, key, at=NOW + timedelta(days=days, microseconds=1))
    await engine.dispose()
    return number


async def problems(bench: Bench, *, known: int = 0) -> list[tuple[str, UUID | int, int | None]]:
    engine = bench.as_superuser()
    async with engine.connect() as connection:
        found = [p async for p in verify(connection, KEY.public_key(), checkpoints_known=known)]
    await engine.dispose()
    return [(p.kind, p.where, p.sequence) for p in found]


async def test_an_untouched_trail_is_whole_also_as_it_grows(bench: Bench) -> None:
    assert await problems(bench) == []
    await told(bench)
    assert await problems(bench, known=1) == []
    await told(bench, checkpoint=False)
    assert await problems(bench, known=1) == []
    assert [await sign(bench, days=1), await sign(bench, days=2)] == [2, 3]
    assert await problems(bench, known=3) == []


async def test_several_entries_of_one_transaction_are_chained_in_the_order_they_were_made(bench: Bench) -> None:
    async with bench.database.writing(WHO, now=NOW) as tx:
        notes = [await write(tx, "a"), await write(tx, "b")]
        for note in notes * 2:
            await rename(tx, note.id, "c")
    await sign(bench)
    assert await problems(bench, known=1) == []
    async with bench.database.reading(WHO) as session:
        rows = await session.execute(text("select sequence, entry from trail where aggregate_id = :id order by 1"),
                                     {"id": notes[0].id})  # fmt: skip
        assert [(row.sequence, "renamed" in row.entry) for row in rows] == [(1, False), (2, True), (3, True)]


@pytest.mark.parametrize("change", ["replace(entry, 'second', 'secund')", "entry || ' '"])
async def test_a_changed_entry_is_found(bench: Bench, change: str) -> None:
    [id, *_] = await told(bench)
    await bench.tamper(f"update trail set entry = {change} where aggregate_id = '{id}' and sequence = 2")
    assert await problems(bench, known=1) == [("altered", id, 2)]


async def test_an_entry_changed_together_with_its_digest_is_found_by_the_next_one(bench: Bench) -> None:
    [id, *_] = await told(bench)
    await bench.tamper(
        f"update trail set entry = 'x', digest = sha256(previous.digest || uuid_send(trail.aggregate_id) "
        f"|| int8send(2) || 'x'::bytea) from trail previous where previous.aggregate_id = trail.aggregate_id "
        f"and previous.sequence = 1 and trail.sequence = 2 and trail.aggregate_id = '{id}'"
    )
    assert await problems(bench, known=1) == [("altered", id, 3)]


async def test_a_whole_chain_rewritten_with_good_digests_is_found_by_the_checkpoint(bench: Bench) -> None:
    [id, *_] = await told(bench)
    await bench.tamper(
        f"update trail set entry = 'x', digest = sha256(previous.digest || uuid_send(trail.aggregate_id) "
        f"|| int8send(3) || 'x'::bytea) from trail previous where previous.aggregate_id = trail.aggregate_id "
        f"and previous.sequence = 2 and trail.sequence = 3 and trail.aggregate_id = '{id}'",
        "update trail_head set digest = trail.digest from trail where trail.aggregate_id = trail_head.aggregate_id "
        "and trail.sequence = trail_head.sequence",
    )
    assert await problems(bench, known=1) == [("rewritten", id, 3)]


@pytest.mark.parametrize("sequence", [1, 2])
async def test_a_removed_entry_is_found(bench: Bench, sequence: int) -> None:
    [id, *_] = await told(bench)
    await bench.tamper(f"delete from trail where aggregate_id = '{id}' and sequence = {sequence}")
    assert ("missing", id, sequence) in await problems(bench, known=1)


async def test_entries_in_another_order_are_found(bench: Bench) -> None:
    [id, *_] = await told(bench)
    this = f"aggregate_id = '{id}' and sequence"
    await bench.tamper(
        f"update trail set sequence = 99 where {this} = 1", f"update trail set sequence = 1 where {this} = 2",
        f"update trail set sequence = 2 where {this} = 99",
    )  # fmt: skip
    assert ("altered", id, 1) in await problems(bench, known=1)


async def test_an_entry_moved_to_another_record_is_found(bench: Bench) -> None:
    [first, second, _] = await told(bench)
    await bench.tamper(
        f"delete from trail where aggregate_id = '{first}' and sequence = 3",
        f"update trail set aggregate_id = '{first}' where aggregate_id = '{second}' and sequence = 3",
    )
    found = await problems(bench, known=1)
    assert ("altered", first, 3) in found and ("cut off", second, 3) in found


async def test_a_cut_off_end_is_found_by_the_checkpoint_even_with_the_head_set_back(bench: Bench) -> None:
    [id, *_] = await told(bench)
    await cut(bench, id)
    assert await problems(bench, known=1) == [("cut off", id, 3)]


async def test_a_cut_off_end_that_no_checkpoint_has_seen_is_found_by_the_head(bench: Bench) -> None:
    [id, *_] = await told(bench, checkpoint=False)
    await bench.tamper(f"delete from trail where aggregate_id = '{id}' and sequence = 3")
    assert await problems(bench) == [("head astray", id, 3)]


async def test_a_record_whose_whole_trail_is_gone_is_found(bench: Bench) -> None:
    [id, *_] = await told(bench)
    await bench.tamper(
        f"delete from trail where aggregate_id = '{id}'", f"delete from trail_head where aggregate_id = '{id}'"
    )
    assert await problems(bench, known=1) == [("cut off", id, 3)]


async def test_a_head_that_claims_to_be_signed_is_found(bench: Bench) -> None:
    """Else a chain could be kept out of every checkpoint to come, and cut afterwards."""
    [id, *_] = await told(bench, checkpoint=False)
    await bench.tamper(f"update trail_head set checkpointed = 3 where aggregate_id = '{id}'")
    await sign(bench)
    assert await problems(bench, known=1) == [("head astray", id, 3)]


async def cut(bench: Bench, id: UUID) -> None:
    """Cut a chain's end as an insider would: the head goes along."""
    await bench.tamper(
        f"delete from trail where aggregate_id = '{id}' and sequence = 3",
        f"update trail_head set sequence = 2, checkpointed = 2, digest = trail.digest from trail where "
        f"trail.aggregate_id = trail_head.aggregate_id and trail.sequence = 2 and trail.aggregate_id = '{id}'",
        f"update trail_head set checkpointed = 3 where aggregate_id = '{id}'",
    )


async def test_a_cut_hidden_in_a_forged_checkpoint_is_found(bench: Bench) -> None:
    [id, *_] = await told(bench)
    await cut(bench, id)
    await bench.tamper(
        "delete from trail_leaf", "delete from trail_checkpoint", "update trail_head set checkpointed = 0"
    )
    await sign(bench, FORGER)
    assert await problems(bench, known=1) == [("checkpoint forged", 1, None)]


async def test_a_leaf_changed_after_signing_is_found(bench: Bench) -> None:
    [id, *_] = await told(bench)
    await cut(bench, id)
    await bench.tamper(
        f"update trail_leaf set sequence = 2, digest = trail.digest from trail where trail.aggregate_id = "
        f"trail_leaf.aggregate_id and trail.sequence = 2 and trail.aggregate_id = '{id}'"
    )
    assert ("checkpoint altered", 1, None) in await problems(bench, known=1)


async def test_a_checkpoint_removed_from_the_middle_or_the_end_is_found(bench: Bench) -> None:
    for days in range(3):
        await told(bench, checkpoint=False)
        await sign(bench, days=days)
    gone = "delete from trail_leaf where checkpoint = {0}", "delete from trail_checkpoint where number = {0}"
    await bench.tamper(*(statement.format(3) for statement in gone))
    assert ("checkpoint missing", 3, None) in await problems(bench, known=3)
    await bench.tamper(*(statement.format(1) for statement in gone))
    assert ("checkpoint missing", 1, None) in await problems(bench, known=3)


async def test_a_checkpoint_dated_back_is_found(bench: Bench) -> None:
    await told(bench)
    await bench.tamper("update trail_checkpoint set taken_at = taken_at - interval '1 microsecond'")
    assert await problems(bench, known=1) == [("checkpoint forged", 1, None)]


async def test_whoever_has_no_key_learns_everything_but_who_signed(
    bench: Bench, cluster: str, capsys: pytest.CaptureFixture[str]
) -> None:
    ids = await told(bench, checkpoint=False)
    await sign(bench, FORGER)
    assert await problems(bench) == [("checkpoint forged", 1, None)]
    assert await check(cluster, ["lab"])
    assert capsys.readouterr().out == "lab: 9 entries, whole\n"
    await bench.tamper(f"delete from trail where aggregate_id = '{ids[1]}' and sequence = 2")
    assert not await check(cluster, ["lab"])
    assert capsys.readouterr().out == f"lab: 8 entries, not whole\nlab: missing: {ids[1]} 2\n"
