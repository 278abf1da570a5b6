"""Row-level security on a real database (X2): closed by default, links widen sight only, parts follow their whole."""

from uuid import UUID, uuid4

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from chassis.database import NotVisible
from chassis.identity import VISITOR, Principal, Role, unit_label
from tests.support.lab.made import CITY, COUNTY, NEXT_COUNTY, NOW, OTHER_CITY, PROVINCE, Bench, applicant, officer
from tests.support.lab.model import Note, Page, rename, write

pytestmark = pytest.mark.requirement("X2")
LINK = OTHER_CITY
LABELS_OF_NOBODY = ["", "{}", "{990000}", "'", "99", "9900", "990000.", "990000.9901", "NULL", "%", "*", "service "]


async def shared(bench: Bench, *readers: str) -> UUID:
    """A county's note that another city is linked to."""
    async with bench.database.writing(officer(COUNTY), now=NOW) as tx:
        note = await write(tx, "shared", *readers)
        note.linked_paths = [LINK]
        note.open_along_the_line()
    return note.id


async def of_unit(bench: Bench, unit: str) -> UUID:
    """A draft that only its unit sees."""
    async with bench.database.writing(applicant(unit), now=NOW) as tx:
        note = Note(title="draft", tenant_path=COUNTY, owner=unit_label(unit)).open_to(unit_label(unit))
        await tx.add(note)
    return note.id


async def test_the_home_the_links_and_everything_above_them_see_the_row(bench: Bench) -> None:
    await shared(bench)
    tenants = [PROVINCE, CITY, COUNTY, LINK]
    assert [await bench.count(officer(tenant)) for tenant in tenants] == [1] * 4


async def test_siblings_and_what_lies_below_a_link_see_nothing(bench: Bench) -> None:
    await shared(bench)
    for tenant in (NEXT_COUNTY, f"{LINK}.990201", f"{COUNTY}.park", "980000"):
        assert await bench.count(officer(tenant)) == 0, tenant


@pytest.mark.parametrize("label", LABELS_OF_NOBODY)
async def test_a_tenant_that_only_looks_like_one_sees_nothing(bench: Bench, label: str) -> None:
    await shared(bench)
    assert await bench.count(officer(label)) == 0


async def test_a_comma_in_a_row_label_is_refused_before_it_is_written(bench: Bench) -> None:
    for label in ("unit:a,990000", ",", ""):
        with pytest.raises(ValueError, match="comma"):
            Note(title="x", tenant_path=COUNTY).open_to(label)


async def test_an_applicant_and_an_expert_do_not_see_what_their_tenant_sees(bench: Bench) -> None:
    await shared(bench)
    expert = Principal("e", "e", frozenset({Role.EXPERT}), COUNTY)
    assert [await bench.count(who) for who in (applicant("U1"), expert, VISITOR)] == [0, 0, 0]


async def test_a_draft_is_seen_by_its_unit_only_and_the_published_by_everyone(bench: Bench) -> None:
    await of_unit(bench, "U1")
    others = (applicant("U2"), applicant("U"), officer(COUNTY), officer(PROVINCE), VISITOR)
    assert [await bench.count(who) for who in (applicant("U1"), *others)] == [1, 0, 0, 0, 0, 0]
    await shared(bench, "everyone")
    assert await bench.count(VISITOR) == 1


async def test_an_expert_sees_a_row_while_assigned(bench: Bench) -> None:
    await shared(bench, "expert:p-7")
    experts = [Principal(p, p, frozenset({Role.EXPERT}), OTHER_CITY) for p in ("p-7", "p-8", "p-")]
    assert [await bench.count(who) for who in experts] == [1, 0, 0]


async def test_without_labels_there_are_no_rows_also_after_some_were_set_on_the_same_connection(bench: Bench) -> None:
    await shared(bench)
    async with bench.database.engine.connect() as connection:
        for _ in range(2):
            assert await connection.scalar(text("select count(*) from note")) == 0
            await connection.execute(text("select set_config('app.readers', '990000', true)"))
            assert await connection.scalar(text("select count(*) from note")) == 1
            await connection.rollback()


@pytest.mark.parametrize("unset", ["", "{}", ",", ",,", " ", "''", "NULL"])
async def test_labels_that_are_empty_in_any_way_show_nothing(bench: Bench, unset: str) -> None:
    await shared(bench)
    async with bench.database.engine.begin() as connection:
        await connection.execute(text("select set_config('app.readers', :unset, true)"), {"unset": unset})
        for table in ("note", "outbox", "trail"):
            assert await connection.scalar(text(f"select count(*) from {table}")) == 0


async def test_a_linked_reader_sees_the_row_and_cannot_lock_or_change_it(bench: Bench) -> None:
    id = await shared(bench)
    with pytest.raises(NotVisible):
        async with bench.database.writing(officer(LINK), now=NOW) as tx:
            assert (await tx.seen(Note, id)).title == "shared"
            await rename(tx, id, "taken over")
    async with bench.database.writing(officer(LINK), now=NOW) as tx:
        changed = await tx.session.execute(text("update note set title = 'taken over' returning id"))
        assert changed.all() == []


