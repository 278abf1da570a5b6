"""Double entry, pure: which accounts a step moves money between. Amounts in fen; a debit is positive.

BUDGET is where fiscal money comes from and goes back to: the one account that may be negative. All others hold
money or a promise of it and never fall below zero; the database checks both, and that a posting sums to zero.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from funding.candidates.tables import FiscalLevel


class Heading(StrEnum):
    """What fiscal money is spent on."""

    EQUIPMENT = "EQUIPMENT"
    OPERATION = "OPERATION"
    LABOUR = "LABOUR"
    INDIRECT = "INDIRECT"


class Account(StrEnum):
    """An account of a project."""

    BUDGET = "BUDGET"
    COMMITTED_PROVINCE = "COMMITTED_PROVINCE"
    COMMITTED_CITY = "COMMITTED_CITY"
    COMMITTED_COUNTY = "COMMITTED_COUNTY"
    CASH_PROVINCE = "CASH_PROVINCE"
    CASH_CITY = "CASH_CITY"
    CASH_COUNTY = "CASH_COUNTY"
    IN_TRANSIT = "IN_TRANSIT"
    UNIT_FUND = "UNIT_FUND"
    SPENT_EQUIPMENT = "SPENT_EQUIPMENT"
    SPENT_OPERATION = "SPENT_OPERATION"
    SPENT_LABOUR = "SPENT_LABOUR"
    SPENT_INDIRECT = "SPENT_INDIRECT"
    SURPLUS = "SURPLUS"
    RECOVERED = "RECOVERED"

    @classmethod
    def committed(cls, level: FiscalLevel) -> "Account":
        """What a level has committed and not yet appropriated."""
        return cls(f"COMMITTED_{level}")

    @classmethod
    def cash(cls, level: FiscalLevel) -> "Account":
        """What a level has appropriated and its payer not yet paid."""
        return cls(f"CASH_{level}")

    @classmethod
    def spent(cls, heading: Heading) -> "Account":
        """What the unit has spent under a heading."""
        return cls(f"SPENT_{heading}")


class Kind(StrEnum):
    """What a posting records (A07.5)."""

    COMMITMENT = "COMMITMENT"
    APPROPRIATION = "APPROPRIATION"
    PAYMENT = "PAYMENT"
    ARRIVAL = "ARRIVAL"
    SPENDING = "SPENDING"
    ADJUSTMENT = "ADJUSTMENT"
    RECOVERY = "RECOVERY"
    CLOSING = "CLOSING"


Balances = Mapping[Account, int]


@dataclass(frozen=True, slots=True)
class Line:
    """One side of a posting."""

    account: Account
    amount_fen: int


Posting = Sequence[Line]
COMMITTED = tuple(Account.committed(level) for level in FiscalLevel)
CASH = tuple(Account.cash(level) for level in FiscalLevel)
SPENT = tuple(Account.spent(heading) for heading in Heading)


class Overdrawn(ValueError):
    """An account holds less than is to be taken from it."""


def commitment(by_level: Mapping[FiscalLevel, int]) -> Posting:
    """The fiscal money that each level commits by the approval."""
    taken = [Line(Account.committed(level), amount) for level, amount in by_level.items()]
    return [*taken, Line(Account.BUDGET, -sum(by_level.values()))]


def appropriation(balances: Balances, amount_fen: int, levels: Sequence[FiscalLevel]) -> Posting:
    """From commitments to the payers' cash, level by level in that order."""
    lines = []
    for account, part in _drawn(balances, amount_fen, [Account.committed(level) for level in levels]):
        level = FiscalLevel(account.removeprefix("COMMITTED_"))
        lines += [Line(account, -part), Line(Account.cash(level), part)]
    return lines


def payment(balances: Balances, amount_fen: int, levels: Sequence[FiscalLevel]) -> Posting:
    """From the payers' cash on its way to the unit."""
    drawn = _drawn(balances, amount_fen, [Account.cash(level) for level in levels])
    return [*(Line(account, -part) for account, part in drawn), Line(Account.IN_TRANSIT, amount_fen)]


def arrival(amount_fen: int) -> Posting:
    """Into the unit's fund for the project."""
    return [Line(Account.IN_TRANSIT, -amount_fen), Line(Account.UNIT_FUND, amount_fen)]


def spending(heading: Heading, amount_fen: int) -> Posting:
    """Out of the unit's fund, under a heading."""
    return [Line(Account.UNIT_FUND, -amount_fen), Line(Account.spent(heading), amount_fen)]


def adjustment(taken_from: Heading, given_to: Heading | None, amount_fen: int) -> Posting:
    """Spending moved to another heading, or back into the unit's fund when it was entered in error."""
    to = Account.spent(given_to) if given_to else Account.UNIT_FUND
    return [Line(Account.spent(taken_from), -amount_fen), Line(to, amount_fen)]


def recovery(surplus_fen: int, improper: Mapping[Heading, int]) -> Posting:
    """Back to the payer: what is left over, and what was spent improperly."""
    taken = {Account.UNIT_FUND: surplus_fen, **{Account.spent(h): amount for h, amount in improper.items()}}
    lines = [Line(account, -amount) for account, amount in taken.items() if amount]
    return [*lines, Line(Account.RECOVERED, sum(taken.values()))]


def closing(balances: Balances) -> Posting:
    """What was not paid goes back to the budget; what the unit has not spent is its surplus."""
    back = [Line(account, -balances[account]) for account in (*COMMITTED, *CASH) if balances.get(account)]
    lines = [*back, Line(Account.BUDGET, -sum(line.amount_fen for line in back))] if back else []
    left = balances.get(Account.UNIT_FUND, 0)
    return [*lines, Line(Account.UNIT_FUND, -left), Line(Account.SURPLUS, left)] if left else lines


def held(balances: Balances, accounts: Sequence[Account]) -> int:
    """What these accounts hold together."""
    return sum(balances.get(account, 0) for account in accounts)


def _drawn(balances: Balances, amount_fen: int, accounts: Sequence[Account]) -> list[tuple[Account, int]]:
    drawn, wanted = [], amount_fen
    for account in accounts:
        part = min(wanted, balances.get(account, 0))
        if part:
            drawn.append((account, part))
            wanted -= part
    if wanted:
        raise Overdrawn(amount_fen)
    return drawn
