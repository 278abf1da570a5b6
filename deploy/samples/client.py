"""A plain GraphQL client that speaks as a persona of the embedded stack."""

import time
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import TypeVar

import httpx

from deploy.embedded.tokens import token

T = TypeVar("T")
Data = dict[str, object]
PATIENCE_SECONDS = 30
LOOK_SECONDS = 0.15


class Unanswered(Exception):
    """The gateway answered with errors; the text is for the person at the terminal."""

    def __init__(self, persona: str, field: str, errors: object) -> None:
        super().__init__(f"{field} as {persona}: {errors}")
        self.errors = errors


@lru_cache
def _token(persona: str) -> str:
    return token(persona)


class Client:
    """Asks the gateway. `persona` None is a visitor without a token."""

    def __init__(self, url: str) -> None:
        self._url, self._http = url, httpx.Client(timeout=30)

    def run(self, persona: str | None, document: str, **variables: object) -> Mapping[str, object]:
        """The whole answer: data and errors."""
        headers = {"authorization": f"Bearer {_token(persona)}"} if persona else {}
        body = {"query": document, "variables": variables}
        answer: Mapping[str, object] = self._http.post(self._url, json=body, headers=headers).json()
        return answer

    def ask(self, persona: str | None, document: str, **variables: object) -> Data:
        """The data; Unanswered when there are errors."""
        answer = self.run(persona, document, **variables)
        data = answer.get("data")
        if answer.get("errors") or not isinstance(data, dict):
            raise Unanswered(str(persona), document.strip().split("(")[0][:60], answer.get("errors"))
        return data

    def do(self, persona: str, mutation: str, answer: str, **input: object) -> Data:
        """Run one mutation with its input; the payload with the fields of `answer`, and its refusal if any."""
        kind = mutation[0].upper() + mutation[1:] + "Input"
        document = (
            f"mutation($input: {kind}!) {{ {mutation}(input: $input) {{ {answer} refusal {{ findings {{"
            " requirement strength required found waivable message { zh en } wayForward { zh en } } } } }"
        )
        payload = self.ask(persona, document, input=input)[mutation]
        assert isinstance(payload, dict)
        return payload

    def must(self, persona: str, mutation: str, answer: str, **input: object) -> Data:
        """`do`, for what policy allows; Unanswered when it is refused."""
        payload = self.do(persona, mutation, answer, **input)
        if payload.get("refusal"):
            raise Unanswered(persona, mutation, payload["refusal"])
        return payload

    def until(self, look: Callable[[], T | None], what: str) -> T:
        """What `look` finds, asked again until it is there: events take a moment. TimeoutError with `what`."""
        deadline = time.monotonic() + PATIENCE_SECONDS
        while (found := look()) is None:
            if time.monotonic() > deadline:
                raise TimeoutError(f"waited {PATIENCE_SECONDS} s in vain for {what}; see: make logs")
            time.sleep(LOOK_SECONDS)
        return found
