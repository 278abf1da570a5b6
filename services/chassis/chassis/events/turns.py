"""Several events in one transaction, each handled as if it had a session to itself."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import event
from sqlalchemy.orm import Session
from sqlalchemy.orm.unitofwork import UOWTransaction

from chassis.database import Tx
from chassis.events.outbox import Cause


class Turns:
    """Gives one `Tx` to one event after the other.

    No event meets the objects of an earlier one: it loads rows as they are now, whoever changed them. Changes are
    written when the turn ends; new rows, which nobody else can know, wait until something is asked of the database
    (every statement of a session flushes it), so that many are inserted at once.
    """

    def __init__(self, tx: Tx) -> None:
        self._tx, self._session = tx, tx.session.sync_session
        self._waiting: list[object] = []
        event.listen(self._session, "after_flush_postexec", self._forget_what_waited)

    async def next(self, cause: Cause, *, now: datetime) -> None:
        """The next event's turn: its cause and its time."""
        if self._session.dirty or self._session.deleted:
            await self._tx.session.flush()
        self._waiting = list(self._session.new)
        self._forget(self._session.identity_map.values())
        self._tx.cause, self._tx.now = cause, now

    def _forget_what_waited(self, _: Session, __: UOWTransaction) -> None:
        waited, self._waiting = self._waiting, []
        self._forget(waited)

    def _forget(self, rows: Iterable[object]) -> None:
        for row in list(rows):
            if row in self._session:  # else it went along with the whole it is a part of
                self._session.expunge(row)
