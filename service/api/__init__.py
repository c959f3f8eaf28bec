"""All HTTP that answers JSON."""
