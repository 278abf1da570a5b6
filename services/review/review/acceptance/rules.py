"""Whose opinions an acceptance needs (A22.1), and who may not give one (A25.2). Pure."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from chassis.policy import MET, Figures, Outcome, none_missing, not_met, rule

ASPECTS = ("completion", "uptake")


@dataclass(frozen=True, slots=True)
class AcceptanceOpinions:
    """The opinions that were given, each as `PARTY.aspect`."""

    given: tuple[str, ...]


@rule("A22.1")
def every_party_has_spoken(opinions: AcceptanceOpinions, figures: Figures) -> Outcome:
    """Each of the `parties` has spoken of completion and of uptake."""
    return none_missing(asked(figures.listed("parties")), opinions.given)


@dataclass(frozen=True, slots=True)
class Speaker:
    """Why a person might not speak: of the applying unit, the project's own leader, or sanctioned."""

    same_unit: bool
    own_project: bool
    sanctioned: bool


@rule("A25.2")
def the_speaker_is_free(speaker: Speaker, figures: Figures) -> Outcome:
    """Nobody judges the work of their own unit or their own, nor while sanctioned."""
    held = {"SAME_UNIT": speaker.same_unit, "OWN_APPLICATION": speaker.own_project, "SANCTIONED": speaker.sanctioned}
    reasons = [name for name, holds in held.items() if holds]
    return not_met(*reasons, shortfall=len(reasons)) if reasons else MET


OPINION_RULES = (every_party_has_spoken,)
SPEAKER_RULES = (the_speaker_is_free,)


def asked(parties: Sequence[str]) -> list[str]:
    """The opinions these parties are asked for, each as `PARTY.aspect`."""
    return [f"{party}.{aspect}" for party in parties for aspect in ASPECTS]


def favourable(said: Collection[tuple[str, str]], core: Sequence[str]) -> bool:
    """Whether no core opinion is a rejection: core ones cannot be outvoted. `said`: opinion by `PARTY.aspect`."""
    opinions = dict(said)
    return all(opinions.get(name) in ("APPROVE", "PARTLY") for name in asked(core))
