"""The draw of experts (专家抽取), as computed here; `verify_draw.py` computes it anew without this file. Pure.

Frozen and published before anyone can know the seed: the experts of the field under pseudonyms of this round, the
applicants' units and people likewise, whom that excludes, the quotas. Two persons commit to values, then reveal
them; the seed comes from both; experts rank by HMAC under the seed and fill the quotas in that order. Within a
quota an employer gets one seat of the panel; only where that leaves seats empty do further ones of an employer
follow, in rank order.
"""

import hashlib
import hmac
import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

PROTOCOL = "jiebang-draw-1"
ANY = "ANY"
ENTERPRISE = "ENTERPRISE"
Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class PoolMember:
    """One expert of the round's field, as registered. `unit` and `ties` are credit codes."""

    person: str
    unit: str
    employer: str
    ties: tuple[str, ...] = ()
    sanctioned: bool = False


@dataclass(frozen=True, slots=True)
class Plan:
    """What a draw is for. `units`: of leads and partners; `people`: leaders and members of the applications."""

    round: str
    field: str
    panel_size: int
    enterprise_minimum: int
    units: Collection[str]
    people: Collection[str]


def sha256(text: str) -> str:
    """The hex digest of a text."""
    return hashlib.sha256(text.encode()).hexdigest()


def pseudonym(salt: str, person: str) -> str:
    """The name of a person within one round; only who holds the salt can tell."""
    return sha256(f"jiebang-person|{salt}|{person}")


def unit_token(salt: str, code: str) -> str:
    """The name of a unit within one round."""
    return sha256(f"jiebang-unit|{salt}|{code}")


def registered(plan: Plan, pool: Sequence[PoolMember], salt: str, parties: Sequence[str]) -> Json:
    """Everything that the draw rests on, as it is published."""
    experts = [
        {
            "pseudonym": pseudonym(salt, member.person),
            "unit": unit_token(salt, member.unit),
            "ties": sorted(unit_token(salt, code) for code in member.ties),
            "employer": member.employer,
            "sanctioned": member.sanctioned,
        }
        for member in pool
    ]
    said: Json = {
        "protocol": PROTOCOL,
        "round": plan.round,
        "field": plan.field,
        "panel_size": plan.panel_size,
        "quotas": [
            {"employer": ENTERPRISE, "seats": plan.enterprise_minimum},
            {"employer": ANY, "seats": plan.panel_size - plan.enterprise_minimum},
        ],
        "parties": sorted(parties),
        "salt_digest": sha256(salt),
        "applicant_units": sorted({unit_token(salt, code) for code in plan.units}),
        "applicant_people": sorted({pseudonym(salt, person) for person in plan.people}),
        "experts": sorted(experts, key=lambda expert: str(expert["pseudonym"])),
    }
    return {**said, "excluded": excluded(said)}


def excluded(said: Mapping[str, Any]) -> list[Json]:
    """Whom recusal and sanctions keep out of the draw, with every reason (A25.2)."""
    units, people, out = set(said["applicant_units"]), set(said["applicant_people"]), []
    for expert in said["experts"]:
        reasons = {
            "OWN_APPLICATION": expert["pseudonym"] in people,
            "SAME_UNIT": expert["unit"] in units,
            "DECLARED_INTEREST": not units.isdisjoint(expert["ties"]),
            "SANCTIONED": expert["sanctioned"],
        }
        if any(reasons.values()):
            out.append(
                {"pseudonym": expert["pseudonym"], "reasons": sorted(r for r, holds in reasons.items() if holds)}
            )
    return out


def eligible(said: Mapping[str, Any]) -> list[Json]:
    """The registered experts who can be drawn."""
    out = {each["pseudonym"] for each in said["excluded"]}
    return [expert for expert in said["experts"] if expert["pseudonym"] not in out]


def registration_of(said: Mapping[str, Any]) -> str:
    """The registration id: SHA-256 over the canonical JSON of what is registered."""
    return sha256(json.dumps(said, ensure_ascii=False, sort_keys=True, separators=(",", ":")))


def commitment_of(registration: str, party: str, value: str) -> str:
    """What a party publishes before it reveals `value`."""
    return sha256(f"jiebang-draw|{registration}|{party}|{value}")


def seed_of(registration: str, values: Mapping[str, str]) -> str:
    """SHA-256 over the registration id and the values in the order of their parties, each with its length before."""
    texts = [registration, *(values[party] for party in sorted(values))]
    parts = [text.encode() for text in texts]
    return hashlib.sha256(b"".join(len(part).to_bytes(8, "big") + part for part in parts)).hexdigest()


def ranking(seed: str, pseudonyms: Collection[str]) -> list[str]:
    """The order in which seats are offered."""
    key = bytes.fromhex(seed)
    return sorted(pseudonyms, key=lambda name: (hmac.new(key, name.encode(), hashlib.sha256).hexdigest(), name))


def seated(said: Mapping[str, Any], ranked: Sequence[str]) -> list[Json]:
    """Fill the quotas in their order."""
    experts = {expert["pseudonym"]: expert for expert in said["experts"]}
    panel: list[Json] = []
    units: set[str] = set()
    for quota in said["quotas"]:
        kind, left = quota["employer"], quota["seats"]
        for one_per_unit in (True, False):
            for name in ranked:
                expert, taken = experts[name], any(seat["pseudonym"] == name for seat in panel)
                if left == 0 or taken or kind not in (ANY, expert["employer"]):
                    continue
                if one_per_unit and expert["unit"] in units:
                    continue
                panel.append({"pseudonym": name, "quota": kind})
                units.add(expert["unit"])
                left -= 1
    return panel


def opened(said: Json) -> Json:
    """The record of a draw that has just been registered."""
    return {
        "registration": registration_of(said), "registered": said, "commitments": {}, "values": {},
        "seed": None, "ranking": [], "panel": [],
    }  # fmt: skip


def completed(record: Json) -> Json:
    """The record with seed, ranking and panel, once both values are there."""
    said = record["registered"]
    seed = seed_of(record["registration"], record["values"])
    ranked = ranking(seed, [expert["pseudonym"] for expert in eligible(said)])
    return {**record, "seed": seed, "ranking": ranked, "panel": seated(said, ranked)}
