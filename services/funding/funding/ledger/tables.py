"""Postings and their lines; append-only: the service's role can neither change nor delete them."""

from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import ForeignKeyConstraint, Identity
from sqlalchemy.orm import Mapped, mapped_column, relationship

from chassis.model import words
from funding.ledger.postings import Account, Kind
from funding.model import Base


class LedgerLine(Base):
    """One side of a posting; a debit is positive, fen."""

    __tablename__ = "ledger_line"
    __table_args__ = (
        ForeignKeyConstraint(
            ["transaction_id", "project_id"], ["ledger_transaction.id", "ledger_transaction.project_id"]
        ),
    )

    transaction_id: Mapped[UUID] = mapped_column(primary_key=True)
    account: Mapped[Account] = mapped_column(words(Account), primary_key=True)
    project_id: Mapped[UUID]
    amount_fen: Mapped[int]


class LedgerTransaction(Base):
    """One posting: at least two lines that sum to zero, checked by the database when it commits."""

    __tablename__ = "ledger_transaction"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    number: Mapped[int] = mapped_column(Identity(always=True))
    project_id: Mapped[UUID]
    kind: Mapped[Kind] = mapped_column(words(Kind))
    at: Mapped[datetime]
    actor: Mapped[str]
    note: Mapped[str] = mapped_column(default="")
    lines: Mapped[list[LedgerLine]] = relationship(lazy="selectin", order_by=LedgerLine.account)


class LedgerAccount(Base):
    """What has gone into and out of an account. Only the database's trigger writes it."""

    __tablename__ = "ledger_account"

    project_id: Mapped[UUID] = mapped_column(primary_key=True)
    account: Mapped[Account] = mapped_column(words(Account), primary_key=True)
    debits_fen: Mapped[int]
    credits_fen: Mapped[int]

    @property
    def balance_fen(self) -> int:
        """Debits less credits."""
        return self.debits_fen - self.credits_fen
