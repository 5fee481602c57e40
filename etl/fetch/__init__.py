"""The only room that opens a socket: an address goes in; a `Fetched` comes out, whatever the network does."""
