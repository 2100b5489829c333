"""Figures from outcomes: pure functions over columns, without I/O and without a clock."""
