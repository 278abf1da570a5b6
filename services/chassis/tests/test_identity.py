"""Tokens against a key set of the test's own: what is not exactly right is nobody. No network."""

import base64
import hmac
import json
import time
from collections.abc import Mapping

import pytest
from joserfc import jwt
from joserfc.jwk import ECKey, KeySet, KeySetSerialization

from chassis.identity import BELIEVED_SECONDS, VISITOR, Keys, Principal, Role, Unauthenticated, authenticate, line

ISSUER = "https://issuer.example"
KEY, STRANGER = ECKey.generate_key("P-256"), ECKey.generate_key("P-256")
PUBLISHED = KeySet.import_key_set(
    {"keys": [{**KEY.as_dict(private=False), "kid": "one", "alg": "ES256", "use": "sig"}]}
)
HEADER = {"alg": "ES256", "kid": "one"}


class LocalKeys(Keys):
    """The issuer's keys without an issuer; counts how often it was asked."""

    asked = 0
    gone = False

    def _fetch(self) -> KeySetSerialization:
        self.asked += 1
        if self.gone:
            raise OSError("the issuer does not answer")
        return PUBLISHED.as_dict(private=False)


def claims(**changed: object) -> dict[str, object]:
    """Good claims with some changed; None stands for null."""
    now = int(time.time())
    return {
        "iss": ISSUER, "aud": "jiebang", "sub": "li", "iat": now, "exp": now + 60, "name": "李", "person": "p-1",
        "roles": ["applicant", "expert"], "tenant": "330000.330100", "org": "91330100MA2XXXXX1Y", **changed,
    }  # fmt: skip


def signed(said: Mapping[str, object], key: ECKey = KEY, header: Mapping[str, object] = HEADER) -> str:
    return jwt.encode(dict(header), dict(said), key)


def without(name: str) -> str:
    return signed({key: value for key, value in claims().items() if key != name})


def encoded(part: bytes) -> str:
    return base64.urlsafe_b64encode(part).rstrip(b"=").decode()


def unsigned() -> str:
    head = encoded(json.dumps({"alg": "none", "kid": "one"}).encode())
    return f"{head}.{encoded(json.dumps(claims()).encode())}."


def symmetric() -> str:
    head = encoded(json.dumps({"alg": "HS256", "kid": "one"}).encode())
    said = f"{head}.{encoded(json.dumps(claims()).encode())}"
    return f"{said}.{encoded(hmac.digest(KEY.as_pem(private=False), said.encode(), 'sha256'))}"


def altered() -> str:
    head, body, signature = signed(claims()).split(".")
    said = json.loads(base64.urlsafe_b64decode(body + "=="))
    return f"{head}.{encoded(json.dumps({**said, 'tenant': '330000'}).encode())}.{signature}"


NOW = int(time.time())
BAD = {
    "no signature": unsigned(),
    "the public key as a shared secret": symmetric(),
    "a stranger's key under a known id": signed(claims(), STRANGER),
    "a key id nobody published": signed(claims(), STRANGER, {"alg": "ES256", "kid": "two"}),
    "claims altered after signing": altered(),
    "a signature cut short": signed(claims())[:-4],
    "another issuer": signed(claims(iss="https://elsewhere.example")),
    "another audience": signed(claims(aud="other")),
    "expired": signed(claims(exp=NOW - 1)),
    "not valid yet": signed(claims(nbf=NOW + 600)),
    "an expiry that is no number": signed(claims(exp="never")),
    **{f"no {name}": without(name) for name in ("iss", "aud", "exp", "sub", "person", "roles", "tenant")},
    **{f"null for {name}": signed(claims(**{name: None})) for name in ("sub", "person", "roles", "tenant")},
    "a comma in the unit": signed(claims(org="A,330000")),
    "a comma in the person": signed(claims(person="p,everyone")),
    "a comma in the tenant": signed(claims(tenant="330100,330000")),
    "a line break in the person": signed(claims(person="p\n")),
    "an empty tenant": signed(claims(tenant="")),
    "an empty person": signed(claims(person="")),
    "an empty subject": signed(claims(sub="")),
    "a tenant with an empty step": signed(claims(tenant="330000..330106")),
    "a tenant that is the label of the service": signed(claims(tenant="service", roles=["auditor"])),
    "a tenant that is the label of everyone": signed(claims(tenant="everyone", roles=["auditor"])),
    "a subject that passes for a service": signed(claims(sub="service:bulletin")),
    "a tenant that is a list": signed(claims(tenant=["330000"])),
    "a unit that is a number": signed(claims(org=123456789012345678)),
    "roles in one text": signed(claims(roles="province-officer")),
    "a role nobody knows": signed(claims(roles=["applicant", "emperor"])),
    "a role that is no text": signed(claims(roles=[["applicant"]])),
    "not a token at all": "abc",
    "nothing": "",
}  # fmt: skip


