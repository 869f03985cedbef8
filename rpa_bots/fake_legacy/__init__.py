"""What does an old system look like to a bot? 就学援助システム, a separate program the demonstration city keys into."""
