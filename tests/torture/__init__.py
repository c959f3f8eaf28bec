"""Everything is killed, cut off and filled up while people post: what was promised holds."""
