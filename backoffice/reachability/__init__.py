"""Who can be reached, and what did people stop? Whoever sends asks here first; links in messages and LINE lead here."""
