"""Measurements of the whole service as real processes. `make bench` runs them."""
