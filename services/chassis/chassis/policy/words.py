"""A finding in words, in both languages (X4): made at the edge, from the edition's texts and the outcome's figures."""

from dataclasses import dataclass

from chassis.money import yuan
from chassis.policy.edition import Words
from chassis.policy.outcome import Unit
from chassis.policy.verdict import Finding


@dataclass(frozen=True, slots=True)
class Said:
    """What people read of one finding. `required` and `found` are figures with their unit's usual form."""

    requirement: str
    article: int
    strength: str
    message: Words
    way_forward: Words
    required: str | None
    found: str | None
    waivable: bool
    waived: bool


def quantity(amount: int | None, unit: Unit | None) -> str | None:
    """A figure as people read it: fen as yuan with two places, basis points as percent with two places."""
    if amount is None:
        return None
    if unit is Unit.FEN:
        return yuan(amount)
    if unit is Unit.BASIS_POINT:
        return f"{amount // 100}.{amount % 100:02}%"
    return str(amount)


def say(finding: Finding) -> Said:
    """Put a finding in words. KeyError when the edition's message asks for a blank that nobody fills."""
    outcome, text = finding.outcome, finding.requirement
    shown = {
        "required": quantity(outcome.required, outcome.unit),
        "found": quantity(outcome.found, outcome.unit),
        "short": quantity(outcome.shortfall, Unit.FEN if outcome.unit is Unit.BASIS_POINT else outcome.unit),
    }
    blanks = {**finding.figures.named, **shown, **outcome.said}
    missing = [text.terms.get(code, Words(zh=code, en=code)) for code in outcome.missing]
    zh = {**blanks, "missing": "、".join(term.zh for term in missing)}
    en = {**blanks, "missing": ", ".join(term.en for term in missing)}
    return Said(
        requirement=finding.id,
        article=text.article,
        strength=text.strength,
        message=Words(zh=text.message.zh.format(**zh), en=text.message.en.format(**en)),
        way_forward=Words(zh=text.way_forward.zh.format(**zh), en=text.way_forward.en.format(**en)),
        required=shown["required"],
        found=shown["found"],
        waivable=finding.waivable,
        waived=finding.waiver is not None,
    )
