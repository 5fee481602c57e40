"""The gazetteer, and the places a text speaks of: text in, mentions with a place or an honest null out."""
