from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response

from ticketing.agents.errors import TooManyAttempts, WrongPassword
from ticketing.agents.schemas import AgentShown, SessionOpened, SignIn
from ticketing.agents.service import SignedIn
from ticketing.web.access import Credentials, DeskHere, NotSignedIn, signed_in, source_of
from ticketing.web.problems import responses

router = APIRouter(prefix="/api/sessions", tags=["sessions"])


@router.post("", status_code=201, responses=responses(WrongPassword, TooManyAttempts))
async def sign_in(body: SignIn, desk: DeskHere, request: Request) -> SessionOpened:
    """Sign an agent in; five wrong passwords lock the account from there for 15 minutes."""
    source = desk.source(source_of(request))
    opened = await desk.agents.sign_in(body.email, body.password, source=source)
    agent = _shown(opened.agent)
    return SessionOpened(token=opened.token, expires_at=opened.expires_at, agent=agent)


@router.get("/current", responses=responses(NotSignedIn))
async def current(agent: Annotated[SignedIn, Depends(signed_in)]) -> AgentShown:
    """Say whose session it is."""
    return _shown(agent)


@router.delete("/current", status_code=204, responses=responses(NotSignedIn))
async def sign_out(
    desk: DeskHere, credentials: Credentials, agent: Annotated[SignedIn, Depends(signed_in)]
) -> Response:
    """End the session; its token opens nothing any more."""
    del agent
    if credentials is not None:
        await desk.agents.sign_out(credentials.credentials)
    return Response(status_code=204)


def _shown(agent: SignedIn) -> AgentShown:
    return AgentShown(id=agent.id, email=agent.email, name=agent.name, role=agent.role)
