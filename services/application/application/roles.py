"""Which roles may run which mutation: a table, tested whole."""

from collections.abc import Mapping

from chassis.identity import Role

_UNIT = frozenset({Role.APPLICANT, Role.UNIT_ADMIN})
_OFFICERS = frozenset({Role.COUNTY_OFFICER, Role.CITY_OFFICER, Role.PROVINCE_OFFICER})
_DESKS = _OFFICERS | {Role.RECOMMENDER}
_PLATFORM = frozenset({Role.PLATFORM_MANAGER})

ACTIONS: Mapping[str, frozenset[Role]] = {
    "registerUnit": _PLATFORM,
    "registerPerson": _PLATFORM,
    "draftApplication": _UNIT,
    "submitApplication": _UNIT,
    "withdrawApplication": _UNIT,
    "askForWaiver": _UNIT,
    "waiveForApplication": frozenset({Role.WAIVER_APPROVER}),
    "recommendApplication": _DESKS,
    "returnApplication": _DESKS,
    "refuseApplication": _DESKS,
    "registerApplicationStub": _OFFICERS,
}
