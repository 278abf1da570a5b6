"""Personas, their tokens, and the issuer that hands them out."""

import json
import stat
import threading
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator
from http.server import ThreadingHTTPServer
from pathlib import Path

import pytest
from joserfc import jwt
from joserfc.jwk import KeySet

from deploy.embedded import tokens
from deploy.embedded.issuer import Issuer
from deploy.embedded.layout import ISSUER
from deploy.embedded.tokens import personas, token

ROLES = {
    "applicant", "unit-admin", "county-officer", "city-officer", "province-officer", "recommender",
    "compliance-reviewer", "waiver-approver", "expert", "demand-side", "end-user", "finance", "inspector",
    "commissioner", "platform-manager", "auditor", "municipal-system", "observer",
}  # fmt: skip
OFFICER_DEPTH = {"province-officer": 1, "city-officer": 2, "county-officer": 3}


@pytest.fixture(autouse=True)
def own_key(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A key of the test's own."""
    monkeypatch.setattr(tokens, "STATE", tmp_path)


@pytest.fixture
def issuer() -> Iterator[str]:
    """The issuer on a free port."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), Issuer)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_address[1]}"
    server.shutdown()
    server.server_close()


def grant(issuer: str, username: str) -> dict[str, object]:
    """What /token answers."""
    form = urllib.parse.urlencode({"grant_type": "password", "username": username, "password": "any"}).encode()
    with urllib.request.urlopen(f"{issuer}/token", form, timeout=5) as answer:
        said: dict[str, object] = json.load(answer)
        return said


def test_personas_have_roles_of_the_closed_list_and_every_role_has_a_persona() -> None:
    assert {role for persona in personas().values() for role in persona.roles} == ROLES


def test_every_persona_is_a_person_of_its_own() -> None:
    people = [persona.person for persona in personas().values()]
    assert len(set(people)) == len(people)


def test_every_persona_is_described_in_both_languages() -> None:
    for key, persona in personas().items():
        assert not persona.about_zh.isascii(), key
        assert persona.about_en.isascii() and persona.about_en, key


def test_officers_sit_at_the_depth_of_their_role_and_each_tenant_below_the_province() -> None:
    for key, persona in personas().items():
        path = persona.tenant.split(".")
        assert path[0] == "330000", key
        for role in persona.roles:
            assert len(path) == OFFICER_DEPTH.get(role, len(path)), key


def test_those_who_apply_have_a_credit_code() -> None:
    for key, persona in personas().items():
        if persona.roles[0] in ("applicant", "unit-admin"):
            assert persona.org and len(persona.org) == 18, key


def test_a_token_says_who_asks_and_no_more() -> None:
    read = jwt.decode(token("chengyu"), tokens.signing_key(), algorithms=["ES256"])
    issued = read.claims.pop("iat")
    assert abs(issued - time.time()) < 5
    assert read.header == {"typ": "JWT", "alg": "ES256", "kid": tokens.signing_key().thumbprint()}
    assert read.claims == {
        "iss": ISSUER, "aud": "jiebang", "sub": "chengyu", "exp": issued + 8 * 3600,
        "name": personas()["chengyu"].name, "person": "P-CHENGYU-01", "org": "91330113XX00000196",
        "roles": ["applicant"], "tenant": "330000.330100.330113",
    }  # fmt: skip


def test_who_has_no_unit_has_no_org_claim() -> None:
    assert "org" not in jwt.decode(token("expert-01"), tokens.signing_key(), algorithms=["ES256"]).claims


def test_make_token_prints_the_token_and_nothing_else(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.argv", ["tokens", "hangzhou-officer"])
    tokens.main()
    said = capsys.readouterr()
    assert said.err == ""
    assert said.out.count("\n") == 1 and said.out.count(".") == 2 and " " not in said.out


def test_an_unknown_persona_is_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.argv", ["tokens", "nobody"])
    with pytest.raises(SystemExit) as refused:
        tokens.main()
    assert "make token AS=" in str(refused.value) and "\n" not in str(refused.value)


def test_the_key_is_kept_and_its_owner_s_alone(tmp_path: Path) -> None:
    assert tokens.signing_key().thumbprint() == tokens.signing_key().thumbprint()
    assert stat.S_IMODE((tmp_path / "issuer.pem").stat().st_mode) == 0o600
    assert [path.name for path in tmp_path.iterdir()] == ["issuer.pem"]


def test_the_issuer_s_tokens_verify_against_its_published_keys(issuer: str) -> None:
    with urllib.request.urlopen(f"{issuer}/jwks.json", timeout=5) as answer:
        published = json.load(answer)
    assert all("d" not in key for key in published["keys"]), "the private half stays inside"
    read = jwt.decode(
        str(grant(issuer, "auditor")["access_token"]), KeySet.import_key_set(published), algorithms=["ES256"]
    )
    assert read.claims["sub"] == "auditor"


def test_the_issuer_refuses_strangers(issuer: str) -> None:
    with pytest.raises(urllib.error.HTTPError) as refused:
        grant(issuer, "nobody")
    assert refused.value.code == 400
    refused.value.close()
