"""What a source is: the registry, feeds, dated files. Local files are read here; no socket is opened."""
