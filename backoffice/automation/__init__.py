"""Records are keyed into other people's systems at night: target systems, accounts, nights, records and their proof."""
