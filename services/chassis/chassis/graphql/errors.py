"""Technical failures: errors with a stable code (the closed list `CODES`), words in both languages, no insides."""

from collections.abc import Mapping, Sequence

from graphql import GraphQLError

from chassis.database import NotVisible
from chassis.idempotency import RequestIdReused
from chassis.identity import Unauthenticated
from chassis.model import IllegalMove
from chassis.problems import BadInput, Forbidden

CODES: Mapping[str, tuple[str, str]] = {
    "UNAUTHENTICATED": ("请先登录。", "A valid token is needed."),
    "FORBIDDEN": ("您的角色不能进行此操作。", "Your roles do not allow this."),
    "NOT_FOUND": ("记录不存在或不可见。", "There is no such record, or you may not see it."),
    "ILLEGAL_MOVE": ("当前状态不允许此操作。", "The record's state does not allow this step."),
    "REQUEST_ID_REUSED": ("requestId 已用于其他内容。", "This requestId was used with another input."),
    "BAD_INPUT": ("输入有误。", "The input is not valid."),
    "UNEXPECTED": ("系统内部错误。", "Something went wrong inside the service."),
}


def coded(error: GraphQLError) -> GraphQLError:
    """The error as it may leave the service: with its code; unexpected ones say nothing of their cause."""
    cause = error.original_error
    while isinstance(cause, GraphQLError) and cause.original_error is not None:
        cause = cause.original_error
    if cause is None or isinstance(cause, GraphQLError):
        return error if (error.extensions or {}).get("code") else _said(error, error.message, "BAD_INPUT", {})
    if isinstance(cause, BadInput):
        return _said(error, cause.en, "BAD_INPUT", {"zh": cause.zh, "en": cause.en})
    code, facts = _code_of(cause)
    zh, en = CODES[code]
    return _said(error, en, code, {"zh": zh, "en": en, **facts})


def _code_of(cause: Exception) -> tuple[str, dict[str, object]]:
    if isinstance(cause, IllegalMove):
        return "ILLEGAL_MOVE", {"record": cause.kind, "current": cause.current, "wanted": cause.wanted}
    for kind, code in _BY_TYPE:
        if isinstance(cause, kind):
            return code, {}
    return "UNEXPECTED", {}


_BY_TYPE: Sequence[tuple[type[Exception], str]] = (
    (Unauthenticated, "UNAUTHENTICATED"),
    (Forbidden, "FORBIDDEN"),
    (NotVisible, "NOT_FOUND"),
    (RequestIdReused, "REQUEST_ID_REUSED"),
)


def _said(error: GraphQLError, message: str, code: str, facts: Mapping[str, object]) -> GraphQLError:
    return GraphQLError(
        message, nodes=error.nodes, source=error.source, positions=error.positions, path=error.path,
        original_error=error.original_error, extensions={"code": code, **facts},
    )  # fmt: skip
