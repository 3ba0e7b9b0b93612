"""`python -m forcewire` is `forcewire`."""

from forcewire.cli import main

if __name__ == "__main__":
    main()
