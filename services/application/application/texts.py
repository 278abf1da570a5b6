"""Texts as clients write them: labels, and what must be stated."""

import re

from chassis.problems import BadInput

_LABEL = re.compile(r"[^\s,]{1,64}")


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
