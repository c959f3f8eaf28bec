"""Afterword's workers: they judge what the service received."""
