"""An edition that contradicts itself does not load."""

from pathlib import Path

import pytest
import yaml

from chassis.policy import Edition, load
from tests.support.lab.made import EAST

TEXT = EAST.read_text(encoding="utf-8")
BREAKS = {
    "a must that can be waived": ("    strength: principle", "    strength: must"),
    "an unknown strength": ("strength: aim", "strength: perhaps"),
    "figures that overlap": ("until: 2024-12-31", "until: 2025-01-01"),
    "figures that end before they begin": ("until: 2024-12-31", "until: 2023-06-12"),
    "a text in one language": ("title: {zh: 目标, en: Aim}", "title: {zh: 目标}"),
    "a key nobody knows": ("reference: east", "reference: east\nremark: x"),
    "a misspelt field of a requirement": ("    terms:", "    tems:"),
    "a share that is no whole number": ("share_percent: 50", "share_percent: 50.5"),
    "an approver that is no role": ("approver: waiver-approver", "approver: waver-approver"),
    "a requirement that never binds": ("      - {from: 2023-06-13, share_percent: 50}", "      []"),
    "the same requirement twice": ("  L1.3:", "  L1.1:"),
    "the same figure twice": ("share_percent: 50}", "share_percent: 50, share_percent: 60}"),
}


@pytest.mark.requirement("X3")
@pytest.mark.parametrize("contradiction", BREAKS)
def test_an_edition_does_not_load_with(contradiction: str, tmp_path: Path) -> None:
    good, bad = BREAKS[contradiction]
    assert good in TEXT
    path = tmp_path / "broken.yaml"
    path.write_text(TEXT.replace(good, bad, 1), encoding="utf-8")
    with pytest.raises((ValueError, yaml.YAMLError)):
        load(path)


@pytest.mark.requirement("X3")
def test_a_figure_that_is_not_there_or_of_another_kind_is_an_error() -> None:
    raw = yaml.safe_load(TEXT)
    raw["requirements"]["L1.2"]["figures"][0] |= {"named": "text", "several": ["a", "b"]}
    [figures] = Edition.model_validate(raw)["L1.2"].figures
    assert figures.listed("several") == ("a", "b")
    for name, error in (("nothing", KeyError), ("named", TypeError), ("several", TypeError)):
        with pytest.raises(error):
            figures.integer(name)
    with pytest.raises(TypeError):
        figures.listed("named")
