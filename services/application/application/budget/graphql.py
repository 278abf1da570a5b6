"""The words of budgets in GraphQL; import them from here, so that they are registered before they are used."""

import strawberry

from application.budget.rules import Level, Source

__all__ = ["Level", "Source"]

strawberry.enum(Source, name="FundingSource", description="Where money comes from (经费来源).")
strawberry.enum(Level, name="FiscalLevel", description="Which level's fiscal money (财政层级).")
