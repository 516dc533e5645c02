"""Does anything of a place reach somebody of another? Asked of every address and command, by content."""
