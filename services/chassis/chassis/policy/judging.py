"""Rules, and how a set of them is judged."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date
from typing import TYPE_CHECKING, Generic, TypeVar

from chassis.policy.edition import Edition, Figures
from chassis.policy.outcome import Outcome
from chassis.policy.verdict import Finding, Verdict, Waiver

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

F = TypeVar("F", bound="DataclassInstance", contravariant=True)


@dataclass(frozen=True, slots=True)
class Rule(Generic[F]):
    """One requirement's form: a pure measure of facts against figures. Call it like the function it wraps."""

    id: str
    measure: Callable[[F, Figures], Outcome]

    def __call__(self, facts: F, figures: Figures) -> Outcome:
        return self.measure(facts, figures)


def rule(id: str) -> Callable[[Callable[[F, Figures], Outcome]], Rule[F]]:
    """Declare that a function measures requirement `id`."""
    return lambda measure: Rule(id, measure)


def judge(rules: Iterable[Rule[F]], facts: F, *, edition: Edition, on: date, waivers: Sequence[Waiver] = ()) -> Verdict:
    """Measure every rule that binds on that day; report all breaches, marking those lawfully waived.

    KeyError when the edition knows nothing of a rule: a rule without figures must not pass unseen.
    """
    findings = []
    for each in rules:
        requirement = edition[each.id]
        figures = requirement.on(on)
        if figures is None:
            continue
        finding = Finding(each.id, requirement, figures, each(facts, figures))
        lifting = next((w for w in waivers if finding.lifted_by(w)), None)
        findings.append(replace(finding, waiver=lifting))
    return Verdict(edition.edition, on, asdict(facts), tuple(findings))
