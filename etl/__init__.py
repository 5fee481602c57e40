"""Dateline: news in, rows out. The rooms of this package are described in README.md."""

__version__ = "0.1.0"
