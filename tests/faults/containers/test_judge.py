"""The checker finds what it is for, in histories that are made up to be bad; in a good one it finds nothing."""

from dataclasses import replace

import pytest

from tests.faults.containers import judge as found
from tests.faults.containers.history import Answer, Closing, Command, Observed, Reaction, Stored, Taken
from tests.faults.containers.judge import DISORDERED, LEDGER, LOST, REPEATED, TRAIL, judge, refused

TOLD, NO, UNCLEAR = Answer.ACKNOWLEDGED, Answer.REFUSED, Answer.UNCLEAR
LIST = (1, "digest")
HISTORY = (
    Command("submit", "a", 0, 1, TOLD),
    Command("submit", "a", 1, 2, TOLD),
    Command("submit", "b", 1, 2, UNCLEAR),
    Command("spend", "v", 0, 1, UNCLEAR, once=True),
    Command("spend", "v", 1, 2, TOLD, once=True),
    Command("spend", "w", 1, 2, NO, once=True),
)
GOOD = Observed(
    effects={"submit": {"a": 2, "b": 1}, "spend": {"v": 1}},
    announced={"application": {"x": [1, 2, 3], "y": [1]}},
    unsent={"application": 0},
    topics={"application": [Stored(0, 0, "x", 1, 1), Stored(0, 1, "x", 2, 1), Stored(0, 2, "x", 1, 1),
                            Stored(0, 3, "x", 2, 1), Stored(0, 4, "x", 3, 1), Stored(1, 0, "y", 1, 1)]},
    taken={"review": {"application": {"x": Taken(3, 0, False), "y": Taken(1, 0, False)}}},
    reactions=[Reaction("submitted", {"x": ["IN", "OUT", "IN"]}, {"x": ["IN", "OUT", "IN"]})],
    closings=[Closing("e", LIST, LIST, LIST)],
)  # fmt: skip


def kinds(seen: Observed, history: tuple[Command, ...] = HISTORY, **how: object) -> list[str]:
    return sorted(fault.kind for fault in judge(history, seen, **how))  # type: ignore[arg-type]


def with_topic(*records: Stored) -> Observed:
    return replace(GOOD, topics={"application": [*records, Stored(1, 0, "y", 1, 1)]})


def test_nothing_is_wrong_with_a_good_history() -> None:
    assert judge(HISTORY, GOOD) == set()


def test_an_unclear_command_may_have_been_carried_out_or_not() -> None:
    assert kinds(replace(GOOD, effects={"submit": {"a": 2}, "spend": {"v": 1}})) == []


@pytest.mark.parametrize(
    ("effects", "kind"),
    [
        ({"submit": {"a": 1, "b": 1}, "spend": {"v": 1}}, LOST),
        ({"submit": {"a": 2, "b": 1}, "spend": {}}, LOST),
        ({"submit": {"a": 2, "b": 1}}, LOST),
        ({"submit": {"a": 3, "b": 1}, "spend": {"v": 1}}, REPEATED),
        ({"submit": {"a": 2, "b": 2}, "spend": {"v": 1}}, REPEATED),
        ({"submit": {"a": 2, "b": 1}, "spend": {"v": 2}}, REPEATED),
        ({"submit": {"a": 2, "b": 1}, "spend": {"v": 1, "w": 1}}, REPEATED),
        ({"submit": {"a": 2, "b": 1}, "spend": {"v": 1, "z": 1}}, REPEATED),
    ],
    ids=["one of two", "the only one", "all of a kind", "one too many", "twice for one try", "the retry counted too",
         "what was refused", "what nobody asked for"],
)  # fmt: skip
def test_an_effect_that_is_missing_or_one_too_many_is_found(effects: dict[str, dict[str, int]], kind: str) -> None:
    assert kinds(replace(GOOD, effects=effects)) == [kind]


@pytest.mark.parametrize(
    ("records", "wanted"),
    [
        ([Stored(0, 0, "x", 1, 1), Stored(0, 1, "x", 2, 1)], [LOST]),
        ([Stored(0, 0, "x", 2, 1), Stored(0, 1, "x", 1, 1), Stored(0, 2, "x", 3, 1)], [DISORDERED]),
        ([Stored(0, 0, "x", 1, 1), Stored(0, 1, "x", 3, 1), Stored(0, 2, "x", 2, 1)], [DISORDERED]),
        ([Stored(0, 0, "x", 1, 1), Stored(2, 0, "x", 2, 1), Stored(2, 1, "x", 3, 1)], [DISORDERED]),
        ([Stored(0, 0, "x", 1, 1), Stored(0, 1, "x", 2, 1), Stored(0, 2, "x", 3, 2)], [DISORDERED]),
    ],
    ids=["an event is missing", "two change places", "one comes too late", "two partitions", "an epoch half written"],
)
def test_a_topic_that_is_not_the_outbox_in_its_order_is_found(records: list[Stored], wanted: list[str]) -> None:
    assert kinds(with_topic(*records)) == wanted


