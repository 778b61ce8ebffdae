from datetime import datetime

from pydantic import BaseModel, Field

from ticketing.agents.rules import PASSWORD_MAX_CHARS, Role


class SignIn(BaseModel):
    """An agent's address and password."""

    email: str = Field(max_length=254)
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
