"""The checker: what was acknowledged must be there, once and in order, whatever happened meanwhile.

Pure: it is given a history and an observation, and names everything that is wrong. It knows nothing of how either came
about, so it can be tried with histories that are made up to be bad.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from tests.faults.containers.history import Answer, Command, Observed, Reaction, Stored, Taken

LOST = "acknowledged lost"
REPEATED = "effects repeated"
DISORDERED = "order broken"
LEDGER = "ledger out of balance"
TRAIL = "trail broken"
REFUSED = "writes refused without Kafka"
KINDS = (LOST, REPEATED, DISORDERED, LEDGER, TRAIL, REFUSED)

Key = tuple[str, str]
Poisoned = Mapping[str, Collection[str]]
"""Aggregates with events that cannot be handled -> the consumers that would have to: there they must be parked."""
NONE: Poisoned = {}


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that must not be. Two of the same kind at the same place are one, whatever is said of them."""

    kind: str
    where: str
    what: str = field(compare=False)


def judge(history: Sequence[Command], seen: Observed, poisoned: Poisoned = NONE) -> set[Fault]:
    """Everything that is wrong once the dust has settled; nothing, one hopes."""
    return {
        *_commands(history, seen.effects),
        *_published(seen),
        *_in_order(seen.topics, poisoned),
        *_taken_in(seen, poisoned),
        *(fault for reaction in seen.reactions for fault in _reacted(reaction)),
        *_closed(seen),
        *(Fault(LEDGER, what, what) for what in seen.ledger),
        *(Fault(TRAIL, what, what) for what in seen.trail),
    }


def refused(history: Sequence[Command], since: float, until: float) -> set[Fault]:
    """Commands that were under way in this time, on the whole or in part, and were not acknowledged."""
    return {
        Fault(REFUSED, f"{each.kind} {each.key} at {each.began:.3f} s", f"{each.answer}: {each.said}")
        for each in history
        if each.began < until and each.ended > since and each.answer is not Answer.ACKNOWLEDGED
    }


def _commands(history: Sequence[Command], effects: Mapping[str, Mapping[str, int]]) -> Iterator[Fault]:
    """As many effects as acknowledgements at least, as many as could be meant at most."""
    told, tried, once = Counter[Key](), Counter[Key](), set[Key]()
    for command in history:
        key = command.kind, command.key
        tried[key] += command.answer is not Answer.REFUSED
        told[key] += command.answer is Answer.ACKNOWLEDGED
        if command.once:
            once.add(key)
    asked = {(kind, of): 0 for kind in {kind for kind, _ in tried} for of in effects.get(kind, {})}
    for key in asked | tried:
        found = effects.get(key[0], {}).get(key[1], 0)
        least, most = (min(told[key], 1), min(tried[key], 1)) if key in once else (told[key], tried[key])
        where = f"{key[0]} {key[1]}"
        if found < least:
            yield Fault(LOST, where, f"{least} acknowledged, {found} found")
        if found > most:
            yield Fault(REPEATED, where, f"{most} asked for, {found} found")


def _published(seen: Observed) -> Iterator[Fault]:
    """Every event of every outbox is numbered without holes, sent, and stored in the topic."""
    for service, aggregates in seen.announced.items():
        stored = {(each.aggregate, each.sequence) for each in seen.topics.get(service, ())}
        for aggregate, sequences in aggregates.items():
            if list(sequences) != list(range(1, len(sequences) + 1)):
                yield Fault(DISORDERED, f"outbox of {service}, {aggregate}", f"numbered … {list(sequences)[-6:]}")
            for sequence in sequences:
                if (aggregate, sequence) not in stored:
                    yield Fault(LOST, f"topic of {service}, {aggregate}/{sequence}", "not stored")
    for service, unsent in seen.unsent.items():
        if unsent:
            yield Fault(LOST, f"outbox of {service}", f"{unsent} events are not sent")


def _in_order(topics: Mapping[str, Sequence[Stored]], poisoned: Poisoned) -> Iterator[Fault]:
    """Within an epoch an aggregate stays in its partition, and each event first comes right after the one before it.

    Events that come again are no fault: the relay sends at least once, and consumers know them.
    """
    for service, records in topics.items():
        places: dict[tuple[str, int], set[int]] = defaultdict(set)
        last: dict[tuple[str, int], int] = defaultdict(int)
        for record in sorted(record for record in records if record.aggregate not in poisoned):
            key = record.aggregate, record.epoch
            places[key].add(record.partition)
            if record.sequence > last[key] + 1:
                where = f"topic of {service}, {record.partition}@{record.offset}"
                yield Fault(DISORDERED, where, f"{record.aggregate}/{record.sequence} comes after {last[key]}")
            last[key] = max(last[key], record.sequence)
        for (aggregate, epoch), partitions in places.items():
            if len(partitions) > 1:
                where = f"topic of {service}, {aggregate}, epoch {epoch}"
                yield Fault(DISORDERED, where, f"in partitions {sorted(partitions)}")


def _taken_in(seen: Observed, poisoned: Poisoned) -> Iterator[Fault]:
    """Every consumer is as far as the outbox it hears of; nothing is held or parked but what was poisoned."""
    for consumer, sources in seen.taken.items():
        for source, places in sources.items():
            announced = seen.announced.get(source, {})
            for aggregate in announced.keys() | places.keys():
                where = f"inbox of {consumer}, {source} {aggregate}"
                place, length = places.get(aggregate, Taken(0, 0, False)), len(announced.get(aggregate, ()))
                if aggregate in poisoned:
                    if place.parked is not (consumer in poisoned[aggregate]):
                        yield Fault(LOST, where, f"poisoned: {place}")
                elif place.sequence < length or place.held or place.parked:
                    yield Fault(LOST, where, f"{place} of {length} events")
                elif place.sequence > length:
                    yield Fault(REPEATED, where, f"{place} of {length} events")


def _reacted(reaction: Reaction) -> Iterator[Fault]:
    """What was done is what was announced, in that order."""
    for about in reaction.announced.keys() | reaction.applied.keys():
        announced, applied = list(reaction.announced.get(about, ())), list(reaction.applied.get(about, ()))
        where, what = f"{reaction.name} {about}", f"announced … {announced[-6:]}, applied … {applied[-6:]}"
        lacking, surplus = Counter(announced) - Counter(applied), Counter(applied) - Counter(announced)
        if lacking:
            yield Fault(LOST, where, what)
        if surplus:
            yield Fault(REPEATED, where, what)
        if not lacking and not surplus and announced != applied:
            yield Fault(DISORDERED, where, what)


def _closed(seen: Observed) -> Iterator[Fault]:
    """What stands submitted is what was announced at the deadline and what review holds."""
    for each in seen.closings:
        if each.stands != each.announced:
            yield Fault(DISORDERED, f"call of {each.entry}", f"{each.stands} stand, {each.announced} were announced")
        if each.heard != each.announced:
            yield Fault(LOST, f"call of {each.entry}", f"{each.announced} were announced, review heard {each.heard}")
