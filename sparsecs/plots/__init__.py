"""Pictures: one function each, which takes what was computed and returns the axes it drew on."""
