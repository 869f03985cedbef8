"""What flows to which other system, why, on what ground, for how long: agreements, approved and shut by people."""
