"""What the lab shows in GraphQL: nothing, but a schema needs a field."""

import strawberry


@strawberry.type(description="Reads of the lab (试验).")
class Query:
    @strawberry.field(description="Nothing to read (无).")
    def nothing(self) -> str | None:
        return None
