"""One file per format: how an edit is made in a file around the code."""
