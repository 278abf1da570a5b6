"""The benchmark of reads in reduced size: that it works, and that all who are asked say the same."""

import json
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest

from tests.load import peer, reads
from tests.load.measure import Scale
from tests.load.stage import Stage

TINY = Scale(400, rounds=1, seconds=0.15, connections=(2,))


def test_every_peer_gives_the_same_answers_and_is_in_the_report(bench: Stage, tmp_path: Path) -> None:
    said = json.loads(reads.run(bench, TINY, tmp_path).read_text())
    rows = {(row["question"], row["target"]): row for row in said["figures"]}
    targets = (reads.SUBGRAPH, reads.PLAIN, reads.BARE, reads.BARE_HTTP, reads.POSTGRAPHILE)
    assert set(rows) == {(question, target) for question in ("list", "single") for target in targets}
    try:
        assert any(peer.version() in note for note in said["notes"])
        missing = set()
    except peer.Missing:
        assert "PostGraphile: not installed" in said["notes"]
        missing = {reads.POSTGRAPHILE}
    for (_, target), row in rows.items():
        figures = [row["per second"], row["p50 ms"], row["p95 ms"], row["requests"], row["× bare"]]
        if target in missing:
            assert set(figures) == {None} and row["× PostGraphile"] is None
        else:
            assert all(figure > 0 for figure in figures) and row["p50 ms"] <= row["p95 ms"]
    assert {"cores", "python", "postgres"} <= set(said["machine"]) and said["taken_at"]
    assert said["conditions"]["applications"] == TINY.applications


ANSWER: dict[str, Any] = {
    "applications": {
        "edges": [
            {"cursor": "a", "node": {"id": "1", "total": "5.00", "createdAt": "2024-01-01T08:00:00+08:00"}},
            {"cursor": "b", "node": {"id": "2", "total": "6.00", "createdAt": "2024-01-01T00:00:00+00:00"}},
        ],
        "pageInfo": {"hasNextPage": True, "endCursor": "b"},
    }
}


def test_answers_compare_by_value_and_order() -> None:
    told = reads.told(reads.SUBGRAPH, deepcopy(ANSWER))
    assert told[0]["createdAt"] == told[1]["createdAt"]  # one moment in two zones
    turned = deepcopy(ANSWER)
    turned["applications"]["edges"].reverse()
    turned["applications"]["pageInfo"]["endCursor"] = "a"
    assert reads.told(reads.SUBGRAPH, turned) == told[::-1] != told
    dearer = deepcopy(ANSWER)
    dearer["applications"]["edges"][1]["node"]["total"] = "6.01"
    assert reads.told(reads.SUBGRAPH, dearer) != told


@pytest.mark.parametrize(
    "page_info", [{"hasNextPage": False, "endCursor": "b"}, {"hasNextPage": True, "endCursor": "a"}]
)
def test_a_page_that_ends_elsewhere_is_noticed(page_info: dict[str, object]) -> None:
    other = deepcopy(ANSWER)
    other["applications"]["pageInfo"] = page_info
    with pytest.raises(AssertionError):
        reads.told(reads.SUBGRAPH, other)


def test_the_peers_words_become_ours() -> None:
    node = {
        "rowId": "1", "declaredFen": "1005", "decidedFen": "905", "budgetLinesByApplicationId": {"nodes": [
            {"source": "FISCAL", "level": "CITY", "amountFen": "5", "stage": "DECIDED", "place": "10"},
            {"source": "SELF_RAISED", "level": None, "amountFen": "900", "stage": "DECIDED", "place": "9"},
            {"source": "SELF_RAISED", "level": None, "amountFen": "1005", "stage": "REQUESTED", "place": "0"},
        ]},
    }  # fmt: skip
    assert peer.as_ours(node) == {
        "id": "1", "total": "9.05", "requestedTotal": "10.05",
        "budget": [{"source": "SELF_RAISED", "level": None, "amount": "9.00"},
                   {"source": "FISCAL", "level": "CITY", "amount": "0.05"}],
    }  # fmt: skip


def test_a_peer_that_is_not_there_is_said_to_be_missing(
    bench: Stage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(peer, "FOLDER", tmp_path)
    with pytest.raises(peer.Missing, match="not installed"), peer.postgraphile(bench, "any"):
        pass


def test_an_installer_that_fails_says_why(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(peer, "LOGS", tmp_path)
    with pytest.raises(peer.Missing, match="registry cannot be reached"):
        peer._run("none", ["sh", "-c", "echo getaddrinfo ENOTFOUND >&2; exit 1"], tmp_path)
    with pytest.raises(peer.Missing, match="no-such-program"):
        peer._run("none", [tmp_path / "no-such-program"], tmp_path)
