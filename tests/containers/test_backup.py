"""Everything is lost but the backups, and comes back as it was at a moment: through the gateway, as operators do it."""

import pytest

from tests.containers.operated import Operated


def test_what_was_acknowledged_before_the_moment_comes_back_and_nothing_happens_twice(
    operated: Operated, capsys: pytest.CaptureFixture[str]
) -> None:
    found = operated.play("tests.containers.restoring")
    with capsys.disabled():
        print(f"\n{found}")
