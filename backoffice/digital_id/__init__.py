"""The digital ID: issued to whoever registered with their card, checked at facilities, revoked at once."""
