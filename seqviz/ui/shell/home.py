"""Where app.py, its pages and the runs that come with it are."""

from pathlib import Path

PACKAGE = Path(__file__).parents[2]
HOME = next(
    folder for folder in (PACKAGE / "home", PACKAGE.parent) if (folder / "app.py").is_file()
)  # of a wheel; of a checkout
