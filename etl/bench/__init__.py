"""Measuring speed: each step's time as a ratio to a raw limit, both taken in one run on the same made-up data."""
