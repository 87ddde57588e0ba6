"""What setuptools does when it builds a wheel: the app goes into it, as ``seqviz/home``."""

import shutil
from pathlib import Path

from setuptools.command.build_py import build_py

HOME = ("app.py", "pages", "pretrained", ".streamlit", "static")  # beside the package in a checkout


class BuildWithApp(build_py):
    """Copies the package, and app.py with all that it needs into it."""

    def run(self) -> None:
        """Build; of an editable installation nothing is copied, since the checkout has it all."""
        super().run()
        if self.editable_mode:
            return
        home = Path(self.build_lib) / "seqviz" / "home"
        shutil.rmtree(home, ignore_errors=True)
        home.mkdir(parents=True)
        for name in HOME:
            source = Path(name)
            if source.is_dir():
                shutil.copytree(source, home / name, ignore=shutil.ignore_patterns("__pycache__"))
            else:
                shutil.copy2(source, home / name)
