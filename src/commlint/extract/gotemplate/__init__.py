"""Templates of Go as Helm uses them, rendered without running anything."""
