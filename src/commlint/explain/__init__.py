"""What one line of code was understood to be, and how."""
