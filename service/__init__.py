"""Afterword's service: receives comments, stores them, decides, and serves what was approved."""
