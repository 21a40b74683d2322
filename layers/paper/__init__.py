"""Reports on paper: a document that knows no format, and its writers."""
