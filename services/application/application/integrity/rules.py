"""The integrity check (科研诚信审核) over a leader and members, A26.1."""

from dataclasses import dataclass
from datetime import date

from chassis.policy import Figures, Outcome, Unit, at_most, rule


@dataclass(frozen=True, slots=True)
class Bar:
    """A sanction's term, both days included; `until` None is for life. `requirement` is what it rests on."""

    person: str
    since: date
    until: date | None
    requirement: str

    def binds(self, day: date) -> bool:
        """Whether the person is barred on that day."""
        return self.since <= day <= (self.until or date.max)


@dataclass(frozen=True, slots=True)
class Standing:
    """The bars ever imposed on the people of an application, and the day that counts."""

    bars: tuple[Bar, ...]
    day: date


@rule("A26.1")
def nobody_is_within_a_sanction(standing: Standing, figures: Figures) -> Outcome:
    """No bar binds on the day. The finding says on which requirement each rests and until when."""
    binding = sorted((bar for bar in standing.bars if bar.binds(standing.day)), key=lambda bar: bar.person)
    outcome = at_most(len({bar.person for bar in binding}), 0, unit=Unit.COUNT)
    return outcome.saying(
        bars_zh=_said(binding, figures, "zh", "（{}）", "；"), bars_en=_said(binding, figures, "en", " ({})", "; ")
    )


def _said(bars: list[Bar], figures: Figures, tongue: str, frame: str, joint: str) -> str:
    if not bars:
        return ""
    until, lifelong = figures.named[f"until_{tongue}"], figures.named[f"lifelong_{tongue}"]
    terms = [f"{bar.requirement} {f'{until} {bar.until}' if bar.until else lifelong}" for bar in bars]
    return frame.format(joint.join(terms))


INTEGRITY_RULES = (nobody_is_within_a_sanction,)
