"""The statistical filter: it judges how much a comment is like spam, says why, and learns."""
