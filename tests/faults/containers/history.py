"""What the load asked for and was told, and what an observer found in databases and topics afterwards."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import NamedTuple


class Answer(StrEnum):
    """How a command ended. UNCLEAR: an error or none at all, so it may have been carried out or not."""

    ACKNOWLEDGED = "acknowledged"
    REFUSED = "refused"
    UNCLEAR = "unclear"


@dataclass(frozen=True, slots=True)
class Command:
    """One try of a command. `kind` and `key` say where its effect is found; times are seconds since the load began.

    `once`: the service itself must see to it that tries of the same key have one effect (`requestId`, a state table).
    """

    kind: str
    key: str
    began: float
    ended: float
    answer: Answer
    once: bool = False
    said: str = ""


class Stored(NamedTuple):
    """One record of a topic."""

    partition: int
    offset: int
    aggregate: str
    sequence: int
    epoch: int


class Taken(NamedTuple):
    """How far a consumer is with an aggregate, how many events wait behind, whether the key is parked."""

    sequence: int
    held: int
    parked: bool


@dataclass(frozen=True)
class Reaction:
    """What was announced about a record and what another service did about it, in order, in the same words."""

    name: str
    announced: Mapping[str, Sequence[str]]
    applied: Mapping[str, Sequence[str]]


@dataclass(frozen=True)
class Closing:
    """A call at its deadline: its list as it stands, as it was announced, as review heard it (count and digest)."""

    entry: str
    stands: tuple[int, str]
    announced: tuple[int, str]
    heard: tuple[int, str] | None


@dataclass(frozen=True)
class Observed:
    """Everything that the checker looks at.

    `effects`: kind -> key -> how often it is in the database. `announced`: service -> aggregate -> sequences in the
    outbox, ascending. `unsent`: service -> events not published. `topics`: service -> its records in the order of
    partition and offset. `taken`: consumer -> source -> aggregate -> place. `ledger` and `trail`: what is wrong there.
    """

    effects: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    announced: Mapping[str, Mapping[str, Sequence[int]]] = field(default_factory=dict)
    unsent: Mapping[str, int] = field(default_factory=dict)
    topics: Mapping[str, Sequence[Stored]] = field(default_factory=dict)
    taken: Mapping[str, Mapping[str, Mapping[str, Taken]]] = field(default_factory=dict)
    reactions: Sequence[Reaction] = ()
    closings: Sequence[Closing] = ()
    ledger: Sequence[str] = ()
    trail: Sequence[str] = ()
