from datetime import datetime
from typing import Annotated

from pydantic import AfterValidator, BaseModel, Field

from ticketing.agents.rules import PASSWORD_MAX_CHARS, Role
from ticketing.text import clean


class SignIn(BaseModel):
    """An agent's address and password."""

    email: Annotated[str, AfterValidator(clean)] = Field(max_length=254)
    password: str = Field(max_length=PASSWORD_MAX_CHARS)


class AgentShown(BaseModel):
    """A person at the desk."""

    id: str
    email: str
    name: str
    role: Role


class SessionOpened(BaseModel):
    """The session's token; it is not shown again."""

    token: str
    expires_at: datetime
    agent: AgentShown
