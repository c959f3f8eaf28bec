"""The tests, laid out as the code is: service/domain/links.py is tested in service/domain here."""
