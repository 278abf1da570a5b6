"""Which roles may run which mutation: a table, tested whole."""

from collections.abc import Mapping

from chassis.identity import Role

ACTIONS: Mapping[str, frozenset[Role]] = {
    "proposeProgramme": frozenset({Role.PROVINCE_OFFICER}),
    "advanceProgramme": frozenset({Role.PROVINCE_OFFICER}),
    "draftEntry": frozenset({Role.PROVINCE_OFFICER}),
    "reviseEntry": frozenset({Role.PROVINCE_OFFICER}),
    "addPanelOpinion": frozenset({Role.PROVINCE_OFFICER}),
    "reviewEntryCompliance": frozenset({Role.COMPLIANCE_REVIEWER, Role.PROVINCE_OFFICER}),
    "publishEntry": frozenset({Role.PROVINCE_OFFICER}),
    "waiveForEntry": frozenset({Role.WAIVER_APPROVER}),
    "registerStub": frozenset({Role.PROVINCE_OFFICER}),
}