@pytest.mark.parametrize("who", [officer(NEXT_COUNTY), officer("980000"), applicant("U1"), VISITOR, officer("")])
async def test_nobody_writes_a_row_outside_their_office(bench: Bench, who: Principal) -> None:
    with pytest.raises(DBAPIError, match="row-level security"):
        async with bench.database.writing(who, now=NOW) as tx:
            await tx.add(Note(title="x", tenant_path=COUNTY).open_to("everyone"))


async def test_a_row_cannot_be_moved_to_a_home_beyond_the_office(bench: Bench) -> None:
    id = await shared(bench)
    with pytest.raises(DBAPIError, match="row-level security"):
        async with bench.database.writing(officer(COUNTY), now=NOW) as tx:
            (await tx.locked(Note, id)).tenant_path = NEXT_COUNTY


async def test_an_auditor_reads_and_never_writes(bench: Bench) -> None:
    id = await shared(bench)
    auditor = officer(PROVINCE, role=Role.AUDITOR)
    assert await bench.count(auditor) == 1
    with pytest.raises(NotVisible):
        async with bench.database.writing(auditor, now=NOW) as tx:
            await tx.locked(Note, id)


async def test_a_unit_writes_what_it_owns_and_no_other_unit_does(bench: Bench) -> None:
    id = await of_unit(bench, "U1")
    async with bench.database.writing(applicant("U1"), now=NOW) as tx:
        await rename(tx, id, "second")
    with pytest.raises(NotVisible):
        async with bench.database.writing(applicant("U2"), now=NOW) as tx:
            await tx.locked(Note, id)


async def test_reading_cannot_write_and_cannot_make_itself_a_writer(bench: Bench) -> None:
    with pytest.raises(DBAPIError, match="read-only"):
        async with bench.database.reading(officer(COUNTY)) as session:
            await session.execute(text("update note set title = 'y'"))
    with pytest.raises(DBAPIError, match="read-write mode"):
        async with bench.database.reading(officer(COUNTY)) as session:
            await session.execute(text("set transaction read write"))


async def test_parts_are_seen_and_written_where_their_whole_is(bench: Bench) -> None:
    id = await shared(bench)
    async with bench.database.writing(officer(COUNTY), now=NOW) as tx:
        tx.session.add(Page(note_id=id, said="one"))
    who = (officer(PROVINCE), officer(LINK), officer(NEXT_COUNTY), applicant("U1"), VISITOR)
    assert [await bench.count(each, "page") for each in who] == [1, 1, 0, 0, 0]
    with pytest.raises(DBAPIError, match="row-level security"):
        async with bench.database.writing(officer(LINK), now=NOW) as tx:
            tx.session.add(Page(note_id=id, said="from a linked reader"))
    async with bench.database.writing(officer(LINK), now=NOW) as tx:
        assert (await tx.session.execute(text("update page set said = 'x' returning id"))).all() == []
        assert (await tx.session.execute(text("delete from page returning id"))).all() == []


async def test_trail_and_events_are_scoped_like_what_they_are_about(bench: Bench) -> None:
    await shared(bench)
    for table in ("trail", "outbox"):
        assert [await bench.count(officer(tenant), table) for tenant in (CITY, COUNTY, NEXT_COUNTY)] == [1, 1, 0], table


async def test_the_service_owns_nothing_and_cannot_unsay(bench: Bench) -> None:
    for statement in (
        "delete from trail", "update trail set entry = ''", "delete from outbox", "update outbox set payload = '{}'",
        "update verdict set refused = false", "delete from note", "truncate note",
        "alter table note disable row level security",
        "drop policy sees on note", "update waiver set shortfall_seen = 9",
    ):  # fmt: skip
        with pytest.raises(DBAPIError, match=r"permission denied|must be owner"):
            async with bench.database.writing(officer(PROVINCE), now=NOW) as tx:
                await tx.session.execute(text(statement))


async def test_missing_and_out_of_sight_answer_alike(bench: Bench) -> None:
    id = await shared(bench)
    said = []
    for each in (id, uuid4()):
        with pytest.raises(NotVisible) as error:
            async with bench.database.writing(officer(NEXT_COUNTY), now=NOW) as tx:
                await tx.seen(Note, each)
        said.append((type(error.value), len(error.value.args)))
    assert said[0] == said[1]


async def test_what_was_looked_at_before_is_read_anew_under_the_lock(bench: Bench) -> None:
    id = await shared(bench)
    async with bench.database.writing(officer(COUNTY), now=NOW) as tx:
        await tx.seen(Note, id)
        async with bench.database.writing(officer(CITY), now=NOW) as meanwhile:
            await rename(meanwhile, id, "meanwhile")
        assert (await tx.locked(Note, id)).title == "meanwhile"
        await rename(tx, id, "last")
    async with bench.database.reading(officer(COUNTY)) as session:
        found = (await session.scalars(select(Note))).one()
        assert (found.title, found.announced) == ("last", 3)
