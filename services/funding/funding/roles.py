"""Which roles may run which mutation: a table, tested whole. Whose money it is, the commands check themselves."""

from collections.abc import Mapping

from chassis.identity import Role

_PROVINCE = frozenset({Role.PROVINCE_OFFICER})
_UNIT = frozenset({Role.APPLICANT, Role.UNIT_ADMIN})
_TREASURY = frozenset({Role.FINANCE, Role.CITY_OFFICER, Role.COUNTY_OFFICER})

ACTIONS: Mapping[str, frozenset[Role]] = {
    "draftPlan": _PROVINCE,
    "addToPlan": _PROVINCE,
    "removeFromPlan": _PROVINCE,
    "reviewPlanCompliance": _PROVINCE | {Role.COMPLIANCE_REVIEWER},
    "approveProject": _PROVINCE,
    "scheduleInstalment": _PROVINCE | {Role.CITY_OFFICER},
    "appropriate": _PROVINCE | _TREASURY,
    "payInstalment": _TREASURY,
    "confirmArrival": _UNIT,
    "recordSpending": _UNIT,
    "adjustSpending": _UNIT,
    "recoverFunds": frozenset({Role.FINANCE, Role.CITY_OFFICER}),
    "closeAccounts": _PROVINCE | {Role.FINANCE, Role.CITY_OFFICER},
}
