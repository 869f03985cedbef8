"""Under which addresses is the digital ID known outside? They stand in every digital ID: changed later, none holds."""

from backoffice.settings import Settings

STATUS_PATH = "/digital-id/status"
CHECK_PATH = "/digital-id/check"


def issuer_of(settings: Settings) -> str:
    """Give the name of the issuer: the gateway, where its keys and the status list are read."""
    return settings.gateway_issuer


def type_of(settings: Settings) -> str:
    return f"{issuer_of(settings)}/digital-id"


def status_list_of(settings: Settings) -> str:
    return f"{issuer_of(settings)}{STATUS_PATH}"


def checker_of(settings: Settings) -> str:
    """Give for whom a holder signs when they stand at a facility's counter."""
    own = settings.public_address or f"http://{settings.host}:{settings.port}"
    return f"{own.rstrip('/')}{CHECK_PATH}"
