"""Which roles may run which mutation: a table, tested whole."""

from collections.abc import Mapping

from chassis.identity import Role

_OFFICER = frozenset({Role.PROVINCE_OFFICER})
_PARTY = frozenset({Role.PROVINCE_OFFICER, Role.INSPECTOR})
_EXPERT = frozenset({Role.EXPERT})

ACTIONS: Mapping[str, frozenset[Role]] = {
    "registerExpert": frozenset({Role.PLATFORM_MANAGER}),
    "openRound": _OFFICER,
    "screenRound": _OFFICER,
    "registerDraw": _OFFICER,
    "commitToDraw": _PARTY,
    "revealForDraw": _PARTY,
    "declareInterest": _EXPERT,
    "scoreCandidate": _EXPERT,
    "cutBudget": _OFFICER,
    "decideCandidate": _OFFICER,
    "giveAcceptanceOpinion": frozenset({Role.DEMAND_SIDE, Role.END_USER, Role.EXPERT}),
}
