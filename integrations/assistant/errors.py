"""Why the assistant did not answer, as typed facts."""


class AssistantError(Exception):
    """No usable answer came."""


class AssistantUnavailable(AssistantError):
    """It cannot be reached, or has no model loaded."""


class AssistantTimeout(AssistantError):
    """It did not answer within its time limit."""


class AssistantRefused(AssistantError):
    """It refused the request, or answered what is not in the contract."""
