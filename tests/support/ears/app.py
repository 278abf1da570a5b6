"""What hears the lab: `python -m chassis.worker tests.support.ears`."""

from chassis.service import Parts
from tests.support.lab.app import PARTS as LAB
from tests.support.lab.model import REACTIONS

PARTS = Parts("ears", LAB.schema, {}, reactions=REACTIONS)
