"""Who asks: a JWT verified against the issuer's keys, again in every service; and what they may see and hold."""

import asyncio
import json
import logging
import re
import time
import urllib.request
from dataclasses import dataclass
from enum import StrEnum

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet, KeySetSerialization

AUDIENCE = "jiebang"
ALGORITHMS = ["ES256"]
EVERYONE = "everyone"
SERVICE = "service"
FRESH_KEYS_SECONDS = 10
BELIEVED_SECONDS, BELIEVED_TOKENS = 30, 10_000
"""How long, at most, and how many verified tokens are believed without looking again: a key that was withdrawn."""

log = logging.getLogger(__name__)

_PATH = re.compile(r"\w+(\.\w+)*", re.ASCII)
_NAME = re.compile(r"[^\s,]+")


class Role(StrEnum):
    """What a person does in the course of a project. The list is closed."""

    APPLICANT = "applicant"
    UNIT_ADMIN = "unit-admin"
    COUNTY_OFFICER = "county-officer"
    CITY_OFFICER = "city-officer"
    PROVINCE_OFFICER = "province-officer"
    RECOMMENDER = "recommender"
    COMPLIANCE_REVIEWER = "compliance-reviewer"
    WAIVER_APPROVER = "waiver-approver"
    EXPERT = "expert"
    DEMAND_SIDE = "demand-side"
    END_USER = "end-user"
    FINANCE = "finance"
    INSPECTOR = "inspector"
    COMMISSIONER = "commissioner"
    PLATFORM_MANAGER = "platform-manager"
    AUDITOR = "auditor"
    MUNICIPAL_SYSTEM = "municipal-system"
    OBSERVER = "observer"


_SEE_THEIR_TENANT = frozenset(Role) - {
    Role.APPLICANT, Role.UNIT_ADMIN, Role.EXPERT, Role.DEMAND_SIDE, Role.END_USER, Role.OBSERVER,
}  # fmt: skip
_HOLD_THEIR_TENANT = _SEE_THEIR_TENANT - {Role.AUDITOR}


def unit_label(code: str) -> str:
    """The reader label of a unit, by its credit code."""
    return f"unit:{code}"


def expert_label(person: str) -> str:
    """The reader label of an expert who is assigned to something."""
    return f"expert:{person}"


def line(path: str) -> tuple[str, ...]:
    """The region line: the tenant itself and every tenant above it, the province first."""
    labels = path.split(".")
    return tuple(".".join(labels[:end]) for end in range(1, len(labels) + 1))


@dataclass(frozen=True, slots=True)
class Principal:
    """Who acts. `person` is the natural person behind the account; `unit` a credit code; `tenant` a path."""

    subject: str
    person: str
    roles: frozenset[Role]
    tenant: str
    unit: str | None = None

    @property
    def readers(self) -> tuple[str, ...]:
        """The labels whose rows this principal may see (`app.readers`)."""
        sees_tenant = (self.tenant,) if self.roles & _SEE_THEIR_TENANT else ()
        return (*sees_tenant, *self.selves, EVERYONE)

    @property
    def selves(self) -> tuple[str, ...]:
        """The labels that are this principal: rows owned by one of them may be written (`app.selves`)."""
        unit = (unit_label(self.unit),) if self.unit and self.roles & {Role.APPLICANT, Role.UNIT_ADMIN} else ()
        expert = (expert_label(self.person),) if Role.EXPERT in self.roles else ()
        return (*unit, *expert, f"person:{self.person}") if self.person else (*unit, *expert)

    @property
    def holds(self) -> str:
        """The tenant whose rows this principal may write (`app.tenant`); empty for those without an office."""
        return self.tenant if self.roles & _HOLD_THEIR_TENANT else ""


@dataclass(frozen=True, slots=True)
class ServicePrincipal:
    """A service that reacts to an event or a timer: it sees and holds everything of its own."""

    subject: str
    holds: str
    person: str = ""
    roles: frozenset[Role] = frozenset()
    unit: str | None = None
    readers: tuple[str, ...] = (SERVICE,)
    selves: tuple[str, ...] = ()

    @property
    def tenant(self) -> str:
        """The root of the tree."""
        return self.holds


