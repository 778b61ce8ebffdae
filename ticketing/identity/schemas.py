from datetime import datetime
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, model_validator


class Proof(BaseModel):
    """An order number and one fact that stands on that order."""

    model_config = ConfigDict(
        json_schema_extra={
            "oneOf": [{"required": ["phone_last4"]}, {"required": ["email_message"]}]
        }
    )

    order_number: str = Field(min_length=1, max_length=64)
    phone_last4: str | None = Field(None, max_length=32)
    email_message: str | None = Field(
        None,
        max_length=64,
        description="Id of the shopper's message that holds the e-mail address.",
    )

    @model_validator(mode="after")
    def _one_of_both(self) -> "Proof":
        if (self.phone_last4 is None) == (self.email_message is None):
            raise ValueError("give either phone_last4 or email_message")
        return self


class Checked(BaseModel):
    """The result; a refusal never says which part was wrong, or whether the order exists."""

    verified: bool
    locked_until: datetime | None = Field(
        description="While it lasts, nothing is checked for this conversation and source."
    )
    identity: dict[str, Any] | None = Field(
        description="`customer_id`, and the orders it opens: a list, or null for all."
    )
