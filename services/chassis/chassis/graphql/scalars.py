"""Scalars of all subgraphs. Bad input is an error that says what is expected."""

import re
from dataclasses import replace
from datetime import UTC, datetime
from typing import NewType

import strawberry
from strawberry.schema.types.base_scalars import DateTimeDefinition
from strawberry.types.scalar import ScalarDefinition

from chassis import money

Money = NewType("Money", int)
CreditCode = NewType("CreditCode", str)
RegionCode = NewType("RegionCode", str)

_CREDIT = re.compile(r"[0-9A-HJ-NP-RTUWXY]{18}|[0-9A-Z]{15,18}")
_REGION = re.compile(r"\d{6}")


def moment(at: datetime) -> str:
    """A moment as PostgreSQL writes it in JSON: in UTC, the fraction without trailing zeros."""
    seconds, dot, fraction = at.astimezone(UTC).replace(tzinfo=None).isoformat().partition(".")
    return f"{seconds}{dot}{fraction.rstrip('0')}+00:00"


def _money(value: object) -> int:
    if not isinstance(value, str):
        raise ValueError('Money is a string in yuan with at most two places, as in "7490000.00".')
    return money.fen(value)


def _credit_code(value: object) -> str:
    if not isinstance(value, str) or not _CREDIT.fullmatch(value):
        raise ValueError("CreditCode is a unified social credit code of 18 characters.")
    return value


def _region_code(value: object) -> str:
    if not isinstance(value, str) or not _REGION.fullmatch(value):
        raise ValueError("RegionCode is six digits of GB/T 2260.")
    return value


SCALARS: dict[object, ScalarDefinition] = {
    datetime: replace(DateTimeDefinition, serialize=moment),
    Money: strawberry.scalar(
        name="Money",
        description='An amount in yuan as a decimal string with two places (金额，元): "7490000.00".',
        serialize=money.yuan,
        parse_value=_money,
    ),
    CreditCode: strawberry.scalar(
        name="CreditCode", description="Unified social credit code (统一社会信用代码).", parse_value=_credit_code
    ),
    RegionCode: strawberry.scalar(
        name="RegionCode", description="Region code of GB/T 2260 (行政区划代码).", parse_value=_region_code
    ),
}
