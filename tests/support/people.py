"""The personas of the embedded stack, as principals."""

from chassis.identity import Principal, principal_of
from deploy.embedded.tokens import personas


def who(name: str) -> Principal:
    """The persona of that name, as a service sees it; KeyError when there is none."""
    return principal_of({"sub": name, **personas()[name].claims()})
