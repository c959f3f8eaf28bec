"""Tests of workers/checks."""
