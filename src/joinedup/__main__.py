"""``python -m joinedup``. Python puts the working folder first on the import path: a user's csv.py must not run."""

import sys
from pathlib import Path

sys.path[:] = [entry for entry in sys.path if entry and Path(entry) != Path.cwd()]

from joinedup.cli import main  # noqa: E402

if __name__ == "__main__":
    main()
