"""Tokens by which the shop's page says who its signed-in customer is (JWT, HS256)."""

from dataclasses import dataclass
from datetime import datetime, timedelta

import jwt

ALGORITHM = "HS256"
AUDIENCE = "frontdesk"
CLOCK_SKEW = timedelta(seconds=60)
"""How far the shop's clock may be from ours."""
NAME_MAX_CHARS = 200
SECRET_MIN_BYTES = 32
"""RFC 7518 §3.2: a key no shorter than the hash."""


class InvalidShopperToken(Exception):
    """The token is not signed by the shop, not for us, or no longer valid."""


@dataclass(frozen=True, slots=True)
class Shopper:
    """Who the shop's page says it is."""

    customer_id: str
    name: str


def sign(customer_id: str, name: str, *, secret: str, now: datetime, lifetime: timedelta) -> str:
    """Return a token for one customer, valid from `now` for `lifetime`.

    Raises:
        ValueError: the secret is shorter than 32 bytes.
    """
    if len(secret.encode()) < SECRET_MIN_BYTES:
        raise ValueError(f"shopper_token_secret must have at least {SECRET_MIN_BYTES} bytes")
    claims = {
        "sub": customer_id,
        "name": name,
        "aud": AUDIENCE,
        "iat": int(now.timestamp()),
        "exp": int((now + lifetime).timestamp()),
    }
    return jwt.encode(claims, secret, algorithm=ALGORITHM)


def verify(token: str, *, secret: str, now: datetime) -> Shopper:
    """Return who the token is for.

    Raises:
        InvalidShopperToken: signature, audience, times or claims are wrong, or no secret is set.
    """
    if len(secret.encode()) < SECRET_MIN_BYTES:
        raise InvalidShopperToken("no usable secret")
    try:
        # Times are checked below against the caller's clock.
        claims = jwt.decode(
            token,
            secret,
            algorithms=[ALGORITHM],
            audience=AUDIENCE,
            options={
                "require": ["sub", "iat", "exp", "aud"],
                "verify_exp": False,
                "verify_iat": False,
                "verify_nbf": False,
            },
        )
    except (jwt.InvalidTokenError, ValueError) as error:
        raise InvalidShopperToken(type(error).__name__) from None
    issued, expires = claims["iat"], claims["exp"]
    for moment in (issued, expires):
        if isinstance(moment, bool) or not isinstance(moment, int | float):
            raise InvalidShopperToken("a time that is no number")
    seconds = now.timestamp()
    if seconds > expires + CLOCK_SKEW.total_seconds():
        raise InvalidShopperToken("expired")
    if seconds < issued - CLOCK_SKEW.total_seconds():
        raise InvalidShopperToken("not yet valid")
    customer_id = claims["sub"]
    if not isinstance(customer_id, str) or not 0 < len(customer_id) <= NAME_MAX_CHARS:
        raise InvalidShopperToken("no customer")
    name = claims.get("name", "")
    return Shopper(customer_id, name[:NAME_MAX_CHARS] if isinstance(name, str) else "")
