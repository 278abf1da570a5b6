"""Whose project it is to act on: the row-level security says who may touch a row, this says who has the say."""

from chassis.database import Tx
from chassis.identity import Role
from chassis.problems import Forbidden
from oversight.projects.tables import Project


def by_manager(tx: Tx, project: Project) -> None:
    """Forbidden unless the caller's office is the tenant that manages the project (A17.2)."""
    if tx.actor.tenant != project.manager:
        raise Forbidden("manager")


def by_manager_or_province(tx: Tx, project: Project) -> None:
    """Forbidden unless the caller is an officer of the managing tenant, or of the province."""
    if Role.PROVINCE_OFFICER not in tx.actor.roles:
        by_manager(tx, project)


def by_unit(tx: Tx, project: Project) -> None:
    """Forbidden unless the caller acts for the unit that carries the project."""
    if tx.actor.unit != project.unit_code:
        raise Forbidden("unit")


def by_leader(tx: Tx, project: Project) -> None:
    """Forbidden unless the caller is the project's leader: the natural person, whatever the account."""
    if tx.actor.person != project.leader_person:
        raise Forbidden("leader")
