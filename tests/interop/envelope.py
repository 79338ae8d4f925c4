"""The envelope of ssp/1 in Python: keys, sealing, opening.

Written from the specification alone (the table in crates/survey-seal/src/lib.rs), so that it can
check the Rust code and be checked by it. Needs Python 3.10 and PyPI's cryptography >= 48 (47 has
the names, but its wheels come without ML-KEM) and nothing else:

    python3 envelope.py keys | seal | open      one JSON request a line in, one answer a line out
    python3 envelope.py vectors FILE            checks vectors/envelope-v1.json

The requests are those of crates/survey-seal/examples/envelope.rs:

    keys  {}                                    -> {"secret", "kid", "key"}
    seal  {"survey", "def", "id", "class", "recipients": [{"kid", "key"}], "plaintext"} -> envelope
    open  {"secret", "envelope"}                -> {"plaintext"} or {"error"}
"""

import base64
import binascii
import copy
import hashlib
import hmac
import json
import os
import re
import sys

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.mlkem import MLKEM768PrivateKey, MLKEM768PublicKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.hpke import (
    AEAD,
    KDF,
    KEM,
    MLKEM768X25519PrivateKey,
    MLKEM768X25519PublicKey,
    Suite,
)
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

SUITE = Suite(KEM.MLKEM768_X25519, KDF.HKDF_SHA256, AEAD.CHACHA20_POLY1305)
KEM_ID = bytes.fromhex("647a")
CLASSES = (4096, 16384, 32768)
WRAP_LEN = 1169
TAG_LEN = 16
SECRET_KEY_PREFIX = "SSP-SECRET-KEY-1:"


class OpenError(Exception):
    """Why an envelope does not open; its text is the name that the vectors use."""


