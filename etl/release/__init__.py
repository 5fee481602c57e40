"""Rows out of the house: tables as files, the data dictionary, citable releases. Pure but for the files it writes."""
