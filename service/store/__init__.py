"""All SQL. Nothing in here commits: the actions do."""