def b64(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def unb64(text, length=None):
    """Decodes base64url without padding, in its one canonical spelling."""
    try:
        data = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except binascii.Error as error:
        raise ValueError("not base64url") from error
    if b64(data) != text or length not in (None, len(data)):
        raise ValueError("not base64url of the right length")
    return data


def sha256(*parts):
    return hashlib.sha256(b"".join(parts)).digest()


# Keys


def key_id(public):
    return sha256(b"ssp/1 kid", KEM_ID, public)[:8].hex()


class SecretKey:
    def __init__(self, seed):
        # draft-connolly-cfrg-xwing-kem section 5.2, expandDecapsulationKey
        expanded = hashlib.shake_256(seed).digest(96)
        ml_kem = MLKEM768PrivateKey.from_seed_bytes(expanded[:64])
        x25519 = X25519PrivateKey.from_private_bytes(expanded[64:])
        self.seed = seed
        self.inner = MLKEM768X25519PrivateKey(ml_kem, x25519)
        self.public = (
            ml_kem.public_key().public_bytes_raw() + x25519.public_key().public_bytes_raw()
        )
        self.kid = key_id(self.public)

    @classmethod
    def generate(cls):
        return cls(os.urandom(32))

    @classmethod
    def from_text(cls, text):
        parts = re.fullmatch(SECRET_KEY_PREFIX + r"([^:]{43}):([0-9a-f]{8})", text)
        key = parts and cls(unb64(parts[1], 32))
        if not key or not hmac.compare_digest(parts[2], key.checksum()):
            raise ValueError("no secret key, or one with a typing mistake")
        return key

    def to_text(self):
        return f"{SECRET_KEY_PREFIX}{b64(self.seed)}:{self.checksum()}"

    def checksum(self):
        return sha256(SECRET_KEY_PREFIX.encode(), self.seed)[:4].hex()


def public_key(public):
    return MLKEM768X25519PublicKey(
        MLKEM768PublicKey.from_public_bytes(public[:1184]),
        X25519PublicKey.from_public_bytes(public[1184:]),
    )


# The table of the specification


def context(survey, definition, response_id, mode):
    return (
        f"ssp/1\nsurvey={survey}\ndef={b64(definition)}\nid={b64(response_id)}\nmode={mode}\n"
    ).encode()


def wrap_info(ctx, kid):
    return b"ssp/1 wrap\0" + sha256(ctx, f"kid={kid}\n".encode())


def expand(cek, label):
    return HKDF(SHA256(), length=32, salt=None, info=label).derive(cek)


def pad(plaintext, size_class):
    padded = len(plaintext).to_bytes(4, "little") + plaintext
    if size_class not in CLASSES or len(padded) > size_class:
        raise ValueError("the plaintext does not fit its size class")
    return padded.ljust(size_class, b"\0")


def unpad(padded):
    length = int.from_bytes(padded[:4], "little")
    plaintext, zeros = padded[4 : 4 + length], padded[4 + length :]
    if len(plaintext) != length or any(zeros):
        raise OpenError("padding")
    return plaintext


def seal(plaintext, size_class, survey, definition, response_id, recipients):
    """Seals for `recipients`, public keys as bytes, and gives the envelope as a dict."""
    kids = [key_id(public) for public in recipients]
    if not 1 <= len(kids) <= 10 or len(set(kids)) != len(kids):
        raise ValueError("1 to 10 different recipients are needed")
    if not re.fullmatch(r"[a-z0-9][a-z0-9-]{0,63}", survey):
        raise ValueError("no survey id")
    cek = os.urandom(32)
    ctx = context(survey, definition, response_id, "any")
    body = ChaCha20Poly1305(expand(cek, b"ssp/1 body")).encrypt(
        bytes(12), pad(plaintext, size_class), sha256(ctx)
    )
    return {
        "ssp": 1,
        "survey": survey,
        "def": b64(definition),
        "id": b64(response_id),
        "mode": "any",
        "wraps": [
            {
                "kid": kid,
                "w": b64(SUITE.encrypt(b"\0" + cek, public_key(public), wrap_info(ctx, kid))),
            }
            for kid, public in zip(kids, recipients)
        ],
        "kc": b64(expand(cek, b"ssp/1 commit")),
        "ct": b64(body),
        "del": b64(os.urandom(32)),
        "auth": {"t": "none"},
    }


def open_envelope(secret, envelope):
    """Gives the plaintext or raises OpenError."""
    if envelope["ssp"] != 1:
        raise OpenError("malformed")
    if envelope["mode"] != "any":
        raise OpenError("mode")
    try:
        definition, response_id = unb64(envelope["def"], 32), unb64(envelope["id"], 16)
        wraps = [(wrap["kid"], unb64(wrap["w"])) for wrap in envelope["wraps"]]
        commitment, body = unb64(envelope["kc"], 32), unb64(envelope["ct"])
    except ValueError as error:
        raise OpenError("malformed") from error
    ctx = context(envelope["survey"], definition, response_id, envelope["mode"])

    own = [wrap for kid, wrap in wraps if kid == secret.kid]
    if not own:
        raise OpenError("not-for-this-key")
    if len(own) > 1 or len(own[0]) != WRAP_LEN:
        raise OpenError("wrap")
    try:
        opened = SUITE.decrypt(own[0], secret.inner, wrap_info(ctx, secret.kid))
    except (InvalidTag, ValueError) as error:
        raise OpenError("wrap") from error
    if opened[0] != 0:
        raise OpenError("wrap")
    cek = opened[1:]

    if not hmac.compare_digest(expand(cek, b"ssp/1 commit"), commitment):
        raise OpenError("commitment")
    if len(body) - TAG_LEN not in CLASSES:
        raise OpenError("body")
    try:
        padded = ChaCha20Poly1305(expand(cek, b"ssp/1 body")).decrypt(
            bytes(12), body, sha256(ctx)
        )
    except InvalidTag as error:
        raise OpenError("body") from error
    return unpad(padded)


# Requests


def answer_keys(_request):
    key = SecretKey.generate()
    return {"secret": key.to_text(), "kid": key.kid, "key": b64(key.public)}


def answer_seal(request):
    recipients = [unb64(recipient["key"], 1216) for recipient in request["recipients"]]
    if [key_id(public) for public in recipients] != [r["kid"] for r in request["recipients"]]:
        raise ValueError("a key and the id beside it do not belong together")
    return seal(
        unb64(request["plaintext"]),
        request["class"],
        request["survey"],
        unb64(request["def"], 32),
        unb64(request["id"], 16),
        recipients,
    )


def answer_open(request):
    secret = SecretKey.from_text(request["secret"])
    try:
        return {"plaintext": b64(open_envelope(secret, request["envelope"]))}
    except OpenError as error:
        return {"error": str(error)}


ANSWERS = {"keys": answer_keys, "seal": answer_seal, "open": answer_open}


# Vectors


def change(envelope, step):
    """Applies one change of a vector; the operations are described in vectors/README.md."""

    def place(pointer):
        *parents, last = pointer.strip("/").split("/")
        value = envelope
        for parent in parents:
            value = value[int(parent) if isinstance(value, list) else parent]
        return value, int(last) if isinstance(value, list) else last

    holder, name = place(step["at"])
    operation = step["op"]
    if operation == "set":
        holder[name] = step["value"]
    elif operation == "swap":
        other, other_name = place(step["and"])
        holder[name], other[other_name] = other[other_name], holder[name]
    elif operation == "remove":
        del holder[name]
    elif operation == "repeat":
        holder.append(copy.deepcopy(holder[name]))
    else:
        data = bytearray(unb64(holder[name]))
        if operation == "xor":
            data[step["byte"]] ^= step["with"]
        elif operation == "cut":
            del data[len(data) - step["bytes"] :]
        elif operation == "extend":
            data += bytes.fromhex(step["hex"])
        else:
            raise ValueError(f"unknown operation {operation}")
        holder[name] = b64(bytes(data))


def check_valid(case, secrets):
    """Opens with every recipient's key and follows every intermediate value."""
    envelope = case["envelope"]
    ctx = context(envelope["survey"], unb64(envelope["def"]), unb64(envelope["id"]), "any")
    cek = bytes.fromhex(case["cek"])
    assert ctx == case["ctx"].encode(), "ctx"
    assert sha256(ctx).hex() == case["body_aad"], "body_aad"
    assert expand(cek, b"ssp/1 commit") == unb64(envelope["kc"]), "kc"
    assert expand(cek, b"ssp/1 body").hex() == case["body_key"], "body_key"
    assert [wrap["kid"] for wrap in envelope["wraps"]] == [
        secrets[name].kid for name in case["recipients"]
    ], "kids"
    for name, info in zip(case["recipients"], case["info"], strict=True):
        secret = secrets[name]
        assert wrap_info(ctx, secret.kid).hex() == info, "info"
        plaintext = open_envelope(secret, envelope)
        assert len(plaintext) == case["plaintext_len"], "plaintext_len"
        assert sha256(plaintext).hex() == case["plaintext_sha256"], "plaintext_sha256"
        assert "plaintext" not in case or plaintext == case["plaintext"].encode(), "plaintext"
        sealed = ChaCha20Poly1305(expand(cek, b"ssp/1 body")).encrypt(
            bytes(12), pad(plaintext, case["class"]), sha256(ctx)
        )
        assert sealed == unb64(envelope["ct"]), "ct"


def check_changed(case, bases, secrets):
    envelope = copy.deepcopy(bases[case["base"]])
    for step in case["changes"]:
        change(envelope, step)
    try:
        open_envelope(secrets[case["key"]], envelope)
        error = None
    except OpenError as caught:
        error = str(caught)
    assert error == case.get("error"), f"expected {case.get('error')}, got {error}"


def check_vectors(vectors):
    """Yields the name of each case and what is wrong with it, or None."""
    secrets = {}
    for key in vectors["keys"]:
        secret = SecretKey.from_text(key["secret"])
        agrees = (secret.kid, b64(secret.public)) == (key["kid"], key["key"])
        secrets[key["name"]] = secret
        yield f"key {key['name']}", None if agrees else "secret, kid and key do not agree"
    bases = {case["name"]: case["envelope"] for case in vectors["valid"]}
    for kind in ("valid", "invalid", "harmless"):
        for case in vectors[kind]:
            try:
                if kind == "valid":
                    check_valid(case, secrets)
                else:
                    check_changed(case, bases, secrets)
                yield f"{kind} {case['name']}", None
            except (AssertionError, OpenError) as error:
                yield f"{kind} {case['name']}", str(error)


def main(arguments):
    if len(arguments) == 2 and arguments[0] == "vectors":
        with open(arguments[1], encoding="utf-8") as file:
            results = list(check_vectors(json.load(file)))
        failed = [(name, problem) for name, problem in results if problem]
        for name, problem in failed:
            print(f"{name}: {problem}", file=sys.stderr)
        print(f"{len(results) - len(failed)} passed, {len(failed)} failed")
        return 1 if failed else 0
    if len(arguments) == 1 and arguments[0] in ANSWERS:
        for line in sys.stdin:
            print(json.dumps(ANSWERS[arguments[0]](json.loads(line))), flush=True)
        return 0
    print(__doc__, file=sys.stderr)
    return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
