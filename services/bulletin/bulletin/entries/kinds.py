"""The closed lists an entry is described with."""

from enum import StrEnum


class EntryState(StrEnum):
    """How far an entry is."""

    DRAFT = "DRAFT"
    REVIEWED = "REVIEWED"
    PUBLISHED = "PUBLISHED"
    CLOSED = "CLOSED"


class Mechanism(StrEnum):
    """How the task is set and paid for; a joint entry stands under article 6."""

    ORDINARY = "ORDINARY"
    JOINT_ENTERPRISE = "JOINT_ENTERPRISE"


class SelectionMode(StrEnum):
    """How the undertaking unit is found (A10.1)."""

    OPEN_COMPETITION = "OPEN_COMPETITION"
    SELECTIVE_COMMISSION = "SELECTIVE_COMMISSION"
    DIRECTED_COMMISSION = "DIRECTED_COMMISSION"

    @property
    def restricted(self) -> bool:
        """Whether only invited units see the entry (A10.2)."""
        return self is not SelectionMode.OPEN_COMPETITION


class SelectionGround(StrEnum):
    """Why an entry is not put to open competition (A10.2)."""

    STRATEGIC_URGENT_SUDDEN = "STRATEGIC_URGENT_SUDDEN"
    CLEAR_GOAL_AND_LEADER = "CLEAR_GOAL_AND_LEADER"
    SENSITIVE = "SENSITIVE"


class Disclosure(StrEnum):
    """Whether a matter may be public. Only what may be is taken in (A07.2), so entries do not store it."""

    PUBLIC = "PUBLIC"
    UNSUITABLE = "UNSUITABLE"
    CLASSIFIED = "CLASSIFIED"


class FundingSource(StrEnum):
    """Whose money it is."""

    ENTERPRISE = "ENTERPRISE"
    FISCAL = "FISCAL"
    SOCIAL_CAPITAL = "SOCIAL_CAPITAL"


class FundingLevel(StrEnum):
    """Which level's fiscal money it is."""

    PROVINCE = "PROVINCE"
    CITY = "CITY"
    COUNTY = "COUNTY"


class PanelKind(StrEnum):
    """Whom drafting involves; which of them must have spoken is a figure of the edition (A05.1)."""

    PEER_EXPERT = "PEER_EXPERT"
    INDUSTRY_DEPARTMENT = "INDUSTRY_DEPARTMENT"
    MAJOR_PLATFORM = "MAJOR_PLATFORM"
    ASSOCIATION = "ASSOCIATION"
    LEADING_ENTERPRISE = "LEADING_ENTERPRISE"
    END_USER = "END_USER"
    FINANCE_EXPERT = "FINANCE_EXPERT"
    VENTURE_INVESTOR = "VENTURE_INVESTOR"


class ReviewDecision(StrEnum):
    """How a compliance review ends: a returned entry is a draft again."""

    PASS = "PASS"
    RETURN = "RETURN"
