"""A GraphQL selection becomes one SQL statement whose JSON text passes through graphql-core untouched.

Read in this order: `declare` (what types say), `planner` (selections to SQL), `roots` (records, lists, entities),
`executor` (when a plan answers). Plain execution stays the oracle and the fallback.
"""
