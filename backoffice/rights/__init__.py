"""What a person may ask about what is held of them: to see it, to have it corrected, to have its use stopped."""
