"""What may happen next, to whom it applies, by when: approval routes, eligibility rules, calendars."""
