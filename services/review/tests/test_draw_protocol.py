"""The draw: every honest record verifies, every changed input is found, quotas hold, nobody excluded is drawn."""

import copy
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import verify_draw
from hypothesis import given, settings
from hypothesis import strategies as st
from verify_draw import Wrong, verify

from review.draw import protocol
from review.draw.protocol import PoolMember

SCRIPT = Path(verify_draw.__file__)
PARTIES = ["inspector", "province-officer"]
UNITS = [f"U{number}" for number in range(8)]

members = st.lists(
    st.builds(
        PoolMember,
        person=st.integers(0, 60).map(lambda number: f"EXP-{number}"),
        unit=st.sampled_from(UNITS),
        employer=st.sampled_from(["ENTERPRISE", "UNIVERSITY", "INSTITUTE"]),
        ties=st.lists(st.sampled_from(UNITS), max_size=1).map(tuple),
        sanctioned=st.booleans(),
    ),
    min_size=4, max_size=24, unique_by=lambda member: member.person,
)  # fmt: skip


@st.composite
def records(draw: st.DrawFn) -> dict[str, Any]:
    """A completed record of a draw that its pool can fill."""
    pool = draw(members)
    units, people = draw(st.sets(st.sampled_from(UNITS), max_size=2)), draw(st.sets(st.just(pool[0].person)))
    plan = protocol.Plan("round-1", "新材料", 0, 0, units, people)
    free = protocol.eligible(protocol.registered(plan, pool, "salt", PARTIES))
    size = draw(st.integers(0, len(free)))
    enterprise = min(size, sum(expert["employer"] == "ENTERPRISE" for expert in free))
    plan = protocol.Plan("round-1", "新材料", size, draw(st.integers(0, enterprise)), units, people)
    record = protocol.opened(protocol.registered(plan, pool, draw(st.text("abc", min_size=1)), PARTIES))
    values = {party: draw(st.text(max_size=20)) for party in PARTIES}
    commit = {party: protocol.commitment_of(record["registration"], party, values[party]) for party in PARTIES}
    return protocol.completed({**record, "values": values, "commitments": commit})


