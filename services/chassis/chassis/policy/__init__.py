"""Policy as code: rules hold the form, editions the figures, verdicts what was found."""

from chassis.policy.edition import Edition, Figures, Requirement, Strength, load
from chassis.policy.judging import Rule, judge, rule
from chassis.policy.outcome import (
    MET,
    NOT_APPLICABLE,
    Outcome,
    Unit,
    at_least,
    at_most,
    none_missing,
    not_met,
    ratio_at_least,
    unknown,
)
from chassis.policy.verdict import Finding, Refused, Verdict, Waiver

__all__ = [
    "MET",
    "NOT_APPLICABLE",
    "Edition",
    "Figures",
    "Finding",
    "Outcome",
    "Refused",
    "Requirement",
    "Rule",
    "Strength",
    "Unit",
    "Verdict",
    "Waiver",
    "at_least",
    "at_most",
    "judge",
    "load",
    "none_missing",
    "not_met",
    "ratio_at_least",
    "rule",
    "unknown",
]
