"""Durable jobs: thin wrappers around one service call each."""
