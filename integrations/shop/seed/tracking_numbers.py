"""Tracking numbers that look right: each carrier's own length, prefix and check digit."""

from random import Random

_UPS_LETTERS = {letter: (at + 2) % 10 for at, letter in enumerate("ABCDEFGHIJKLMNOPQRSTUVWXYZ")}


def _digits(rng: Random, count: int) -> str:
    return "".join(rng.choices("0123456789", k=count))


def ups_check_digit(body: str) -> str:
    """Return the check digit of the 15 characters after `1Z` (letters count as digits)."""
    values = [_UPS_LETTERS[c] if c.isalpha() else int(c) for c in body]
    total = sum(values[::2]) + 2 * sum(values[1::2])
    return str(-total % 10)


def fedex_check_digit(body: str) -> str:
    """Return the check digit of an 11-digit FedEx Express body: weights 3, 1, 7; modulo 11."""
    total = sum(int(digit) * (3, 1, 7)[at % 3] for at, digit in enumerate(body))
    return str(total % 11 % 10)


def usps_check_digit(body: str) -> str:
    """Return the check digit of a 21-digit USPS body: weights 3 and 1 from the right; modulo 10."""
    total = sum(int(digit) * (3, 1)[at % 2] for at, digit in enumerate(reversed(body)))
    return str(-total % 10)


def dhl_check_digit(body: str) -> str:
    """Return the check digit of a 9-digit DHL waybill body: the body modulo 7."""
    return str(int(body) % 7)


def tracking_number(carrier: str, rng: Random) -> str:
    """Return a number in the form of `carrier`.

    Raises:
        KeyError: the carrier's form is not known here.
    """
    match carrier:
        case "sf":
            return f"SF1{_digits(rng, 12)}"
        case "yto":
            return f"YT{rng.choice('2468')}{_digits(rng, 12)}"
        case "zto":
            return f"7{rng.choice('3578')}{_digits(rng, 12)}"
        case "jd":
            return f"JDVA{_digits(rng, 11)}"
        case "ups":
            shipper = "".join(rng.choices("ABCEFHRTVWXY0123456789", k=6))
            body = f"{shipper}{rng.choice(('03', '12', '68'))}{_digits(rng, 7)}"
            return f"1Z{body}{ups_check_digit(body)}"
        case "fedex":
            body = f"{rng.choice('789')}{_digits(rng, 10)}"
            return body + fedex_check_digit(body)
        case "usps":
            body = f"94001{_digits(rng, 16)}"
            return body + usps_check_digit(body)
        case "dhl":
            body = f"{rng.choice('123456789')}{_digits(rng, 8)}"
            return body + dhl_check_digit(body)
    raise KeyError(carrier)
