"""Check the record of a draw of review experts (专家抽取): one file, the standard library only.

    python verify_draw.py record.json [registration]

`record.json` is the field `drawRecord` of a round. `registration` is the registration id as somebody noted it when the
draw was registered; without it the record is only checked against itself.

Proved: what was registered is what the draw used; whom units, people and sanctions exclude follows from it, nobody
more and nobody less; both values are what was committed to; seed, ranking and panel follow. Not proved: that the pool,
the employers and the sanctions are true, when anything was published, and that the two parties did not collude.
Exit status: 0 when everything holds, 1 when not.
"""

import hashlib
import hmac
import json
import sys
from pathlib import Path
from typing import Any

FIELDS = {"registration", "registered", "commitments", "values", "seed", "ranking", "panel"}


class Wrong(Exception):
    """The record is not what the protocol yields; says which part."""


def sha256(data: bytes) -> str:
    """The hex digest."""
    return hashlib.sha256(data).hexdigest()


def check(part: str, holds: bool, why: str) -> None:
    """Raise Wrong, naming the part, unless it holds."""
    if not holds:
        raise Wrong(f"{part}: {why}")


def verify(record: dict[str, Any], registration: str | None = None) -> None:
    """Recompute everything; raises Wrong with the first part that does not hold."""
    check("record", isinstance(record, dict) and set(record) == FIELDS, "these are not the fields of a draw record")
    said = record["registered"]
    canonical = json.dumps(said, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()
    check("registration", sha256(canonical) == record["registration"], "it is not the digest of what is registered")
    if registration is not None:
        check("registration", registration == record["registration"], "it is not the one you noted")
    check("registered.protocol", said["protocol"] == "jiebang-draw-1", "this verifier does not know the protocol")
    verify_exclusions(said)
    verify_quotas(said)
    verify_values(record, said["parties"])
    verify_panel(record, said)


def verify_exclusions(said: dict[str, Any]) -> None:
    """Units, people, declared ties and sanctions exclude exactly those whom the registration names."""
    names = [expert["pseudonym"] for expert in said["experts"]]
    check("registered.experts", len(set(names)) == len(names), "an expert is there twice")
    should = {}
    for expert in said["experts"]:
        reasons = []
        if any(tie in said["applicant_units"] for tie in expert["ties"]):
            reasons.append("DECLARED_INTEREST")
        if expert["pseudonym"] in said["applicant_people"]:
            reasons.append("OWN_APPLICATION")
        if expert["unit"] in said["applicant_units"]:
            reasons.append("SAME_UNIT")
        if expert["sanctioned"] is True:
            reasons.append("SANCTIONED")
        if reasons:
            should[expert["pseudonym"]] = reasons
    found = {each["pseudonym"]: each["reasons"] for each in said["excluded"]}
    check("registered.excluded", len(found) == len(said["excluded"]), "somebody is there twice")
    for name in sorted(should.keys() | found.keys()):
        check("registered.excluded", should.get(name) == found.get(name), f"{name} is wrongly in, out or reasoned")


def verify_quotas(said: dict[str, Any]) -> None:
    """The quotas make up the panel."""
    seats = [quota["seats"] for quota in said["quotas"]]
    whole = all(type(count) is int and count >= 0 for count in seats)
    check("registered.quotas", whole and sum(seats) == said["panel_size"], "they do not make up the panel")


def verify_values(record: dict[str, Any], parties: list[str]) -> None:
    """Two different parties committed, and revealed what they had committed to."""
    check("registered.parties", len(parties) == 2 and len(set(parties)) == 2, "a draw has two parties")
    check("commitments", set(record["commitments"]) == set(parties), "not every party has committed (yet)")
    check("values", set(record["values"]) == set(parties), "not every party has revealed (yet)")
    for party in parties:
        text = "|".join(["jiebang-draw", record["registration"], party, record["values"][party]])
        check(
            f"values.{party}", sha256(text.encode()) == record["commitments"][party], "it is not what was committed to"
        )


def verify_panel(record: dict[str, Any], said: dict[str, Any]) -> None:
    """Seed, ranking and panel follow from registration and values."""
    material = b""
    for text in [record["registration"], *(record["values"][party] for party in sorted(said["parties"]))]:
        material += len(text.encode()).to_bytes(8, "big") + text.encode()
    seed = sha256(material)
    check("seed", record["seed"] == seed, f"it should be {seed}")
    out = {each["pseudonym"] for each in said["excluded"]}
    scored = []
    for expert in said["experts"]:
        if expert["pseudonym"] not in out:
            tag = hmac.new(bytes.fromhex(seed), expert["pseudonym"].encode(), hashlib.sha256)
            scored.append((tag.hexdigest(), expert["pseudonym"]))
    ranking = [name for _, name in sorted(scored)]
    check("ranking", record["ranking"] == ranking, "it is not the order of the experts under the seed")
    panel = fill(said, ranking)
    check("panel", len(panel) == said["panel_size"], "the eligible experts cannot fill it")
    check("panel", record["panel"] == panel, "these are not the experts whom the ranking seats")


def fill(said: dict[str, Any], ranking: list[str]) -> list[dict[str, str]]:
    """Quota by quota in rank order: first one seat per employer of the whole panel, then whoever is left."""
    by_name = {expert["pseudonym"]: expert for expert in said["experts"]}
    seats: dict[str, str] = {}
    employers: set[str] = set()
    for quota in said["quotas"]:
        fitting = [n for n in ranking if quota["employer"] in ("ANY", by_name[n]["employer"])]
        wanted = len(seats) + quota["seats"]
        for name in fitting:
            if len(seats) < wanted and name not in seats and by_name[name]["unit"] not in employers:
                seats[name] = quota["employer"]
                employers.add(by_name[name]["unit"])
        for name in fitting:
            if len(seats) < wanted and name not in seats:
                seats[name] = quota["employer"]
                employers.add(by_name[name]["unit"])
    return [{"pseudonym": name, "quota": quota} for name, quota in seats.items()]


def main(arguments: list[str]) -> int:
    """Print the verdict; returns the exit status."""
    if len(arguments) not in (1, 2):
        print("usage: python verify_draw.py record.json [registration]", file=sys.stderr)
        return 1
    try:
        record = json.loads(Path(arguments[0]).read_text(encoding="utf-8"))
        verify(record, arguments[1] if len(arguments) == 2 else None)
    except Wrong as wrong:
        print(f"WRONG 不成立  {wrong}")
        return 1
    except (OSError, ValueError, KeyError, TypeError, AttributeError, IndexError) as error:
        print(f"WRONG 不成立  record: it cannot be read as one ({error!r})")
        return 1
    against = "" if len(arguments) == 2 else "; pass the registration id you noted to check it against that"
    print(f"HOLDS 成立  panel of {len(record['panel'])}, registration {record['registration']}{against}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
