"""`python -m joinedup`."""

from joinedup.cli import main

if __name__ == "__main__":
    main()
