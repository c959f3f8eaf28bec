"""What hostile clients send, and that none of it fails, writes, leaks or costs much."""
