"""Candidate networks: projection, detection, ranking and reasons; pure."""