@pytest.mark.parametrize("what", BAD)
async def test_a_token_is_refused_with(what: str) -> None:
    with pytest.raises(Unauthenticated):
        await authenticate(f"Bearer {BAD[what]}", LocalKeys(ISSUER))


async def test_a_good_token_says_who_acts_and_what_they_see() -> None:
    found = await authenticate(f"bearer {signed(claims())}", LocalKeys(ISSUER))
    roles = frozenset({Role.APPLICANT, Role.EXPERT})
    assert found == Principal("li", "p-1", roles, "330000.330100", "91330100MA2XXXXX1Y")
    assert found.readers == ("unit:91330100MA2XXXXX1Y", "expert:p-1", "person:p-1", "everyone")
    assert found.holds == ""


async def test_an_audience_among_several_is_good() -> None:
    token = signed(claims(aud=["other", "jiebang"]))
    assert (await authenticate(f"Bearer {token}", LocalKeys(ISSUER))).subject == "li"


async def test_another_scheme_is_refused_and_no_header_is_the_visitor() -> None:
    with pytest.raises(Unauthenticated):
        await authenticate(f"Basic {signed(claims())}", LocalKeys(ISSUER))
    assert await authenticate(None, LocalKeys(ISSUER)) is VISITOR


async def test_a_flood_of_bad_tokens_does_not_become_a_flood_at_the_issuer() -> None:
    keys = LocalKeys(ISSUER)
    for _ in range(20):
        with pytest.raises(Unauthenticated):
            await authenticate(f"Bearer {BAD['a key id nobody published']}", keys)
    assert keys.asked == 2  # once at first, once for the unknown key


async def test_an_issuer_that_is_gone_harms_neither_good_tokens_nor_the_answer_to_bad_ones() -> None:
    keys = LocalKeys(ISSUER)
    await keys.get()
    keys.gone, keys._asked = True, time.monotonic() - 3600
    for _ in range(20):
        with pytest.raises(Unauthenticated):
            await authenticate(f"Bearer {BAD['a key id nobody published']}", keys)
    assert (await authenticate(f"Bearer {signed(claims())}", keys)).subject == "li"
    assert keys.asked == 2


@pytest.mark.requirement("X2")
@pytest.mark.parametrize("role", Role)
def test_only_offices_see_their_tenant_and_an_auditor_holds_nothing(role: Role) -> None:
    who = Principal("s", "p", frozenset({role}), "330000.330100", "U")
    people = {Role.APPLICANT, Role.UNIT_ADMIN, Role.EXPERT, Role.DEMAND_SIDE, Role.END_USER, Role.OBSERVER}
    assert ("330000.330100" in who.readers) is (role not in people)
    assert (who.holds == "330000.330100") is (role not in people | {Role.AUDITOR})


def test_a_line_runs_from_the_province_to_the_tenant() -> None:
    assert line("330000.330100.330106") == ("330000", "330000.330100", "330000.330100.330106")


async def test_a_verified_token_is_believed_for_a_moment_and_never_beyond_its_end(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    keys, start = Keys("http://127.0.0.1:1"), time.time()
    keys.believe("long", VISITOR, start + 3600)
    keys.believe("short", VISITOR, start + 5)
    assert keys.believed("other") is None
    for after, believed in ((4, {"long", "short"}), (6, {"long"}), (BELIEVED_SECONDS + 1, set())):
        monkeypatch.setattr(time, "time", lambda after=after: start + after)
        assert {token for token in ("long", "short") if keys.believed(token)} == believed
