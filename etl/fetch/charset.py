"""Bytes and a Content-Type go in; text comes out. The rules stand in `sources`, which reads feeds by them too."""

from etl.sources.charset import decode

__all__ = ["decode"]
