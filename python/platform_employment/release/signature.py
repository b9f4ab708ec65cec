"""Ed25519 signature of a manifest, in a DSSE envelope that other in-toto tools read too.

The signature is over "DSSEv1 <length of type> <type> <length of payload> <payload>", lengths in
bytes as decimal text (https://github.com/secure-systems-lab/dsse, protocol.md).
"""

from __future__ import annotations

import base64
import hashlib
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from platform_employment.release.errors import ReleaseError
from platform_employment.release.export import json_bytes

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import (
        Ed25519PrivateKey,
        Ed25519PublicKey,
    )

PAYLOAD_TYPE = "application/vnd.in-toto+json"


def read_private_key(path: Path) -> Ed25519PrivateKey:
    """Read a private key from a PEM file without a password.

    Raises ReleaseError when it is something else.
    """
    from cryptography.hazmat.primitives.asymmetric.ed25519 import (  # noqa: PLC0415  slow
        Ed25519PrivateKey,
    )
    from cryptography.hazmat.primitives.serialization import (  # noqa: PLC0415
        load_pem_private_key,
    )

    key = _load(path, lambda data: load_pem_private_key(data, password=None))
    if not isinstance(key, Ed25519PrivateKey):
        raise ReleaseError(f"{path}: not an Ed25519 private key in PEM without a password")
    return key


def read_public_key(path: Path) -> Ed25519PublicKey:
    """Read a public key from a PEM file. Raises ReleaseError when it is something else."""
    from cryptography.hazmat.primitives.asymmetric.ed25519 import (  # noqa: PLC0415  slow
        Ed25519PublicKey,
    )
    from cryptography.hazmat.primitives.serialization import (  # noqa: PLC0415
        load_pem_public_key,
    )

    key = _load(path, load_pem_public_key)
    if not isinstance(key, Ed25519PublicKey):
        raise ReleaseError(f"{path}: not an Ed25519 public key in PEM")
    return key


def sign(payload: bytes, key: Ed25519PrivateKey) -> bytes:
    """Give the envelope of a payload."""
    signature = key.sign(_pre_authentication(payload))
    return json_bytes(
        {
            "payloadType": PAYLOAD_TYPE,
            "payload": base64.b64encode(payload).decode(),
            "signatures": [
                {"keyid": key_id(key.public_key()), "sig": base64.b64encode(signature).decode()}
            ],
        }
    )


def check(envelope: bytes, payload: bytes, key: Ed25519PublicKey | None) -> str | None:
    """Say what is wrong with the envelope of a payload; None when nothing is.

    key: the key that must have signed; without one only the payload is compared.
    """
    from cryptography.exceptions import InvalidSignature  # noqa: PLC0415  slow

    try:
        content = json.loads(envelope)
        if content["payloadType"] != PAYLOAD_TYPE:
            return "the envelope is not that of an in-toto statement"
        if base64.b64decode(content["payload"], validate=True) != payload:
            return "the signed text is not the manifest"
        signatures = [
            base64.b64decode(entry["sig"], validate=True) for entry in content["signatures"]
        ]
    except (ValueError, KeyError, TypeError, RecursionError):
        return "the envelope cannot be read"
    if key is None:
        return None
    for signature in signatures:
        try:
            key.verify(signature, _pre_authentication(payload))
        except InvalidSignature:
            continue
        return None
    return "not signed with this key"


def key_id(key: Ed25519PublicKey) -> str:
    """Name a key by the SHA-256 of its 32 bytes."""
    return hashlib.sha256(key.public_bytes_raw()).hexdigest()


def _pre_authentication(payload: bytes) -> bytes:
    kind = PAYLOAD_TYPE.encode()
    return b"DSSEv1 %d %b %d %b" % (len(kind), kind, len(payload), payload)


def _load(path: Path, loader: Any) -> object:
    from cryptography.exceptions import UnsupportedAlgorithm  # noqa: PLC0415  slow

    try:
        key: object = loader(path.read_bytes())
    except OSError as error:
        raise ReleaseError(f"{path}: the key cannot be read: {error.strerror}") from None
    except (ValueError, TypeError, UnsupportedAlgorithm):
        return None
    return key
