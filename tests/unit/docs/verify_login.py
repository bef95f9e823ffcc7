"""A login by signature, written from docs/PROTOCOL.md alone with Python's standard library and `cryptography`.

verify_login.py check PAGE   checks the page's worked example, and that a service refuses what differs from it
verify_login.py sign         a private JWK `key` and `claims` as JSON on standard input; their compact JWS on standard output
"""

import base64
import datetime
import hashlib
import json
import re
import sys

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature, encode_dss_signature

ES256 = ec.ECDSA(hashes.SHA256())
PROOF_LIFETIME_S = 60
FACTORS = {"token-key", "pin", "passkey", "second-device"}
CLAIMS = {"challenge", "institution", "tokenId", "use", "origin", "document", "iat", "factors"}


class Refused(Exception):
    """Why a service does not take it: a code of the problem documents."""


def base64url(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def from_base64url(text):
    if not re.fullmatch("[A-Za-z0-9_-]*", text):
        raise Refused("invalid_request")
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def sha256(text):
    return base64url(hashlib.sha256(text.encode()).digest())


def compact(value):
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False)


def number(text):
    return int.from_bytes(from_base64url(text), "big")


def public_half(jwk):
    return {name: jwk[name] for name in ("kty", "crv", "x", "y")}


def public_key(jwk):
    return ec.EllipticCurvePublicNumbers(number(jwk["x"]), number(jwk["y"]), ec.SECP256R1()).public_key()


def thumbprint(jwk):
    """RFC 7638: the required members in lexicographic order."""
    return sha256(compact({name: jwk[name] for name in ("crv", "kty", "x", "y")}))


def read(jws, jwk, typ):
    """Header and claims of a compact JWS (RFC 7515) that this key signed with ES256 as this kind of message."""
    parts = jws.split(".")
    if len(parts) != 3:
        raise Refused("invalid_request")
    header, claims = (json.loads(from_base64url(part)) for part in parts[:2])
    signature = from_base64url(parts[2])
    if header.get("alg") != "ES256" or header.get("typ") != typ or len(signature) != 64:
        raise Refused("invalid_request")
    r, s = (int.from_bytes(half, "big") for half in (signature[:32], signature[32:]))
    try:
        public_key(jwk).verify(encode_dss_signature(r, s), ".".join(parts[:2]).encode(), ES256)
    except InvalidSignature:
        raise Refused("invalid_request") from None
    return header, claims


def sign(jwk, typ, claims):
    header = {"alg": "ES256", "typ": typ, "jwk": public_half(jwk)}
    signing_input = ".".join(base64url(compact(part).encode()) for part in (header, claims))
    key = ec.derive_private_key(number(jwk["d"]), ec.SECP256R1())
    r, s = decode_dss_signature(key.sign(signing_input.encode(), ES256))
    return signing_input + "." + base64url(r.to_bytes(32, "big") + s.to_bytes(32, "big"))


def seconds(time):
    return datetime.datetime.fromisoformat(time.replace("Z", "+00:00")).timestamp()


def judge(jws, device_key, challenge, institution, token_id, origins, now):
    """As the service does: POST /v1/token/challenges/{id}/signature. The challenge waits."""
    _, claims = read(jws, device_key, "warifu-login+jwt")
    factors = claims.get("factors")
    fits = (
        set(claims) == CLAIMS
        and claims["challenge"] == challenge["id"]
        and claims["institution"] == institution
        and claims["tokenId"] == token_id
        and claims["use"] == challenge["use"]
        and re.fullmatch("[A-Za-z0-9_-]{43}", claims["document"]) is not None
        and abs(now - claims["iat"]) <= PROOF_LIFETIME_S
        and isinstance(factors, list)
        and 0 < len(factors) == len(set(factors))
        and set(factors) <= FACTORS
    )
    if not fits:
        raise Refused("invalid_request")
    if claims["origin"] not in origins:
        raise Refused("origin_not_allowed")
    if seconds(challenge["expiresAt"]) <= now:
        raise Refused("state_conflict")
    return claims


checked = 0


def check(what, holds):
    global checked
    if not holds:
        sys.exit(f"not so: {what}")
    checked += 1


def check_refused(what, code, act):
    try:
        act()
    except Refused as refused:
        check(f"{what}: {refused}", str(refused) == code)
    else:
        sys.exit(f"not refused: {what}")


