"""What French writes and a keyboard does not."""

NBSP = "\N{NO-BREAK SPACE}"
