"""What is a notice, and when may it leave? Wording, reasons, hours, pace; pure."""
