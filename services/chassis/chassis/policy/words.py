"""A finding in words, in both languages (X4): made at the edge, from the edition's texts and the outcome's figures."""

from collections.abc import Mapping
from dataclasses import dataclass

from chassis.money import yuan
from chassis.policy.edition import Words
from chassis.policy.outcome import Unit
from chassis.policy.verdict import Finding

NOTHING_TO_DO = Words(zh="无需处理。", en="Nothing to do.")


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
    met: bool
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
        "short": quantity(outcome.shortfall, outcome.short_unit or outcome.unit),
    }
    if outcome.met:
        fulfilled = text.met or Words(zh=f"已满足：{text.title.zh}。", en=f"Met: {text.title.en}.")
        message, way_forward = _filled(finding, fulfilled, shown), NOTHING_TO_DO
    else:
        message, way_forward = _filled(finding, text.message, shown), _filled(finding, text.way_forward, shown)
    return Said(
        requirement=finding.id,
        article=text.article,
        strength=text.strength,
        message=message,
        way_forward=way_forward,
        required=shown["required"],
        found=shown["found"],
        met=outcome.met,
        waivable=finding.waivable,
        waived=finding.waiver is not None,
    )


def _filled(finding: Finding, words: Words, shown: Mapping[str, str | None]) -> Words:
    """The edition's words with their blanks filled."""
    outcome = finding.outcome
    known = {name: "—" if said is None else said for name, said in shown.items()}
    blanks = {**finding.figures.named, **known, **outcome.said}
    missing = [finding.requirement.terms.get(code, Words(zh=code, en=code)) for code in outcome.missing]
    zh = words.zh.format(**{**blanks, "missing": "、".join(term.zh for term in missing)})
    en = words.en.format(**{**blanks, "missing": ", ".join(term.en for term in missing)})
    return Words(zh=zh, en=en)
