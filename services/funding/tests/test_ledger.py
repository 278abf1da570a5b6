"""The ledger: pure postings, the database's guards, and random courses of money commands."""

from collections import defaultdict
from collections.abc import Mapping
from uuid import UUID, uuid4

import asyncpg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from funding.candidates.tables import FiscalLevel
from funding.ledger import postings
from funding.ledger.postings import Account, Heading, Posting
from tests.support import funding_steps as steps
from tests.support.funding_steps import heard, request
from tests.support.people import who
from tests.support.stand import Stand

AMOUNTS = st.integers(1, 300)
PURE_STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("appropriate"), AMOUNTS, st.sampled_from([*FiscalLevel, None])),
        st.tuples(st.just("pay"), AMOUNTS, st.sampled_from([*FiscalLevel, None])),
        st.tuples(st.just("arrive"), AMOUNTS, st.none()),
        st.tuples(st.just("spend"), AMOUNTS, st.sampled_from(Heading)),
        st.tuples(st.just("recover"), AMOUNTS, st.sampled_from(Heading)),
        st.tuples(st.just("adjust"), AMOUNTS, st.sampled_from(Heading)),
        st.tuples(st.just("close"), AMOUNTS, st.none()),
    ),
    max_size=25,
)


def posted(held: Mapping[Account, int], step: tuple[str, int, object]) -> Posting:
    kind, amount, what = step
    levels = [FiscalLevel(str(what))] if what in list(FiscalLevel) else list(FiscalLevel)
    heading = Heading(str(what)) if what in list(Heading) else Heading.LABOUR
    return {
        "appropriate": lambda: postings.appropriation(held, amount, levels),
        "pay": lambda: postings.payment(held, amount, levels),
        "arrive": lambda: postings.arrival(amount),
        "spend": lambda: postings.spending(heading, amount),
        "recover": lambda: postings.recovery(amount, {heading: amount}),
        "adjust": lambda: postings.adjustment(heading, None, amount),
        "close": lambda: postings.closing(held),
    }[kind]()


@pytest.mark.requirement("A07.5")
@given(
    st.dictionaries(st.sampled_from(FiscalLevel), st.integers(1, 500), min_size=1), PURE_STEPS
)  # fmt: skip
def test_every_posting_sums_to_zero_and_touches_an_account_once(
    by_level: dict[FiscalLevel, int], steps_taken: list[tuple[str, int, object]]
) -> None:
    held: dict[Account, int] = defaultdict(int)

    def apply(posting: Posting) -> None:
        assert sum(line.amount_fen for line in posting) == 0
        assert len({line.account for line in posting}) == len(posting) != 1
        assert all(line.amount_fen for line in posting)
        for line in posting:
            held[line.account] += line.amount_fen

    apply(postings.commitment(by_level))
    for step in steps_taken:
        before = dict(held)
        try:
            posting = posted(held, step)
        except postings.Overdrawn:
            continue
        if all(before.get(line.account, 0) + line.amount_fen >= 0 for line in posting if line.account != "BUDGET"):
            apply(posting)
    assert sum(held.values()) == 0
    assert all(amount >= 0 for account, amount in held.items() if account != "BUDGET")


@pytest.mark.requirement("A07.5")
def test_money_is_drawn_level_by_level_in_order() -> None:
    held = {Account.CASH_PROVINCE: 2, Account.CASH_CITY: 3}
    lines = {line.account: line.amount_fen for line in postings.payment(held, 4, list(FiscalLevel))}
    assert lines == {Account.CASH_PROVINCE: -2, Account.CASH_CITY: -2, Account.IN_TRANSIT: 4}


COURSE = st.lists(
    st.one_of(
        st.tuples(st.just("appropriate"), AMOUNTS),
        st.tuples(st.just("pay"), st.integers(1, 4)),
        st.tuples(st.just("confirm"), st.integers(1, 4)),
        st.tuples(st.just("spend"), AMOUNTS),
        st.tuples(st.just("recover"), AMOUNTS),
        st.tuples(st.just("improper"), AMOUNTS),
        st.tuples(st.just("adjust"), AMOUNTS),
        st.tuples(st.just("close"), st.just(0)),
        st.tuples(st.sampled_from(["start", "terminate", "accept"]), st.just(0)),
        st.tuples(st.just("again"), st.integers(0, 10)),
    ),
    min_size=8, max_size=20,
)  # fmt: skip
COMMANDS = {
    "appropriate": ("province-finance", steps.APPROPRIATE), "pay": ("province-finance", steps.PAY),
    "confirm": ("chengyu", steps.CONFIRM), "spend": ("chengyu", steps.SPEND),
    "recover": ("province-finance", steps.RECOVER), "improper": ("province-finance", steps.RECOVER),
    "adjust": ("chengyu", steps.ADJUST),
    "close": ("province-finance", steps.CLOSE),
}  # fmt: skip
HEARD = {"start": steps.STARTED, "terminate": steps.TERMINATED, "accept": steps.ACCEPTED}


def asked(kind: str, number: int) -> dict[str, object]:
    amount = f"{number // 100}.{number % 100:02}"
    return {
        "appropriate": {"amount": amount}, "pay": {"instalment": number}, "confirm": {"instalment": number},
        "spend": {"heading": "LABOUR", "amount": amount, "voucher": "v"},
        "recover": {"surplus": amount, "document": "d"},
        "adjust": {"takenFrom": "LABOUR", "amount": amount, "reason": "r"},
        "improper": {"improper": [{"heading": "LABOUR", "amount": amount}], "document": "d"}, "close": {},
    }[kind]  # fmt: skip


async def lines_of(stand: Stand) -> list[asyncpg.Record]:
    connection = await asyncpg.connect(stand.superuser)
    try:
        return list(await connection.fetch("select * from ledger_line order by transaction_id, account"))
    finally:
        await connection.close()


