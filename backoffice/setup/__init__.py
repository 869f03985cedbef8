"""How a bare machine becomes one that can run and test Gijo.

Everything here runs under the system's own python3, before any environment exists: the standard library only.
"""
