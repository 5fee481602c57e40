"""What a source is: the registry, feeds, sitemaps, page lists, WARC, dated files. No socket is opened here."""
