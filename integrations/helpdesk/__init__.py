"""The desk as the actions see it: opening tickets, proving who a shopper is."""

from integrations.helpdesk.http import HttpHelpdesk
from integrations.helpdesk.port import Helpdesk
from integrations.settings import Settings


def open_helpdesk(settings: Settings) -> Helpdesk:
    """Return the client of this installation's desk; opens no connection yet."""
    return HttpHelpdesk(settings.desk_url, settings.service_token.get_secret_value())
