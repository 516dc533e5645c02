"""The one generator of large bases: fictional people by the thousand, written by COPY with their history."""
