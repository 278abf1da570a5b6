"""One service is upgraded while people work, and taken back: no command fails, nothing is lost or done twice."""

from pathlib import Path

import pytest

from tests.containers import overlay
from tests.containers.operated import Operated


def test_a_service_goes_to_the_next_version_and_back_and_nobody_notices(
    operated: Operated, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    found = operated.play("tests.containers.upgrading", overlay.build(tmp_path / "next"))
    with capsys.disabled():
        print(f"\n{found}")
    assert found["unclear"] == []
