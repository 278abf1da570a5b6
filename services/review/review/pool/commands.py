"""What can be asked of the pool."""

from collections.abc import Sequence

from chassis.database import Tx
from chassis.identity import expert_label
from chassis.problems import BadInput
from review.pool import queries
from review.pool.tables import EmployerKind, Expert


async def register_expert(
    tx: Tx, *, person: str, unit_code: str, employer_kind: EmployerKind, fields: Sequence[str], ties: Sequence[str]
) -> Expert:
    """Take a person into the pool, or bring their entry up to date; asking twice changes nothing (A13.1).

    BadInput without a field.
    """
    if not person.strip() or not fields:
        raise BadInput("专家须有人员标识和至少一个领域。", "An expert has a person id and at least one field.")
    said = {
        "unit_code": unit_code,
        "employer_kind": employer_kind,
        "fields": sorted(set(fields)),
        "ties": sorted(set(ties)),
    }
    expert = await queries.expert_of(tx.session, person)
    if expert is None:
        expert = Expert(person=person, created_at=tx.now, tenant_path=tx.actor.holds, **said)
        await tx.add(expert.open_along_the_line().open_to(expert_label(person)))
        tx.record("expert-registered", about=expert, employer_kind=employer_kind, fields=said["fields"])
    elif any(getattr(expert, name) != value for name, value in said.items()):
        expert = await tx.locked(Expert, expert.id)
        for name, value in said.items():
            setattr(expert, name, value)
        tx.record("expert-updated", about=expert, employer_kind=employer_kind, fields=said["fields"])
    return expert