VISITOR = Principal("visitor", "", frozenset(), "")
"""Who comes without a token: sees what is published to everyone."""

Actor = Principal | ServicePrincipal


class Unauthenticated(Exception):
    """The token is missing, forged, expired or for somebody else."""


class Keys:
    """The issuer's public keys, fetched once and again when a key id is unknown (at most every 10 s)."""

    def __init__(self, issuer: str) -> None:
        self.issuer = issuer
        self._keys: KeySet | None = None
        self._asked = -float(FRESH_KEYS_SECONDS)
        self._believed: dict[str, tuple[Principal, float]] = {}

    def believed(self, token: str) -> Principal | None:
        """Whose token this is, when it was verified a moment ago and has not expired since."""
        principal, until = self._believed.get(token, (None, 0.0))
        return principal if time.time() < until else None

    def believe(self, token: str, principal: Principal, expires: float) -> None:
        """Remember a verified token; `expires` in seconds since the epoch."""
        if len(self._believed) >= BELIEVED_TOKENS:
            self._believed.clear()
        self._believed[token] = principal, min(expires, time.time() + BELIEVED_SECONDS)

    async def get(self, *, fresh: bool = False) -> KeySet:
        """The key set; `fresh` asks the issuer again unless it was asked just now. Old keys outlive a lost issuer."""
        if self._keys is None:
            self._keys = KeySet.import_key_set(await asyncio.to_thread(self._fetch))
        elif fresh and time.monotonic() - self._asked > FRESH_KEYS_SECONDS:
            self._asked = time.monotonic()  # before the answer: a flood of bad tokens is one question, answered or not
            try:
                self._keys = KeySet.import_key_set(await asyncio.to_thread(self._fetch))
            except (OSError, ValueError) as error:
                log.warning("the issuer's keys could not be fetched again: %r", error)
        return self._keys

    def _fetch(self) -> KeySetSerialization:
        with urllib.request.urlopen(f"{self.issuer}/jwks.json", timeout=5) as answer:
            found: KeySetSerialization = json.load(answer)
            return found


async def authenticate(header: str | None, keys: Keys) -> Principal:
    """The principal of an Authorization header, the visitor without one; Unauthenticated when it is no good."""
    if not header:
        return VISITOR
    scheme, _, token = header.partition(" ")
    if scheme.lower() != "bearer":
        raise Unauthenticated("not a bearer token")
    if (known := keys.believed(token)) is not None:
        return known
    try:
        try:
            decoded = jwt.decode(token, await keys.get(), algorithms=ALGORITHMS)
        except (JoseError, ValueError):
            decoded = jwt.decode(token, await keys.get(fresh=True), algorithms=ALGORITHMS)
        jwt.JWTClaimsRegistry(
            iss={"essential": True, "value": keys.issuer},
            aud={"essential": True, "value": AUDIENCE},
            exp={"essential": True},
        ).validate(decoded.claims)
        principal = principal_of(decoded.claims)
        keys.believe(token, principal, float(decoded.claims["exp"]))
        return principal
    except (JoseError, ValueError, KeyError, TypeError) as error:
        raise Unauthenticated(str(error)) from error


def principal_of(claims: dict[str, object]) -> Principal:
    """The principal that verified claims speak of; ValueError for a label that could pass for another or several."""
    roles, tenant = claims["roles"], _label(claims["tenant"], _PATH)
    if not isinstance(roles, list):
        raise ValueError("roles are a list")
    subject = claims["sub"]
    if not isinstance(subject, str) or not subject or subject.startswith(f"{SERVICE}:"):
        raise ValueError("this subject is nobody's")
    if tenant in (EVERYONE, SERVICE):
        raise ValueError("this label is no tenant's")
    return Principal(
        subject=subject,
        person=_label(claims["person"], _NAME),
        roles=frozenset(Role(role) for role in roles),
        tenant=tenant,
        unit=_label(claims["org"], _NAME) if claims.get("org") else None,
    )


def _label(claim: object, form: re.Pattern[str]) -> str:
    if not isinstance(claim, str) or not form.fullmatch(claim):
        raise ValueError("a claim is not a label")
    return claim
