"""Random but valid rows for every table of a service: `fill` a database, the same rows for the same seed."""

from tests.support.rows.filling import Filled, fill
from tests.support.rows.values import HOMES, LABELS, PEOPLE, UNITS

__all__ = ["HOMES", "LABELS", "PEOPLE", "UNITS", "Filled", "fill"]
