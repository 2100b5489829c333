"""Investigation case management and link analysis for Joint Periods of Action."""

__version__ = "0.1.0"
