"""Registering units and persons: done again with the same content, nothing changes."""

import re
from datetime import date
from typing import TypeVar

from sqlalchemy import select

from application import reference
from application.texts import label, said
from application.units.tables import Person, Unit, UnitKind
from chassis.database import NotVisible, Tx
from chassis.identity import SERVICE, line, unit_label
from chassis.model import Scoped
from chassis.problems import BadInput

S = TypeVar("S", bound=Scoped)

_PATH = re.compile(r"\w+(\.\w+)*", re.ASCII)


async def register_unit(
    tx: Tx, *, code: str, name: str, kind: UnitKind, region_code: str | None,
    home: str | None, affiliation: str | None, industry: str | None,
) -> Unit:  # fmt: skip
    """Register a unit or correct what is registered (单位登记), by its code.

    Home is by default the registered region, without one the province; affiliation by default the home.
    BadInput for an unknown region, a path outside the province, or an affiliation beside the home's line.
    """
    home = home or _region_path(tx, region_code)
    affiliation = affiliation or home
    _check_places(tx, home, affiliation)
    content: dict[str, object] = {
        "name": said(name, "单位名称", "The unit's name"), "kind": kind, "region_code": region_code,
        "affiliation": affiliation, "industry": industry, "tenant_path": home,
    }  # fmt: skip
    row = await tx.session.scalar(
        select(Unit).where(Unit.code == label(code, "单位代码", "A unit's code")).with_for_update()
    )
    if row is None:
        row = Unit(code=code, created_at=tx.now, **content)
        await tx.add(_seen_by(row, code))
        tx.record("unit-registered", about=row, code=code, kind=kind, home=home, affiliation=affiliation)
    elif _correct(row, content):
        _seen_by(row, code)
        tx.record("unit-corrected", about=row, code=code, kind=kind, home=home, affiliation=affiliation)
    return row


async def register_person(tx: Tx, *, person: str, name: str, birth_date: date, unit_code: str) -> Person:
    """Register a natural person or correct what is registered (人员登记), by the person's id. NotVisible: no unit."""
    unit = await tx.session.scalar(select(Unit).where(Unit.code == unit_code))
    if unit is None:
        raise NotVisible("Unit", unit_code)
    if birth_date >= tx.today:
        raise BadInput("出生日期须早于今天。", "The birth date is in the past.")
    content: dict[str, object] = {
        "name": said(name, "姓名", "The name"), "birth_date": birth_date, "unit_code": unit_code,
        "tenant_path": unit.tenant_path,
    }  # fmt: skip
    row = await tx.session.scalar(
        select(Person).where(Person.person == label(person, "人员编号", "A person's id")).with_for_update()
    )
    if row is None:
        row = Person(person=person, created_at=tx.now, **content)
        await tx.add(_seen_by(row, unit_code))
        tx.record("person-registered", about=row, person=person, unit=unit_code)
    elif _correct(row, content):
        _seen_by(row, unit_code)
        tx.record("person-corrected", about=row, person=person, unit=unit_code)
    return row


def _seen_by(row: S, code: str) -> S:
    """The unit itself and the offices along its line see the row; whoever saw it before does not any more."""
    row.sight = [SERVICE]
    return row.open_to(unit_label(code)).open_along_the_line()


def _correct(row: Scoped, content: dict[str, object]) -> bool:
    """Take over what differs; whether anything did."""
    changed = {name: value for name, value in content.items() if getattr(row, name) != value}
    for name, value in changed.items():
        setattr(row, name, value)
    return bool(changed)


def _region_path(tx: Tx, code: str | None) -> str:
    places = reference.regions(tx.edition)
    if code is None:
        return places.root
    region = places.by_code.get(code)
    if region is None:
        now = "、".join(reference.successors(tx.edition, code))
        zh, en = (f"，现为{now}", f"; it is {now} now") if now else ("", "")
        raise BadInput(f"没有行政区划代码{code}{zh}。", f"There is no region {code} in this province{en}.")
    return region.path


def _check_places(tx: Tx, home: str, affiliation: str) -> None:
    root = reference.regions(tx.edition).root
    for path in (home, affiliation):
        if not _PATH.fullmatch(path) or path.split(".")[0] != root:
            raise BadInput(f"{path}不是本省的租户路径。", f"{path} is no tenant path of this province.")
    if affiliation not in line(home):
        raise BadInput(
            "主管部门须在单位所在地的上级线上。", "The supervising tenant is on the line of the unit's home."
        )