def test_the_same_again_in_the_next_epoch_is_in_order() -> None:
    twice = [Stored(0, place, "x", 1 + place % 3, 1 + place // 3) for place in range(6)]
    assert kinds(with_topic(*twice)) == []


def test_records_are_read_in_the_order_of_their_offsets() -> None:
    assert kinds(with_topic(Stored(0, 9, "x", 3, 1), Stored(0, 8, "x", 2, 1), Stored(0, 7, "x", 1, 1))) == []


def test_a_hole_in_the_numbers_of_an_outbox_is_found() -> None:
    assert DISORDERED in kinds(replace(GOOD, announced={"application": {"x": [1, 3], "y": [1]}}))


def test_what_is_not_sent_is_found() -> None:
    assert kinds(replace(GOOD, unsent={"application": 2})) == [LOST]


@pytest.mark.parametrize(
    ("place", "kind"),
    [
        (Taken(2, 0, False), LOST), (None, LOST), (Taken(3, 1, False), LOST), (Taken(3, 0, True), LOST),
        (Taken(4, 0, False), REPEATED),
    ],
)  # fmt: skip
def test_a_consumer_that_is_elsewhere_than_the_outbox_is_found(place: Taken | None, kind: str) -> None:
    places = {"y": Taken(1, 0, False)} | ({"x": place} if place else {})
    assert kinds(replace(GOOD, taken={"review": {"application": places}})) == [kind]


@pytest.mark.parametrize(
    ("applied", "wanted"),
    [
        (["IN", "OUT"], [LOST]), ([], [LOST]), (["IN", "OUT", "IN", "IN"], [REPEATED]),
        (["OUT", "IN", "IN"], [DISORDERED]), (["IN", "IN", "IN"], [LOST, REPEATED]),
    ],
)  # fmt: skip
def test_a_reaction_that_is_not_what_was_announced_is_found(applied: list[str], wanted: list[str]) -> None:
    reaction = Reaction("submitted", {"x": ["IN", "OUT", "IN"]}, {"x": applied})
    assert kinds(replace(GOOD, reactions=[reaction])) == wanted


def test_a_reaction_to_nothing_is_found() -> None:
    assert kinds(replace(GOOD, reactions=[Reaction("submitted", {}, {"x": ["IN"]})])) == [REPEATED]


@pytest.mark.parametrize(
    ("closing", "kind"),
    [
        (Closing("e", (2, "other"), LIST, LIST), DISORDERED), (Closing("e", (1, "other"), LIST, LIST), DISORDERED),
        (Closing("e", LIST, LIST, None), LOST), (Closing("e", LIST, LIST, (0, "")), LOST),
    ],
)  # fmt: skip
def test_a_deadline_that_was_not_one_for_all_is_found(closing: Closing, kind: str) -> None:
    assert kinds(replace(GOOD, closings=[closing])) == [kind]


def test_a_ledger_and_a_trail_that_are_wrong_are_told_apart() -> None:
    assert kinds(replace(GOOD, ledger=["posting 1"], trail=["altered x/3"])) == [LEDGER, TRAIL]


@pytest.mark.parametrize(
    ("review", "funding", "wanted"),
    [
        (Taken(0, 2, True), Taken(2, 0, False), []),
        (Taken(2, 0, False), Taken(2, 0, False), [LOST]),
        (Taken(0, 2, True), Taken(0, 1, True), [LOST]),
    ],
    ids=["parked where it cannot be handled", "applied, whatever that was", "parked where it means nothing"],
)
def test_a_poisoned_record_is_parked_and_no_other(review: Taken, funding: Taken, wanted: list[str]) -> None:
    taken = {
        "review": {"application": {**GOOD.taken["review"]["application"], "p": review}},
        "funding": {"application": {**GOOD.taken["review"]["application"], "p": funding}},
    }
    seen = replace(with_topic(*GOOD.topics["application"][:5], Stored(2, 0, "p", 2, 1)), taken=taken)
    assert kinds(seen, poisoned={"p": ["review"]}) == wanted


@pytest.mark.parametrize(
    ("began", "ended", "answer", "number"),
    [(6, 7, UNCLEAR, 1), (4, 6, NO, 1), (9, 12, UNCLEAR, 1), (4, 12, UNCLEAR, 1), (6, 7, TOLD, 0), (1, 4, UNCLEAR, 0),
     (11, 12, UNCLEAR, 0)],
)  # fmt: skip
def test_what_was_not_acknowledged_in_a_time_is_found(began: float, ended: float, answer: Answer, number: int) -> None:
    assert len(refused([Command("spend", "v", began, ended, answer)], 5, 10)) == number


def test_the_same_fault_found_again_is_one() -> None:
    one, other = (judge(HISTORY, replace(GOOD, unsent={"application": left})) for left in (1, 2))
    assert len(one | other) == 1 and {fault.kind for fault in one} <= set(found.KINDS)
