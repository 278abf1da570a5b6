"""Cases for both ways: a drawn query, twisted, and who asks it."""

from collections.abc import Callable

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from hypothesis_graphql import queries

from chassis.identity import Principal
from tests.projection.both import PRINCIPALS, Both
from tests.projection.twist import Twisted, drawable, roots_of, twisted

Case = Callable[[Twisted, Principal], None]


def each_case(both: Both, check: Case, *, examples: int, always_the_same: bool = False) -> None:
    """Run `check` on random cases over the whole schema; a case that fails is made smaller unless always the same."""
    drawn = drawable(both.schema)
    one = st.sampled_from(roots_of(drawn)).flatmap(lambda root: queries(drawn, fields=[root]))
    phases = [Phase.generate] if always_the_same else [Phase.generate, Phase.shrink]

    @settings(
        max_examples=examples, deadline=None, suppress_health_check=list(HealthCheck), database=None, phases=phases,
        derandomize=always_the_same, report_multiple_bugs=False,
    )  # fmt: skip
    @given(st.lists(one, min_size=1, max_size=3), st.integers(0, 1 << 32), st.sampled_from(list(PRINCIPALS)))
    def run(roots: list[str], seed: int, asking: str) -> None:
        check(twisted(both.schema, roots, seed, both.known), PRINCIPALS[asking])

    run()
