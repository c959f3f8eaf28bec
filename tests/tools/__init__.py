"""Generators of committed tables."""
