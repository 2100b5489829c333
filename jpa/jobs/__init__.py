"""Durable jobs: thin wrappers of service calls, run by the worker with the asker's rights; no step lost, none doubled."""