@pytest.mark.requirement("A07.5")
@given(COURSE)
@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
async def test_random_courses_keep_the_ledger_at_zero_and_never_negative(
    stand: Stand, course: list[tuple[str, int]]
) -> None:
    """Refusals, errors and repeats among them: whatever is asked, the books stay true."""
    project = await steps.approved(stand, fiscal_fen=300)
    instalments = [{"amount": "1.00"}, {"amount": "1.50"}, {"amount": "0.50"}]
    await stand.ask("province-officer", steps.SCHEDULE, i=request(projectId=project, instalments=instalments))
    done: list[tuple[str, str, dict[str, object]]] = []
    for kind, number in [("start", 0), ("appropriate", 300), ("pay", 1), ("confirm", 1), *course]:
        if kind in HEARD:
            await heard(stand, HEARD[kind], project, ground="g", conclusion="ACCEPTED")
        elif kind == "again" and done:
            before = await lines_of(stand)
            persona, document, input = done[number % len(done)]
            await stand.execute(persona, document, i=input)
            assert await lines_of(stand) == before
        elif kind != "again":
            persona, document = COMMANDS[kind]
            input = request(projectId=project, **asked(kind, number))
            result = await stand.execute(persona, document, i=input)
            if not result.errors and next(iter((result.data or {}).values()))["refusal"] is None:
                done.append((persona, document, input))
    held: dict[str, int] = defaultdict(int)
    for line in await lines_of(stand):
        if str(line["project_id"]) == project:
            held[line["account"]] += line["amount_fen"]
    assert sum(held.values()) == 0
    assert min((amount for account, amount in held.items() if account != "BUDGET"), default=0) >= 0


async def committed(stand: Stand, project: str, *statements: str) -> None:
    """Run statements as the service itself would, in one transaction of the province's finance."""
    connection = await asyncpg.connect(stand.superuser)
    try:
        async with connection.transaction():
            await connection.execute("set local role funding")
            await connection.execute("select set_config('app.tenant', '330000', true)")
            await connection.execute("select set_config('app.readers', '330000', true)")
            for statement in statements:
                await connection.execute(statement.replace("PROJECT", f"'{project}'"))
    finally:
        await connection.close()


POSTING = str(uuid4())
HEAD = f"""insert into ledger_transaction (id, project_id, kind, at, actor, note)
  values ('{POSTING}', PROJECT, 'ARRIVAL', now(), 'x', '')"""


def line(account: str, amount_fen: int) -> str:
    return f"insert into ledger_line values ('{POSTING}', '{account}', PROJECT, {amount_fen})"


@pytest.mark.requirement("A07.5")
@pytest.mark.parametrize(
    "lines",
    [
        (),
        (line("RECOVERED", 1),),
        (line("RECOVERED", 2), line("BUDGET", -1)),
        (line("RECOVERED", 1), line("SURPLUS", 1)),
    ],
)
async def test_the_database_refuses_a_posting_that_does_not_sum_to_zero(stand: Stand, lines: tuple[str, ...]) -> None:
    project = await steps.approved(stand, fiscal_fen=100)
    with pytest.raises(asyncpg.IntegrityConstraintViolationError, match="sums to zero"):
        await committed(stand, project, HEAD, *lines)
    await committed(stand, project, HEAD, line("RECOVERED", 1), line("BUDGET", -1))


@pytest.mark.requirement("A07.5")
async def test_the_database_refuses_to_overdraw_an_account(stand: Stand) -> None:
    project = await steps.approved(stand, fiscal_fen=100)
    await committed(stand, project, HEAD, line("COMMITTED_PROVINCE", -100), line("RECOVERED", 100))
    with pytest.raises(asyncpg.CheckViolationError, match="never_negative"):
        again = [each.replace(POSTING, str(UUID(int=1))) for each in (HEAD, line("COMMITTED_PROVINCE", -1))]
        await committed(stand, project, *again)


@pytest.mark.requirement("A07.5")
async def test_nothing_is_added_to_a_posting_of_yesterday(stand: Stand) -> None:
    project = await steps.approved(stand, fiscal_fen=100)
    await committed(stand, project, HEAD, line("RECOVERED", 1), line("BUDGET", -1))
    with pytest.raises(asyncpg.IntegrityConstraintViolationError, match="complete once it is committed"):
        await committed(stand, project, line("SURPLUS", 1), line("COMMITTED_PROVINCE", -1))


@pytest.mark.requirement("A07.5")
@pytest.mark.parametrize(
    "statement",
    [
        "update ledger_line set amount_fen = 1",
        "delete from ledger_line",
        "update ledger_transaction set note = 'x'",
        "delete from ledger_transaction",
        "update ledger_account set debits_fen = 0",
        "insert into ledger_account values (PROJECT, 'SURPLUS', 1, 0)",
        "delete from ledger_account",
    ],
)
async def test_the_service_can_only_append(stand: Stand, statement: str) -> None:
    project = await steps.approved(stand, fiscal_fen=100)
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await committed(stand, project, statement)


@pytest.mark.requirement("X2")
async def test_the_ledger_is_seen_where_the_project_is(stand: Stand) -> None:
    project = await steps.funded(stand, 5_00)
    found = "query($id: ID!) { project(id: $id) { money { postings { kind } } } }"
    assert await stand.ask("yongwang", found, id=project) is None
    assert await stand.ask("chengyu", found, id=project)
    for table in ("ledger_transaction", "ledger_line", "ledger_account", "instalment"):
        async with stand.service.database.reading(who("yongwang")) as session:
            assert await session.scalar(text(f"select count(*) from {table}")) == 0
