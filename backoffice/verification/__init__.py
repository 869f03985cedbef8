"""Checking in volume: the same field of many sheets in a row, blind samples of what passed, the ledger of both."""
