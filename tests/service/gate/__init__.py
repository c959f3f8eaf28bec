"""Tests of service/gate."""
