"""`python -m commlint`."""

from commlint.cli import main

if __name__ == "__main__":
    main()
