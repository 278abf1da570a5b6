"""The local issuer's key, personas and tokens: `make token AS=hangzhou-officer` prints a bare JWT."""

import os
import sys
import time
import tomllib
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from joserfc import jwt
from joserfc.jwk import ECKey

from deploy.embedded.layout import ISSUER, STATE

PERSONAS = Path(__file__).with_name("personas.toml")
AUDIENCE = "jiebang"
LASTS_SECONDS = 8 * 3600


@dataclass(frozen=True)
class Persona:
    """Somebody to try the suite as. `about` is for the reader, all else becomes claims."""

    name: str
    person: str  # one per natural person: bars and recusals follow it
    roles: tuple[str, ...]
    tenant: str
    org: str | None
    about_zh: str
    about_en: str

    def claims(self) -> dict[str, object]:
        """What the token says about the person (architecture §5)."""
        said: dict[str, object] = {
            "name": self.name, "person": self.person, "roles": list(self.roles), "tenant": self.tenant,
        }  # fmt: skip
        return said if self.org is None else said | {"org": self.org}


@cache
def personas() -> dict[str, Persona]:
    """All personas by the name that `make token AS=` takes."""
    entries = tomllib.loads(PERSONAS.read_text(encoding="utf-8"))
    return {
        key: Persona(
            entry["name"], entry["person"], tuple(entry["roles"]), entry["tenant"], entry.get("org"),
            entry["about"]["zh"], entry["about"]["en"],
        )
        for key, entry in entries.items()
    }  # fmt: skip


def signing_key() -> ECKey:
    """The issuer's key, made at the first call and kept under .jiebang/, readable by its owner only."""
    path = STATE / "issuer.pem"
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        new = path.with_suffix(f".{os.getpid()}")
        new.touch(mode=0o600)
        new.write_bytes(ECKey.generate_key("P-256").as_pem(private=True))
        with suppress(FileExistsError):  # whoever is first decides; the issuer and `make token` may meet here
            os.link(new, path)
        new.unlink()
    return ECKey.import_key(path.read_bytes())


def token(persona: str, lasts_seconds: int = LASTS_SECONDS) -> str:
    """A signed token, in real time whatever the stack's clock says. KeyError for an unknown persona."""
    claims, key, issued = personas()[persona].claims(), signing_key(), int(time.time())
    standard = {"iss": ISSUER, "aud": AUDIENCE, "sub": persona, "iat": issued, "exp": issued + lasts_seconds}
    return jwt.encode({"alg": "ES256", "kid": key.thumbprint()}, standard | claims, key)


def main() -> None:
    """`make token AS=…`, optionally with the seconds it lasts."""
    who = sys.argv[1] if len(sys.argv) > 1 else ""
    if who not in personas():
        sys.exit("say as whom: make token AS=hangzhou-officer; there are " + ", ".join(personas()))
    print(token(who, *map(int, sys.argv[2:3])))


if __name__ == "__main__":
    main()
