"""The faults of the embedded stack's broker, on Apache Kafka and PostgreSQL: the same tests, other servers."""

from tests.faults.test_kills import (
    test_a_broker_that_forgot_gets_everything_anew_and_nothing_is_applied_twice,
    test_a_consumer_killed_in_the_middle_of_its_runs_loses_repeats_and_disorders_nothing,
    test_a_record_that_is_no_event_stops_nobody,
    test_workers_killed_while_events_flow_lose_repeat_and_disorder_nothing,
)

__all__ = [
    "test_a_broker_that_forgot_gets_everything_anew_and_nothing_is_applied_twice",
    "test_a_consumer_killed_in_the_middle_of_its_runs_loses_repeats_and_disorders_nothing",
    "test_a_record_that_is_no_event_stops_nobody",
    "test_workers_killed_while_events_flow_lose_repeat_and_disorder_nothing",
]
