"""Addresses and texts go in; what is the same page, the same text, a copy or another report comes out."""
