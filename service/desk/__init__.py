"""The moderators' desk: pages over the same actions as the API."""
