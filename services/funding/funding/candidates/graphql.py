"""What the rooms of funding share in GraphQL: named here once, before any type uses it."""

import strawberry

from funding.candidates.tables import FiscalLevel

__all__ = ["FiscalLevel"]

strawberry.enum(FiscalLevel, description="Which level's fiscal money (财政层级).")
