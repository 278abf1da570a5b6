"""The rules of a round (A11.1, A11.2), and when it may open. Pure."""

import hashlib
import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from chassis.policy import Figures, Outcome, Unit, rule
from chassis.policy.outcome import Status

AGGREGATION = "weighted-mean-half-up"
"""The weighted mean of all sheets in hundredths of a point, halves rounded up."""


@dataclass(frozen=True, slots=True)
class Criterion:
    """One thing that experts mark. `weight` in percent."""

    code: str
    title: str
    weight: int


@dataclass(frozen=True, slots=True)
class RoundRules:
    """What is frozen when a round is opened."""

    weights: tuple[int, ...]

    @property
    def weight_sum(self) -> int:
        """All weights together, in percent."""
        return sum(self.weights)


@rule("A11.2")
def the_weights_add_up(rules: RoundRules, figures: Figures) -> Outcome:
    """Every weight is positive and all of them together are exactly `weight_sum`."""
    required, found = figures.integer("weight_sum"), rules.weight_sum
    if found == required and all(weight > 0 for weight in rules.weights):
        return Outcome(Status.MET, required, found, 0, Unit.COUNT)
    return Outcome(Status.NOT_MET, required, found, max(abs(required - found), 1), Unit.COUNT)


ROUND_RULES = (the_weights_add_up,)


def rules_digest(content: Mapping[str, object]) -> str:
    """SHA-256 over the canonical JSON of all that a round freezes."""
    text = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


class Lack(StrEnum):
    """What a round waits for."""

    CALL_OPEN = "CALL_OPEN"
    LIST_DIFFERS = "LIST_DIFFERS"
    UNSETTLED = "UNSETTLED"


@dataclass(frozen=True, slots=True)
class Held:
    """What is held of one application. `left_at`: when it was returned, refused or withdrawn."""

    application_id: UUID
    left_at: datetime | None
    settled: bool


def list_digest(ids: Collection[UUID]) -> str:
    """The digest of a list of applications, as the call announces it."""
    return hashlib.sha256("\n".join(sorted(str(id) for id in ids)).encode()).hexdigest()


def lacking(held: Sequence[Held], count: int | None, digest: str | None) -> Lack | None:
    """What one entry lacks before its round may open; None when nothing.

    The list at the deadline is who is still there and those who left last: how many is the announced count, and
    the announced digest proves that it was them. Clocks are not compared.
    """
    if count is None:
        return Lack.CALL_OPEN
    there = [each for each in held if each.left_at is None]
    gone = sorted((each for each in held if each.left_at is not None), key=lambda each: each.left_at or datetime.max)
    after = count - len(there)
    if not 0 <= after <= len(gone):
        return Lack.LIST_DIFFERS
    listed = there + gone[len(gone) - after :]
    if list_digest([each.application_id for each in listed]) != digest:
        return Lack.LIST_DIFFERS
    return None if all(each.settled for each in listed) else Lack.UNSETTLED
