"""A desk's decision in GraphQL."""

from datetime import datetime
from typing import Self

import strawberry

from application.recommendation.tables import Recommendation, RecommendationDecision
from chassis.graphql.projection.declare import rows_of

strawberry.enum(RecommendationDecision, description="What a desk decided (推荐决定).")


@rows_of(Recommendation)
@strawberry.type(name="Recommendation", description="What one desk decided (推荐意见).")
class RecommendationView:
    desk: str = strawberry.field(description="The tenant that decided (办理环节).")
    decision: RecommendationDecision = strawberry.field(description="What it decided (决定).")
    reason: str = strawberry.field(description="Why (理由).")
    decided_at: datetime = strawberry.field(description="When (时间).")

    @classmethod
    def of(cls, row: Recommendation) -> Self:
        """The view of a row."""
        return cls(desk=row.desk, decision=row.decision, reason=row.reason, decided_at=row.decided_at)
