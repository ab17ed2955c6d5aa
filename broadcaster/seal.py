"""Seals: what this station has written down itself, and nobody behind its back.

The key lies beside the log book, not in it: whoever can write rows cannot make a seal.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import os
import secrets
from contextlib import suppress

from broadcaster.home import Home


def sealed(key: bytes, *parts: object) -> str:
    """Return the seal (HMAC-SHA-256, hex) of some values that JSON can hold."""
    return hmac.new(key, json.dumps(parts, ensure_ascii=False).encode(), hashlib.sha256).hexdigest()


def fits(seal: str | None, key: bytes, *parts: object) -> bool:
    """Return whether a seal was made of these values with this key."""
    return seal is not None and hmac.compare_digest(seal.encode(), sealed(key, *parts).encode())


def secret_key(home: Home) -> bytes:
    """Return the station's key; made once. On a disk that cannot be written it lasts as long as this process."""
    for _ in range(2):
        known: bytes | None = None
        with suppress(OSError):
            known = home.secret_key.read_bytes()
        if known is not None and len(known) >= _LENGTH:
            return known
        made = secrets.token_bytes(_LENGTH)
        if _kept(home, made, replace=known is not None):
            return made
    return made


_LENGTH = 32


def _kept(home: Home, made: bytes, *, replace: bool) -> bool:
    """Two processes may start at once: only one of them makes the key."""
    draft = home.secret_key.with_suffix(f".{os.getpid()}")
    try:
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
            file.write(made)
        if replace:
            draft.replace(home.secret_key)
        else:
            os.link(draft, home.secret_key)
    except OSError:
        return False
    finally:
        draft.unlink(missing_ok=True)
    return True
