from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

from ticketing.text import clean


def _printable(text: str) -> str:
    if clean(text) != text:
        raise ValueError("only printable characters")
    return text


class NewConversation(BaseModel):
    """What the page knows when its visitor opens the chat."""

    locale: str | None = Field(
        None, max_length=64, description="The page's language (BCP 47); ours are zh and en."
    )
    shopper_token: str | None = Field(
        None, max_length=4096, description="JWT by which the shop vouches for its customer."
    )


class ConversationStarted(BaseModel):
    """A conversation and the only copy of its token."""

    conversation: str
    token: str = Field(description="Shown as a bearer token with everything that follows.")


class NewMessage(BaseModel):
    """What the shopper typed or picked: exactly one of `text` and `choice`."""

    model_config = ConfigDict(
        json_schema_extra={"oneOf": [{"required": ["text"]}, {"required": ["choice"]}]}
    )

    external_id: Annotated[str, AfterValidator(_printable)] = Field(
        min_length=1,
        max_length=200,
        description="The client's own id of the message. The same id again is the same message.",
    )
    text: str | None = Field(None, description="At most 2,000 characters; a slash is just a slash.")
    choice: str | None = Field(
        None, max_length=100, description="Id of a choice offered in this conversation."
    )

    @model_validator(mode="after")
    def _one_of_both(self) -> "NewMessage":
        if (self.text is None) == (self.choice is None):
            raise ValueError("give either text or choice")
        return self


class MessageAccepted(BaseModel):
    """The message is stored and will be answered."""

    duplicate: bool = Field(description="It had been accepted before; nothing was done again.")
    message: str = Field(description="The desk's id of the message.")