def check_page(path):
    with open(path, encoding="utf-8") as page:
        example = json.loads(re.search(r"^```json worked-example\n(.*?)^```$", page.read(), re.M | re.S)[1])
    login, enrolment = example["login"], example["enrolment"]["claims"]
    device_key, service_key = example["token"]["signingKey"], example["service"]["publicKey"]
    token_id, institution = enrolment["tokenId"], json.loads(example["confirmation"]["canonical"])["institution"]
    now = seconds(login["at"])

    waiting_header, waiting = read(login["waiting"]["jws"], service_key, "warifu-challenges+jwt")
    check("the list is what it says", (waiting_header, waiting) == (login["waiting"]["header"], login["waiting"]["claims"]))
    check("the list is by the pinned key", waiting_header["kid"] == thumbprint(service_key) == example["service"]["kid"])
    check("the list is this token's", waiting["tokenId"] == token_id)
    carried = re.fullmatch('<input type="hidden" name="challenge" value="([A-Za-z0-9_-]{22})">', login["field"])[1]
    [challenge] = [one for one in waiting["challenges"] if one["id"] == carried]
    check("the challenge is 128 bits", len(from_base64url(carried)) == 16)
    check("the number has two digits", re.fullmatch("[1-9][0-9]", challenge["number"]) is not None)
    check("it waits still", seconds(challenge["expiresAt"]) > now > waiting["now"] / 1000)

    def service(jws, **other):
        about = {"challenge": challenge, "institution": institution, "token_id": token_id, "now": now, **other}
        return judge(jws, device_key, origins=login["pageOrigins"], **about)

    signature = login["signature"]
    header, claims = read(signature["jws"], device_key, "warifu-login+jwt")
    check("the signature is what it says", (header, claims) == (signature["header"], signature["claims"]))
    check("its header names the device's key", header == {"alg": "ES256", "typ": "warifu-login+jwt", "jwk": public_half(device_key)})
    check("that is the key of the enrolment", thumbprint(header["jwk"]) == enrolment["jkt"])
    parts = [base64url(compact(part).encode()) for part in (header, claims)]
    check("the signing input", ".".join(parts) == signature["signingInput"])
    check("the document is the browser's", claims["document"] == sha256(login["documentId"]))
    check("the service takes it", service(signature["jws"]) == claims)

    body, (proof_header, proof) = login["request"]["body"], read(login["proof"]["jws"], device_key, "dpop+jwt")
    check("the body", json.loads(body) == {"signature": signature["jws"]} and sha256(body) == login["request"]["bodyHash"])
    check("the proof is what it says", (proof_header, proof) == (login["proof"]["header"], login["proof"]["claims"]))
    check("the proof is for this body and now", proof["bh"] == sha256(body) and abs(proof["iat"] - now) <= PROOF_LIFETIME_S)
    check("and for this resource", proof["htm"] == "POST" and proof["htu"].endswith(f"/v1/token/challenges/{carried}/signature"))
    _, answer = read(login["answer"]["jws"], service_key, "warifu-challenge+jwt")
    check("the answer", answer == {"challenge": carried, "proof": proof["jti"], "status": "signed"})

    on_page = example["confirmation"]["decisionOnPage"]
    _, decision = read(on_page["jws"], device_key, "warifu-decision+jwt")
    check("a decision names page and factors", decision == on_page["claims"] and decision["origin"] in login["pageOrigins"])
    check("and the details", decision["details"] == sha256(example["confirmation"]["canonical"]))

    def signed(typ="warifu-login+jwt", key=device_key, **other):
        return sign(key, typ, {name: value for name, value in {**claims, **other}.items() if value is not None})

    check("one of our own making is taken", service(signed()) == claims)
    check_refused("a page that relays", "origin_not_allowed", lambda: service(signed(origin="https://senpoku.example")))
    check_refused("another port", "origin_not_allowed", lambda: service(signed(origin="http://senpoku.localhost:4602")))
    for what, other in {
        "another challenge": {"challenge": "A" * 22},
        "another institution": {"institution": "akita"},
        "another token": {"tokenId": "A" * 22},
        "another use": {"use": "release"},
        "a minute too early": {"iat": int(now) - PROOF_LIFETIME_S - 1},
        "a day too late": {"iat": int(now) + 86_400},
        "no document": {"document": None},
        "no factor": {"factors": []},
        "an unknown factor": {"factors": ["token-key", "luck"]},
        "a factor twice": {"factors": ["pin", "pin"]},
        "a claim more": {"screen": "BLI023"},
    }.items():
        check_refused(what, "invalid_request", lambda other=other: service(signed(**other)))
    check_refused("another kind of message", "invalid_request", lambda: service(signed(typ="warifu-decision+jwt")))
    other_key = {**public_half(service_key), "d": base64url((1).to_bytes(32, "big"))}
    check_refused("another key", "invalid_request", lambda: service(signed(key=other_key)))
    changed = base64url(compact({**claims, "origin": "https://senpoku.example"}).encode())
    tampered = ".".join([parts[0], changed, signature["jws"].split(".")[2]])
    check_refused("changed after it was signed", "invalid_request", lambda: service(tampered))
    ended = {**challenge, "expiresAt": login["at"]}
    check_refused("after its time", "state_conflict", lambda: service(signature["jws"], challenge=ended))
    print(f"{checked} checks hold")


if __name__ == "__main__":
    match sys.argv[1:]:
        case ["check", path]:
            check_page(path)
        case ["sign"]:
            asked = json.load(sys.stdin)
            print(sign(asked["key"], "warifu-login+jwt", asked["claims"]))
        case _:
            sys.exit(__doc__)