def leaves(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """The paths of everything in a record that is no container."""
    inside = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else None
    return [path] if inside is None else [leaf for key, each in inside for leaf in leaves(each, (*path, key))]


def changed(record: dict[str, Any], path: tuple[Any, ...], by: str) -> dict[str, Any]:
    """A copy with one value changed."""
    copied = copy.deepcopy(record)
    at: Any = copied
    for key in path[:-1]:
        at = at[key]
    old = at[path[-1]]
    at[path[-1]] = (not old) if isinstance(old, bool) else old + 1 if isinstance(old, int) else f"{old}{by}"
    return copied


@pytest.mark.requirement("A13.1")
@given(records())
@settings(max_examples=60, deadline=None)
def test_every_honest_draw_verifies(record: dict[str, Any]) -> None:
    verify(json.loads(json.dumps(record)), record["registration"])


@pytest.mark.requirement("A13.1")
@given(records(), st.data())
@settings(max_examples=150, deadline=None)
def test_any_changed_value_is_found(record: dict[str, Any], data: st.DataObject) -> None:
    path = data.draw(st.sampled_from(leaves(record)))
    with pytest.raises((Wrong, KeyError, TypeError)):
        verify(changed(record, path, data.draw(st.sampled_from(["0", "x"]))))


@pytest.mark.requirement("A13.1")
@given(records(), st.data())
@settings(max_examples=60, deadline=None)
def test_a_list_with_something_left_out_is_found(record: dict[str, Any], data: st.DataObject) -> None:
    lists = [record["ranking"], record["panel"], *(v for v in record["registered"].values() if isinstance(v, list))]
    full = [each for each in lists if each]
    data.draw(st.sampled_from(full)).pop()
    with pytest.raises((Wrong, KeyError)):
        verify(record)


@pytest.mark.requirement("A13.1")
@given(records(), st.data())
@settings(max_examples=60, deadline=None)
def test_a_pool_that_was_registered_anew_is_found_by_the_noted_registration(
    record: dict[str, Any], data: st.DataObject
) -> None:
    said = copy.deepcopy(record["registered"])
    said["experts"][data.draw(st.integers(0, len(said["experts"]) - 1))]["unit"] = "another"
    forged = protocol.opened({**said, "excluded": protocol.excluded(said)})
    commit = {p: protocol.commitment_of(forged["registration"], p, record["values"][p]) for p in PARTIES}
    forged = protocol.completed({**forged, "values": record["values"], "commitments": commit})
    with pytest.raises(Wrong, match="registration"):
        verify(forged, record["registration"])


@pytest.mark.requirement("A25.2")
@given(records())
@settings(max_examples=60, deadline=None)
def test_exclusions_that_hide_or_invent_somebody_are_found(record: dict[str, Any]) -> None:
    for keep in (
        [],
        [{"pseudonym": e["pseudonym"], "reasons": ["SAME_UNIT"]} for e in record["registered"]["experts"]],
    ):
        said = {**record["registered"], "excluded": keep}
        if keep == record["registered"]["excluded"]:
            continue
        forged = {**record, "registered": said, "registration": protocol.registration_of(said)}
        with pytest.raises(Wrong, match="excluded"):
            verify(forged)


@pytest.mark.requirement("A13.1", "A13.3")
@given(records())
@settings(max_examples=100, deadline=None)
def test_quotas_hold_and_nobody_excluded_is_drawn(record: dict[str, Any]) -> None:
    said = record["registered"]
    experts = {expert["pseudonym"]: expert for expert in said["experts"]}
    panel = [seat["pseudonym"] for seat in record["panel"]]
    assert len(panel) == len(set(panel)) == said["panel_size"]
    assert not {each["pseudonym"] for each in said["excluded"]} & set(panel)
    enterprise = [experts[name] for name in panel if experts[name]["employer"] == "ENTERPRISE"]
    assert len(enterprise) >= said["quotas"][0]["seats"]
    units = set(said["applicant_units"])
    assert all(experts[n]["unit"] not in units and not experts[n]["sanctioned"] for n in panel)


@pytest.mark.requirement("A13.1")
def test_an_employer_has_one_seat_as_long_as_others_can_fill_the_panel() -> None:
    pool = [PoolMember(f"EXP-{n}", "U1" if n < 8 else f"U{n}", "UNIVERSITY") for n in range(10)]
    for size, distinct in ((3, 3), (5, 3)):
        record = protocol.opened(protocol.registered(protocol.Plan("r", "f", size, 0, [], []), pool, "s", PARTIES))
        record = protocol.completed({**record, "values": dict.fromkeys(PARTIES, "v")})
        units = {e["pseudonym"]: e["unit"] for e in record["registered"]["experts"]}
        assert len({units[seat["pseudonym"]] for seat in record["panel"]}) == distinct


def example() -> dict[str, Any]:
    """A small completed record."""
    pool = [PoolMember(f"EXP-{n}", f"U{n}", "ENTERPRISE" if n % 2 else "UNIVERSITY") for n in range(6)]
    plan = protocol.Plan("round-1", "新材料", 3, 1, ["U0"], ["EXP-1"])
    record = protocol.opened(protocol.registered(plan, pool, "salt", PARTIES))
    values = {"inspector": "监督值", "province-officer": "another value"}
    commit = {party: protocol.commitment_of(record["registration"], party, values[party]) for party in PARTIES}
    return protocol.completed({**record, "values": values, "commitments": commit})


@pytest.mark.requirement("A13.1")
def test_the_verifier_runs_alone_and_says_what_is_wrong(tmp_path: Path) -> None:
    def run(record: object, *more: str) -> tuple[int, str]:
        file = tmp_path / "record.json"
        file.write_text(record if isinstance(record, str) else json.dumps(record), encoding="utf-8")
        done = subprocess.run(
            [sys.executable, "-I", "-S", SCRIPT, file, *more], capture_output=True, encoding="utf-8", check=False
        )
        return done.returncode, done.stdout

    good = example()
    assert run(good, good["registration"])[0] == 0
    assert run(good)[1].startswith("HOLDS")
    status, said = run({**good, "values": {**good["values"], "inspector": "other"}})
    assert status == 1 and "values.inspector" in said
    status, said = run({**good, "panel": good["panel"][::-1]})
    assert status == 1 and "panel" in said
    assert run(good, "0" * 64)[0] == 1
    assert run({**good, "commitments": {}, "values": {}})[0] == 1
    assert run("{]")[0] == 1
    assert run({})[0] == 1


def test_a_new_seed_comes_of_either_value_alone() -> None:
    registration = example()["registration"]
    seeds = {protocol.seed_of(registration, {"a": a, "b": b}) for a, b in (("x", "yz"), ("xy", "z"), ("x", "y"))}
    assert len(seeds) == 3
