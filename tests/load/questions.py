"""What the benchmarks ask the application service, as a front end would."""

_INDICATORS = "indicators { name unit target verification core }"
_BUDGET = "budget { source level amount }"
ROW = f"""id number title state desk unitCode leader industry committed total requestedTotal createdAt submittedAt
  {_INDICATORS} {_BUDGET}"""

LIST = f"""query Page($first: Int!, $after: String, $entry: ID, $state: ApplicationState) {{
  applications(first: $first, after: $after, entryId: $entry, state: $state) {{
    edges {{ cursor node {{ {ROW} }} }}
    pageInfo {{ hasNextPage endCursor }}
  }}
}}"""
SINGLE = f"""query One($id: ID!) {{
  application(id: $id) {{
    {ROW} members partnerUnits rdSpending rdRevenue rdYear
    attachments {{ name digest }}
    recommendations {{ desk decision reason decidedAt }}
  }}
}}"""
ENTITIES = f"""query Known($representations: [_Any!]!) {{
  _entities(representations: $representations) {{ ... on Application {{ {ROW} }} }}
}}"""
UNITS = """query Units($first: Int!) {
  units(first: $first) { edges { cursor node { code name kind regionCode home affiliation industry } }
    pageInfo { hasNextPage endCursor } }
}"""
UNIT = "query Unit($code: String!) { unit(code: $code) { code name kind regionCode home affiliation industry } }"
PAGE = 50


def representations(ids: tuple[str, ...]) -> dict[str, object]:
    """The variables of ENTITIES."""
    return {"representations": [{"__typename": "Application", "id": id} for id in ids]}
