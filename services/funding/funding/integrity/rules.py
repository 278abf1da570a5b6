"""The bar of a leader, in words for the rules of approval and payment."""

from datetime import date

from chassis.policy import MET, Outcome, not_met


def not_barred(barred: bool, until: date | None) -> Outcome:
    """Met when the leader is not barred on the day of the judgement (A26.1)."""
    if not barred:
        return MET.saying(until="—")
    return not_met("BARRED").saying(until=until.isoformat() if until else "∞")
