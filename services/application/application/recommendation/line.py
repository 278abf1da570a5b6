"""Which desks an application passes (推荐线): the tenants from the one that supervises its unit up to the province."""

from chassis.identity import line


def first_desk(affiliation: str) -> str:
    """Where it is recommended first: the county of an enterprise, the province for the province's own units."""
    return affiliation


def next_desk(desk: str) -> str | None:
    """The desk above; None when this one was the province's."""
    above = line(desk)[:-1]
    return above[-1] if above else None
