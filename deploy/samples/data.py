"""The samples as they stand in `samples.yaml`, and how one becomes a mutation's input."""

from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import yaml

FILE = Path(__file__).with_name("samples.yaml")
PANEL = {
    "PEER_EXPERT": "同行技术专家", "INDUSTRY_DEPARTMENT": "行业产业部门", "MAJOR_PLATFORM": "重大科创平台",
    "ASSOCIATION": "专业协会", "LEADING_ENTERPRISE": "科技领军企业", "END_USER": "最终用户",
    "FINANCE_EXPERT": "财务专家", "VENTURE_INVESTOR": "创投机构",
}  # fmt: skip


@cache
def samples() -> dict[str, Any]:
    """Everything in the file."""
    found: dict[str, Any] = yaml.safe_load(FILE.read_text(encoding="utf-8"))
    return found


def entry(name: str, programme_id: str, deadline: date, **changes: object) -> dict[str, object]:
    """The input of `draftEntry` for a sample entry, with changes."""
    return {
        **samples()["entries"][name], "programmeId": programme_id, "deadlineDay": deadline.isoformat(), **changes,
    }  # fmt: skip
