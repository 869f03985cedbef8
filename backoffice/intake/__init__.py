"""Paper comes in: scans are received, read, checked by people where the reading is doubtful, and settled."""
