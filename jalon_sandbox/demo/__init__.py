"""The demonstration: fictional people, a sandbox of the national services, and the product on top."""
