"""What exists: pure declarations and rules, no I/O and no clock."""
