"""The city's edge, played: a mail server, LINE, and the phones of invented residents behind them."""
