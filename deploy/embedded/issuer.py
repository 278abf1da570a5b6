"""A local OpenID Connect issuer: discovery, keys, and tokens for the personas. Never for production."""

import json
import os
import urllib.parse
from collections.abc import Callable, Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from deploy.embedded.layout import ISSUER, PORTS
from deploy.embedded.tokens import LASTS_SECONDS, personas, signing_key, token

LARGEST_FORM_BYTES = 10_000
DISCOVERY: dict[str, object] = {
    "issuer": ISSUER,
    "jwks_uri": f"{ISSUER}/jwks.json",
    "token_endpoint": f"{ISSUER}/token",
    "id_token_signing_alg_values_supported": ["ES256"],
    "response_types_supported": ["token"],
    "subject_types_supported": ["public"],
    "grant_types_supported": ["password"],
}


def jwks() -> dict[str, object]:
    """The public half of the signing key."""
    key = signing_key()
    return {"keys": [{**key.as_dict(private=False), "kid": key.thumbprint(), "alg": "ES256", "use": "sig"}]}


PAGES: Mapping[str, Callable[[], Mapping[str, object]]] = {
    "/.well-known/openid-configuration": lambda: DISCOVERY,
    "/jwks.json": jwks,  # read when asked: whoever imports this may sign with another key by then
    "/ready": dict,
}


class Issuer(BaseHTTPRequestHandler):
    """Answers one request."""

    def do_GET(self) -> None:
        """Discovery, keys, readiness."""
        page = PAGES.get(self.path)
        self.reply(404, {}) if page is None else self.reply(200, page())

    def do_POST(self) -> None:
        """The password grant; any password will do."""
        length = self.headers.get("content-length", "0")
        if self.path != "/token" or not length.isdigit() or int(length) > LARGEST_FORM_BYTES:
            self.close_connection = True
            return self.reply(400, {"error": "invalid_request"})
        form = urllib.parse.parse_qs(self.rfile.read(int(length)).decode(errors="replace"))
        who = form.get("username", [""])[0]
        if who not in personas():
            return self.reply(400, {"error": "invalid_grant"})
        self.reply(200, {"access_token": token(who), "token_type": "Bearer", "expires_in": LASTS_SECONDS})

    def reply(self, status: int, body: Mapping[str, object]) -> None:
        """Sends JSON."""
        content = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_: object) -> None:
        """Quiet."""


if __name__ == "__main__":
    ThreadingHTTPServer((os.environ.get("HOST", "127.0.0.1"), PORTS["issuer"]), Issuer).serve_forever()
