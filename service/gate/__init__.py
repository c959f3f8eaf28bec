"""The gate: no more requests inside than can be worked on, and none that waits for its client."""
