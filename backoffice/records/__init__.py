"""Every form's own list: records entered, found, changed by the many, taken in from files, counted, written out."""
