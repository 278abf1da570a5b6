"""Articles 11, 12, 13, 18, 22 and 25 at their edges, without a database."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest

from chassis.policy import judge
from chassis.policy.words import say
from review.acceptance.rules import (
    AcceptanceOpinions,
    Speaker,
    asked,
    every_party_has_spoken,
    favourable,
    the_speaker_is_free,
)
from review.decision.rules import (
    CUT_RULES,
    BudgetCut,
    Decision,
    FiscalCut,
    a_departure_has_a_reason,
    core_indicators_stay,
    cuts_stay_within_the_lines,
    the_total_falls_by_the_cut_at_most,
)  # fmt: skip
from review.draw.rules import DrawPool, the_pool_fills_the_enterprise_seats, the_pool_fills_the_panel
from review.rounds.rules import Held, Lack, RoundRules, lacking, list_digest, the_weights_add_up
from review.scoring.rules import (
    Marks,
    every_criterion_is_marked,
    marks_are_on_the_scale,
    mean_hundredths,
    no_sanction_bars_the_expert,
    weighted_hundredths,
)
from review.screening.rules import SCREENING_RULES, Screening, enough_go_on, few_all_go_on, it_is_switched_on
from tests.support.edition import DAY, edition, figures

CUT = BudgetCut((FiscalCut("PROVINCE", 400, 80),), (("k", "1"),), (("k", "1"),), 2000, 1920)


@pytest.mark.requirement("A11.2")
@pytest.mark.parametrize(("weights", "met"), [((60, 39), False), ((60, 40), True), ((60, 41), False)])
def test_weights_make_a_hundred(weights: tuple[int, ...], met: bool) -> None:
    assert the_weights_add_up(RoundRules(weights), figures("A11.2")).met is met


@pytest.mark.requirement("A11.2")
@pytest.mark.parametrize(("weights", "met"), [((101, -1), False), ((100, 0), False), ((99, 1), True), ((), False)])
def test_every_weight_counts(weights: tuple[int, ...], met: bool) -> None:
    assert the_weights_add_up(RoundRules(weights), figures("A11.2")).met is met


@pytest.mark.requirement("A11.2")
@pytest.mark.parametrize(("points", "met"), [(-1, False), (0, True), (1, True), (99, True), (100, True), (101, False)])
def test_marks_are_between_0_and_100(points: int, met: bool) -> None:
    assert marks_are_on_the_scale(Marks((("A", 50), ("B", points)), ("A", "B")), figures("A11.2.scale")).met is met


@pytest.mark.requirement("A11.2")
@pytest.mark.parametrize(("codes", "met"), [("A", False), ("AB", True), ("ABC", False), ("AC", False)])
def test_exactly_the_frozen_criteria_are_marked(codes: str, met: bool) -> None:
    sheet = Marks(tuple((code, 1) for code in codes), ("A", "B"))
    assert every_criterion_is_marked(sheet, figures("A11.2.criteria")).met is met


@pytest.mark.requirement("A11.2")
@pytest.mark.parametrize(
    ("sheets", "mean"), [([8000], 8000), ([8000, 8001], 8001), ([8000, 8000, 8001], 8000), ([8000, 8001, 8001], 8001)]
)
def test_the_mean_is_exact_and_halves_go_up(sheets: list[int], mean: int) -> None:
    assert mean_hundredths(sheets) == mean


@pytest.mark.requirement("A11.2")
def test_a_sheet_is_weighted_in_whole_hundredths() -> None:
    assert weighted_hundredths({"A": 33, "B": 67}, {"A": 60, "B": 40}) == 33 * 60 + 67 * 40


@pytest.mark.requirement("A12.1")
@pytest.mark.parametrize(("kept", "met"), [(5, False), (6, True), (7, True)])
def test_screening_keeps_three_times_the_planned_number(kept: int, met: bool) -> None:
    assert enough_go_on(Screening(7, 2, kept, True), figures("A12.1")).met is met


@pytest.mark.requirement("A12.1")
@pytest.mark.parametrize(("kept", "met"), [(5, False), (6, True)])
def test_at_exactly_three_times_nobody_is_cut(kept: int, met: bool) -> None:
    assert judge(SCREENING_RULES, Screening(6, 2, kept, True), edition=edition(), on=DAY).breaches is not met


@pytest.mark.requirement("A12.2")
@pytest.mark.parametrize(("kept", "met"), [(4, False), (5, True)])
def test_fewer_than_three_times_all_go_on(kept: int, met: bool) -> None:
    assert few_all_go_on(Screening(5, 2, kept, True), figures("A12.2")).met is met
    assert judge(SCREENING_RULES, Screening(5, 2, kept, True), edition=edition(), on=DAY).breaches is not met


@pytest.mark.requirement("A12.1")
@pytest.mark.parametrize(("on", "kept", "met"), [(False, 6, False), (False, 7, True), (True, 6, True)])
def test_screening_that_is_not_switched_on_cuts_nobody(on: bool, kept: int, met: bool) -> None:
    assert it_is_switched_on(Screening(7, 2, kept, on), figures("A12.1.switch")).met is met


@pytest.mark.requirement("A13.1")
@pytest.mark.parametrize(("eligible", "met"), [(4, False), (5, True), (6, True)])
def test_the_pool_has_an_expert_for_every_seat(eligible: int, met: bool) -> None:
    assert the_pool_fills_the_panel(DrawPool(eligible, 2, 5, 2), figures("A13.1")).met is met


@pytest.mark.requirement("A13.3")
@pytest.mark.parametrize(("enterprise", "met"), [(1, False), (2, True), (3, True)])
def test_the_pool_has_the_enterprise_experts_a_round_asks_for(enterprise: int, met: bool) -> None:
    pool = DrawPool(9, enterprise, 5, 2)
    assert the_pool_fills_the_enterprise_seats(pool, figures("A13.1.enterprise")).met is met


@pytest.mark.requirement("A18.2")
@pytest.mark.parametrize(("cut", "met"), [(-1, False), (0, True), (1, True), (399, True), (400, True), (401, False)])
def test_a_cut_is_between_nothing_and_what_was_asked(cut: int, met: bool) -> None:
    facts = replace(CUT, lines=(FiscalCut("PROVINCE", 400, cut), FiscalCut("CITY", 100, 50)))
    assert cuts_stay_within_the_lines(facts, figures("A18.2")).met is met


@pytest.mark.requirement("A18.2")
@pytest.mark.parametrize(
    ("after", "met"), [(1919, False), (1920, True), (1921, True), (1999, True), (2000, True), (2001, False)]
)
def test_the_total_falls_by_the_cut_at_most_and_never_rises(after: int, met: bool) -> None:
    facts = replace(CUT, total_after_fen=after)
    assert the_total_falls_by_the_cut_at_most(facts, figures("A18.2.total")).met is met


@pytest.mark.requirement("A18.2")
@pytest.mark.parametrize(("after", "met"), [((("k", "1"),), True), ((("k", "2"),), False), ((), False)])
def test_core_indicators_stay_as_they_are(after: tuple[tuple[str, str], ...], met: bool) -> None:
    assert core_indicators_stay(replace(CUT, core_after=after), figures("A18.2.indicators")).met is met


@pytest.mark.requirement("A11.1")
@pytest.mark.parametrize(
    ("score", "proposed", "reason", "met"),
    [
        (7999, True, False, False), (8000, True, False, True), (8001, True, False, True),
        (7999, False, False, True), (8000, False, False, False), (8001, False, False, False),
        (7999, True, True, True), (8001, False, True, True),
    ],
)  # fmt: skip
def test_a_departure_from_the_experts_has_a_reason(score: int, proposed: bool, reason: bool, met: bool) -> None:
    assert a_departure_has_a_reason(Decision(score, 8000, proposed, reason), figures("A11.1")).met is met


@pytest.mark.requirement("A22.1")
@pytest.mark.parametrize(("given", "met"), [(9, False), (10, True)])
def test_five_parties_speak_of_two_things(given: int, met: bool) -> None:
    every = asked(figures("A22.1").listed("parties"))
    assert every_party_has_spoken(AcceptanceOpinions(tuple(every[:given])), figures("A22.1")).met is met


@pytest.mark.requirement("A22.1")
def test_one_core_rejection_is_not_outvoted_and_others_are_not_core() -> None:
    parties, core = figures("A22.1").listed("parties"), figures("A22.1").listed("core")
    assert len(asked(core)) == 6
    for rejected in asked(parties):
        said = [(name, "REJECT" if name == rejected else "PARTLY") for name in asked(parties)]
        assert favourable(said, core) is (rejected not in asked(core))
    assert not favourable([], core)


@pytest.mark.requirement("A25.2")
@pytest.mark.parametrize("reasons", [(True, False, False), (False, True, False), (False, False, True)])
def test_who_is_involved_does_not_speak(reasons: tuple[bool, bool, bool]) -> None:
    assert not the_speaker_is_free(Speaker(*reasons), figures("A25.2")).met
    assert the_speaker_is_free(Speaker(False, False, False), figures("A25.2")).met
    assert not no_sanction_bars_the_expert(Marks((), (), True), figures("A25.2")).met


@pytest.mark.requirement("X4")
def test_every_refusal_has_words() -> None:
    bad = BudgetCut((FiscalCut("PROVINCE", 400, 401),), (("k", "1"),), (), 2000, 2001)
    verdicts = [
        judge(CUT_RULES, bad, edition=edition(), on=DAY),
        judge(SCREENING_RULES, Screening(7, 2, 1, False), edition=edition(), on=DAY),
        judge((a_departure_has_a_reason,), Decision(1, 2, True, False), edition=edition(), on=DAY),
    ]
    for finding in (found for verdict in verdicts for found in verdict.breaches):
        said = say(finding)
        assert said.message.zh and said.message.en and said.way_forward.zh and said.way_forward.en


NOW = datetime(2024, 3, 1, tzinfo=UTC)
A, B, C = (uuid4() for _ in range(3))


def held(id: UUID, *, left: int | None = None, settled: bool = True) -> Held:
    return Held(id, None if left is None else NOW + timedelta(hours=left), settled)


@pytest.mark.requirement("A11.2")
def test_a_round_waits_for_the_exact_list_and_then_for_every_recommendation() -> None:
    two = list_digest([A, B])
    assert lacking([held(A), held(B)], None, None) is Lack.CALL_OPEN
    assert lacking([held(A)], 2, two) is Lack.LIST_DIFFERS
    assert lacking([held(A), held(C)], 2, two) is Lack.LIST_DIFFERS
    assert lacking([held(A), held(B, settled=False)], 2, two) is Lack.UNSETTLED
    assert lacking([held(A), held(B)], 2, two) is None
    assert lacking([], 0, list_digest([])) is None


@pytest.mark.requirement("A11.2")
def test_who_left_before_the_deadline_is_not_of_the_list_and_who_was_refused_after_it_is() -> None:
    assert lacking([held(A), held(B, left=2), held(C, left=1)], 2, list_digest([A, B])) is None
    assert lacking([held(A), held(B, left=2), held(C, left=1)], 2, list_digest([A, C])) is Lack.LIST_DIFFERS
    assert lacking([held(A), held(B, left=1)], 1, list_digest([A])) is None
