"""To whom does a program apply? Rules over residents' facts: one tree, several readings, four verdicts.

Only this package knows numpy, polars and ibis on the side of the rules. Connections and snapshots are handed in.
"""
