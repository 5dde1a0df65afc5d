"""Program + library models → operations with their policies, and the code on the ways to them."""
