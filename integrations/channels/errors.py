"""What goes wrong between the desk and a messaging channel, as typed facts."""


class ChannelError(Exception):
    """Something is wrong with a channel."""


class BadSignature(ChannelError):
    """A webhook call was not signed by the channel, or too long ago."""


class UnreadableWebhook(ChannelError):
    """A webhook call was signed, and yet its body says nothing we know."""


class ChannelUnavailable(ChannelError):
    """The channel did not take a message now; it may later."""


class ChannelRefused(ChannelError):
    """The channel will never take this message."""
