"""What comes by mail: letters with attachments, sorted by the rules of departments, taken in, printed, passed on."""
