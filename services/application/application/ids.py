"""Ids and labels as clients write them."""

import re
from uuid import UUID

from chassis.database import NotVisible
from chassis.problems import BadInput

_LABEL = re.compile(r"[^\s,]{1,64}")


def uuid_of(id: str) -> UUID:
    """The UUID a client means; NotVisible when it is none, as for any record that is not there."""
    try:
        return UUID(id)
    except ValueError as bad:
        raise NotVisible(id) from bad


def label(text: str, zh: str, en: str) -> str:
    """`text` when it can be the code of a unit or of a person; BadInput with the field's name otherwise."""
    if not _LABEL.fullmatch(text):
        raise BadInput(f"{zh}不能为空，也不能含空格或逗号。", f"{en} is not empty and has neither space nor comma.")
    return text


def said(text: str, zh: str, en: str) -> str:
    """`text` without surrounding blanks; BadInput with the field's name when nothing is left."""
    if not text.strip():
        raise BadInput(f"请填写{zh}。", f"{en} must be stated.")
    return text.strip()
