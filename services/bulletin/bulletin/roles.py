"""Which roles may run which mutation: a table, tested whole."""

from collections.abc import Mapping

from chassis.identity import Role

ACTIONS: Mapping[str, frozenset[Role]] = {
    "proposeProgramme": frozenset({Role.PROVINCE_OFFICER}),
    "advanceProgramme": frozenset({Role.PROVINCE_OFFICER}),
}
