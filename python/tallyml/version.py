"""The SDK's version: always that of the Tally it ships with."""

__version__ = "0.1.0"
