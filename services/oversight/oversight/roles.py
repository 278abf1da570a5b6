"""Which roles may run which mutation: a table, tested whole. Whose project it is, is asked in `projects/access`."""

from collections.abc import Mapping

from chassis.identity import Role

_OFFICERS = frozenset({Role.PROVINCE_OFFICER, Role.CITY_OFFICER})
_UNIT = frozenset({Role.APPLICANT, Role.UNIT_ADMIN})

ACTIONS: Mapping[str, frozenset[Role]] = {
    "draftPledge": _OFFICERS,
    "signPledge": _UNIT,
    "startProject": _OFFICERS,
    "addMilestone": _OFFICERS,
    "checkMilestone": _OFFICERS,
    "waiveForProject": frozenset({Role.WAIVER_APPROVER}),
    "applyForAcceptance": _UNIT,
    "concludeAcceptance": _OFFICERS,
    "closeProject": _OFFICERS,
    "terminateProject": _OFFICERS,
}

ALL_SANCTIONS = frozenset({Role.PROVINCE_OFFICER, Role.AUDITOR})
"""Who may look through everybody's integrity record, as far as their tenant reaches; others see their own."""
