"""Who may do what at the desk, and what a password must be. Pure."""

import re
from datetime import timedelta
from enum import StrEnum

from ticketing.lockout.rules import Limit

SESSION = timedelta(hours=12)
"""A working day, breaks included."""
PASSWORD_MIN_CHARS = 10
PASSWORD_MAX_CHARS = 200
"""Hashing costs grow with it."""
ACCOUNT_LIMIT = Limit(5, timedelta(minutes=15))
"""Per account and address together: nobody locks an agent out from elsewhere."""
SOURCE_LIMIT = Limit(30, timedelta(minutes=15))
"""Per address, over all accounts: an office shares one."""

_EMAIL = re.compile(r"[^@\s]{1,64}@[^@\s]+\.[^@\s]+")


class Role(StrEnum):
    """What a person is at the desk; each may do what those before may."""

    AGENT = "agent"
    SUPERVISOR = "supervisor"
    ADMINISTRATOR = "administrator"


def normal_email(email: str) -> str:
    """Return an address as it is stored and compared."""
    return email.strip().lower()


def is_email(email: str) -> bool:
    """Tell whether it has the form of an address; only a mail proves more."""
    return len(email) <= 254 and _EMAIL.fullmatch(email) is not None


def password_fault(password: str, email: str) -> str | None:
    """Say what is wrong with a new password; nothing when it will do."""
    if not PASSWORD_MIN_CHARS <= len(password) <= PASSWORD_MAX_CHARS:
        return f"a password has {PASSWORD_MIN_CHARS} to {PASSWORD_MAX_CHARS} characters"
    if password.lower() in {email, email.partition("@")[0]}:
        return "a password is not the name it belongs to"
    return None
