"""One verb per function: check access, load, decide, save, audit."""
