"""The rules. No framework, no database, no network in here."""
