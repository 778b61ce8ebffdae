"""The desk's client held to the desk's documented payloads, and to what it may repeat."""

import json
from collections.abc import Callable
from dataclasses import asdict
from datetime import UTC, datetime

import httpx
import pytest

from integrations.helpdesk.errors import HelpdeskRefused, HelpdeskTimeout, HelpdeskUnavailable
from integrations.helpdesk.fake import FakeHelpdesk
from integrations.helpdesk.http import HttpHelpdesk
from integrations.helpdesk.models import (
    EmailProof,
    IdentityCheck,
    PhoneProof,
    ProvenIdentity,
    Reason,
    Ticket,
    TicketRequest,
)

REQUEST = TicketRequest(
    conversation="c-1",
    turn="m-9",
    reason=Reason.ASKED_FOR_PERSON,
    language="zh",
    intent="track_parcel",
    summary="盒子破了",
    slots={"order_number": "FD1"},
    order_number="FD1",
    order_snapshot={"type": "order"},
    understanding={"intent": "request_human"},
)
CREATED = {"number": 12, "state": "new", "position": 3}

Handler = Callable[[httpx.Request], httpx.Response]


class Desk:
    """Answers by a list of handlers, one a request, and keeps what was asked."""

    def __init__(self, *handlers: Handler) -> None:
        self.handlers = list(handlers)
        self.requests: list[httpx.Request] = []
        self.pauses: list[float] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.requests.append(request)
        return self.handlers[min(len(self.requests), len(self.handlers)) - 1](request)

    async def sleep(self, seconds: float) -> None:
        self.pauses.append(seconds)

    def client(self) -> HttpHelpdesk:
        transport = httpx.MockTransport(self)
        return HttpHelpdesk("http://desk", "secret", transport=transport, sleep=self.sleep)


def answers(status: int, body: object) -> Handler:
    return lambda _request: httpx.Response(status, json=body)


def fails(error: type[httpx.TransportError]) -> Handler:
    def handler(request: httpx.Request) -> httpx.Response:
        raise error("no", request=request)

    return handler


@pytest.mark.parametrize(
    "failure", [fails(httpx.ReadTimeout), fails(httpx.ReadError), answers(503, {})]
)
async def test_a_ticket_is_tried_twice_since_its_key_makes_that_harmless(failure):
    desk = Desk(failure, answers(200, CREATED))
    assert await desk.client().open_ticket(REQUEST) == Ticket(12, "new", 3)
    keys = {request.headers["Idempotency-Key"] for request in desk.requests}
    assert keys == {"m-9"}
    assert len(desk.requests) == 2
    assert len(desk.pauses) == 1


@pytest.mark.parametrize(
    "failure", [fails(httpx.ReadTimeout), fails(httpx.ReadError), answers(503, {})]
)
async def test_a_proof_once_sent_is_never_sent_again_since_every_check_counts(failure):
    desk = Desk(failure)
    with pytest.raises(HelpdeskUnavailable):
        await desk.client().check_identity("c-1", "FD1", PhoneProof("5678"))
    assert len(desk.requests) == 1


async def test_a_proof_that_never_arrived_is_sent_again():
    verified = {"verified": True, "identity": {"customer_id": "C", "orders": ["FD1"]}}
    desk = Desk(fails(httpx.ConnectError), answers(200, verified))
    check = await desk.client().check_identity("c-1", "FD1", PhoneProof("5678"))
    assert check == IdentityCheck(ProvenIdentity("C", ("FD1",)))


@pytest.mark.parametrize(
    ("failure", "error"),
    [
        (fails(httpx.ReadTimeout), HelpdeskTimeout),
        (fails(httpx.ConnectTimeout), HelpdeskUnavailable),
        (fails(httpx.ConnectError), HelpdeskUnavailable),
        (answers(500, {}), HelpdeskUnavailable),
        (answers(201, {"number": "twelve"}), HelpdeskUnavailable),
        (lambda _request: httpx.Response(201, text="<html>"), HelpdeskUnavailable),
    ],
)
async def test_a_desk_that_fails_both_times_is_a_typed_fact(failure, error):
    with pytest.raises(error):
        await Desk(failure).client().open_ticket(REQUEST)


@pytest.mark.parametrize(
    ("response", "kind"),
    [
        (answers(409, {"type": "urn:frontdesk:closed"}), "urn:frontdesk:closed"),
        (answers(422, ["no problem document"]), "about:blank"),
        (lambda _request: httpx.Response(404, text="not found"), "about:blank"),
    ],
)
async def test_a_refusal_carries_the_problems_type_and_is_not_repeated(response, kind):
    desk = Desk(response)
    with pytest.raises(HelpdeskRefused) as refused:
        await desk.client().open_ticket(REQUEST)
    assert refused.value.kind == kind
    assert len(desk.requests) == 1


async def test_the_ticket_is_posted_as_the_desk_documents_it():
    desk = Desk(answers(201, CREATED))
    await desk.client().open_ticket(REQUEST)
    request = desk.requests[0]
    assert (request.method, request.url.path) == ("POST", "/api/tickets")
    assert request.headers["Authorization"] == "Bearer secret"
    assert json.loads(request.content) == {
        "conversation": "c-1",
        "turn": "m-9",
        "reason": "asked_for_person",
        "language": "zh",
        "intent": "track_parcel",
        "summary": "盒子破了",
        "slots": {"order_number": "FD1"},
        "order_number": "FD1",
        "order_snapshot": {"type": "order"},
        "understanding": {"intent": "request_human"},
        "failed_action": None,
    }


@pytest.mark.parametrize(
    ("proof", "given"),
    [
        (PhoneProof("5678"), {"phone_last4": "5678"}),
        (EmailProof("m-3"), {"email_message": "m-3"}),
    ],
)
async def test_a_proof_is_posted_as_the_desk_documents_it(proof, given):
    desk = Desk(answers(200, {"verified": False, "locked_until": None, "identity": None}))
    assert await desk.client().check_identity("c-1", "FD1", proof) == IdentityCheck(None)
    request = desk.requests[0]
    assert request.url.path == "/api/conversations/c-1/identity"
    assert json.loads(request.content) == {"order_number": "FD1", **given}


async def test_a_lock_is_read_with_its_end():
    body = {"verified": False, "locked_until": "2026-11-23T02:15:00+00:00", "identity": None}
    check = await Desk(answers(200, body)).client().check_identity("c", "FD1", PhoneProof("1111"))
    assert check.locked_until == datetime(2026, 11, 23, 2, 15, tzinfo=UTC)


async def test_an_identity_without_a_verdict_opens_nothing():
    body = {"verified": False, "identity": {"customer_id": "C", "orders": None}}
    check = await Desk(answers(200, body)).client().check_identity("c", "FD1", PhoneProof("1111"))
    assert check.identity is None


async def test_the_fake_gives_one_conversation_one_ticket():
    desk = FakeHelpdesk()
    first = await desk.open_ticket(REQUEST)
    again = await desk.open_ticket(TicketRequest(**{**asdict(REQUEST), "turn": "m-10"}))
    assert again.number == first.number
